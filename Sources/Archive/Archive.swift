import Foundation

/// Everything that a department must not lose: studies, their files, readings, jobs, users, the audit trail.
///
/// What a call acknowledges is on the disk: a machine that loses its power the moment after still has it. All methods may be called from many tasks at
/// once. Each is one transaction: it happens whole or not at all. Times are kept in whole milliseconds.
///
/// A store behind it has to pass the tests in `ArchiveConformance`.
public protocol Archive: DeliveryArchive, ClinicalArchive {
    /// The bytes as they were received.
    var content: ContentStore { get }

    // MARK: Studies

    /// Indexes an instance whose bytes lie in `content` already, makes its study where there is none, and notes the job of reading it.
    /// - Parameters:
    ///   - study: What is known of the study from this instance. Of a study that exists, what is missing is filled in, and nothing is changed; its
    ///     counts and views are the archive's to keep.
    ///   - jobKind: What is to be done with it; `nil` for nothing.
    ///   - standing: Where the study stands then.
    func register(
        _ instance: Instance, in study: Study, jobKind: String?, standing: @escaping @Sendable (StudyState) -> Standing
    ) async throws -> Registration

    /// - Throws: `ArchiveError` of code `invalidCursor` where `query.after` is no page's `next`.
    func worklist(_ query: WorklistQuery) async throws -> WorklistPage
    /// How many studies there are of each status.
    func statusCounts() async throws -> [StudyStatus: Int]
    func study(_ id: StudyID) async throws -> Study?
    /// Other studies of the same patient (same Patient ID and issuer), newest first; none where there is no Patient ID. A study without a date is as old
    /// as the day on which it came.
    func priors(of study: StudyID, limit: Int) async throws -> [Study]
    /// In the order in which they came.
    func instances(of study: StudyID) async throws -> [Instance]
    func instance(_ id: InstanceID) async throws -> Instance?
    /// By its SOP Instance UID.
    func instance(sopInstanceUID: String) async throws -> Instance?
    /// Changes what a person may change.
    /// - Throws: `ArchiveError` of code `notFound`.
    func update(
        _ study: StudyID, urgency: StudyUrgency?, protocolName: String?, standing: @escaping @Sendable (StudyState) -> Standing
    ) async throws
    /// Says anew where every open study stands, as after a change of the protocols. In several transactions, so that images can come in between:
    /// each study is changed as a whole.
    func updateStandings(_ standing: @escaping @Sendable (StudyState) -> Standing) async throws

    // MARK: Readings

    /// Adds a reading.
    ///
    /// A model's reading of an instance that the same model (by digest) has read already is not added twice: the earlier one's number is returned, and
    /// the job is done whoever has it. One that says why the image could not be read does not count as having read it. A person's reading takes the
    /// person's draft away.
    /// - Parameters:
    ///   - job: The job that is done thereby; it must be leased by `owner`.
    ///   - onlyAfterLatest: Whether it must be based on the study's latest reading (on none where there is none).
    ///   - followUp: The kind of a job that is noted with it, about this reading; `nil` for none.
    /// - Returns: Its number.
    /// - Throws: `ArchiveError` of code `newerReading`, `leaseLost` or `notFound` (study or image); nothing is saved then.
    func add(
        _ reading: Reading, completing job: (id: Int64, owner: String)?, onlyAfterLatest: Bool, followUp: String?,
        standing: @escaping @Sendable (StudyState) -> Standing
    ) async throws -> Int64
    /// Notes that a job is done that changes nothing else.
    /// - Throws: `ArchiveError` of code `leaseLost`.
    func completeJob(_ job: Int64, owner: String) async throws
    /// All of a study, oldest first.
    func readings(of study: StudyID) async throws -> [Reading]

    func draft(of study: StudyID, by user: String) async throws -> ReviewDraft?
    /// - Parameter draft: `nil` to remove it.
    func setDraft(_ draft: ReviewDraft?, of study: StudyID, by user: String) async throws

    // MARK: Jobs

    /// Takes the job that is due first, of those that wait and may be tried, or whose lease has run out.
    func claimJob(kind: String, owner: String, until leaseEnds: Date, now: Date) async throws -> Job?
    /// - Returns: Whether the lease was still the owner's.
    func renewLease(of job: Int64, owner: String, until leaseEnds: Date) async throws -> Bool
    /// Notes that a job did not work out, to be tried again at `nextTry`, or never where that is `nil`.
    /// - Throws: `ArchiveError` of code `leaseLost`.
    func failJob(
        _ job: Int64, owner: String, reason: String, nextTry: Date?, standing: @escaping @Sendable (StudyState) -> Standing
    ) async throws
    /// Gives back jobs that an owner holds; all owners' where it is `nil`, as when this is the only program at work.
    func releaseJobs(of owner: String?) async throws
    /// Those that are due first come first.
    func jobs(state: Job.State?, study: StudyID?, limit: Int) async throws -> [Job]
    func jobCount(state: Job.State) async throws -> Int
    /// Tries a job again from the beginning that has failed, was dismissed, or waits for its next try. One that runs or is done is left as it is.
    /// - Throws: `ArchiveError` of code `notFound`.
    func retryJob(_ id: Int64, now: Date, standing: @escaping @Sendable (StudyState) -> Standing) async throws
    /// Notes that a person has dealt with a job that had failed.
    /// - Throws: `ArchiveError` of code `notFound` where there is no such job, or it has not failed.
    func dismissJob(_ id: Int64, standing: @escaping @Sendable (StudyState) -> Standing) async throws

    // MARK: Who may

    func users() async throws -> [User]
    func user(_ name: String) async throws -> User?
    /// - Throws: `ArchiveError` of code `exists` where there is one of that name.
    func addUser(_ user: User) async throws
    func updateUser(_ user: User) async throws
    /// Who uses a session has to look when it ends: it may still be there afterwards.
    func addSession(_ session: UserSession) async throws
    func session(tokenDigest: String) async throws -> UserSession?
    func touchSession(tokenDigest: String, lastUsed: Date, ends: Date) async throws
    func endSession(tokenDigest: String) async throws
    /// Ends all of a user, but for one.
    func endSessions(of user: String, except tokenDigest: String?) async throws
    /// And links.
    func removeEndedSessions(now: Date) async throws
    /// A link that works once, by the digest of its token.
    func addOneTimeLink(tokenDigest: String, ends: Date) async throws
    /// - Returns: Whether it was there and had not ended; it is gone then.
    func redeemOneTimeLink(tokenDigest: String, now: Date) async throws -> Bool

    // MARK: Settings and audit

    /// JSON by name, such as the site's settings or a user's preferences.
    func setting(_ name: String) async throws -> Data?
    func setSetting(_ name: String, _ value: Data?) async throws

    /// Adds entries to the chain, in their order, and waits until they are on the disk.
    func appendAudit(_ events: [AuditEvent]) async throws
    /// Newest first.
    /// - Parameters:
    ///   - before: Only entries with smaller numbers.
    func auditEntries(user: String?, study: StudyID?, before: Int64?, limit: Int) async throws -> [AuditEntry]
    /// The number of the first entry that is not as it was written; `nil` where all are.
    func firstBrokenAuditEntry() async throws -> Int64?

    /// Bytes of all files that were received or made of readings since a time, and when the first of them came; `nil` where none did.
    func receivedBytes(since: Date) async throws -> (bytes: Int, since: Date?)

    /// What other programs on the same archive do, as they tell it; `nil` of a store that has no word of it. Some of it may be missed: who listens asks by itself,
    /// too.
    func notices() -> AsyncStream<ArchiveNotice>?

    /// Whether the store's own structure is whole; a line for each fault.
    func structuralFaults() async throws -> [String]
    /// Every instance, in batches, in no particular order.
    func instances(after: InstanceID?, limit: Int) async throws -> [Instance]
}

extension Archive {
    /// Adds a reading that nothing follows.
    public func add(
        _ reading: Reading, completing job: (id: Int64, owner: String)?, onlyAfterLatest: Bool,
        standing: @escaping @Sendable (StudyState) -> Standing
    ) async throws -> Int64 {
        try await add(reading, completing: job, onlyAfterLatest: onlyAfterLatest, followUp: nil, standing: standing)
    }
}

extension Archive {
    public func notices() -> AsyncStream<ArchiveNotice>? { nil }
}

/// What a program on the same archive did.
public enum ArchiveNotice: Hashable, Sendable {
    /// There is a job of this kind to be done.
    case job(kind: String)
    /// A study stands elsewhere now.
    case study(StudyID)
}

/// What is to be noted in the audit trail.
public struct AuditEvent: Hashable, Sendable {
    public var time: Date
    public var user: String
    public var action: String
    public var study: StudyID?
    public var detail: String

    public init(time: Date = Date(), user: String, action: String, study: StudyID? = nil, detail: String = "") {
        (self.time, self.user, self.action, self.study, self.detail) = (time, user, action, study, detail)
    }
}

/// All that decides where a study stands.
public struct StudyState: Sendable {
    /// Its standing is the one before.
    public var study: Study
    /// In the order in which they came.
    public var instances: [InstanceID]
    /// The latest of the model for each instance that has one.
    public var modelReadings: [InstanceID: Reading]
    /// Oldest first.
    public var personReadings: [Reading]
    /// Jobs of the study that are not done: waiting, running or failed.
    public var openJobs: [Job]

    public init(
        study: Study, instances: [InstanceID], modelReadings: [InstanceID: Reading], personReadings: [Reading], openJobs: [Job]
    ) {
        (self.study, self.instances, self.modelReadings) = (study, instances, modelReadings)
        (self.personReadings, self.openJobs) = (personReadings, openJobs)
    }
}

/// Which studies are wanted.
public struct WorklistQuery: Hashable, Sendable {
    public enum FindingFilter: Hashable, Sendable {
        case any
        /// Nothing found, by a study that was read.
        case none
        case label(String)
    }

    /// Empty for all.
    public var statuses: Set<StudyStatus>
    /// Words of which each must be the beginning of a word of the patient's name, the Patient ID, the accession number, the description or a file's name,
    /// whatever their case and accents. A word is letters and digits between anything else, so signs alone ask for nothing; of more than 64 different words
    /// only the first ones count.
    public var words: String
    public var finding: FindingFilter
    /// Where the page before ended: its `next`.
    public var after: String?
    public var limit: Int

    public init(
        statuses: Set<StudyStatus> = [], words: String = "", finding: FindingFilter = .any, after: String? = nil, limit: Int = 50
    ) {
        (self.statuses, self.words, self.finding, self.after, self.limit) = (statuses, words, finding, after, limit)
    }
}

/// Some studies in the order of the worklist: open ones by due date, then signed ones, latest first; of two at the same time the one that came first.
public struct WorklistPage: Hashable, Sendable {
    public var studies: [Study]
    /// Where the next page begins; `nil` behind the last.
    public var next: String?

    public init(studies: [Study], next: String?) { (self.studies, self.next) = (studies, next) }
}
