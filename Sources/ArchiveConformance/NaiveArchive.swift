import Archive
import Foundation
import Results

/// The archive in its plainest form: arrays in memory, every answer by looking at all there is. It is the measure for those that are fast and keep
/// things, and serves tests that need no disk.
public actor NaiveArchive: Archive {
    public nonisolated let content: ContentStore
    /// In the order in which they came; so are all others.
    var studies: [Study] = []
    var instances: [Instance] = []
    var readings: [Reading] = []
    var jobs: [Job] = []
    private var drafts: [String: ReviewDraft] = [:]
    private var accounts: [String: User] = [:]
    private var sessions: [String: UserSession] = [:]
    private var links: [String: Date] = [:]
    private var settings: [String: Data] = [:]
    private var audit: [AuditEntry] = []
    var files: [ResultFile] = []
    var sendings: [Delivery] = []
    var orders: [ClinicalOrder] = []
    var merges: [NaiveMerge] = []
    var changes: [(change: PatientChange, merge: Int?)] = []
    var messages: Set<MessageKey> = []

    public init(folder: URL) throws { content = try ContentStore(folder: folder) }

    // MARK: Studies

    public func register(
        _ instance: Instance, in study: Study, jobKind: String?, standing: @escaping @Sendable (StudyState) -> Standing
    ) throws -> Registration {
        guard instance.study == study.id else { throw ArchiveError(.cannotWrite, "the instance is of another study") }
        if instances.contains(where: { $0.id == instance.id }) { return .duplicate }
        if let other = instances.first(where: { $0.sopInstanceUID == instance.sopInstanceUID }) {
            return other.digest == instance.digest ? .duplicate : .conflict
        }
        if !studies.contains(where: { $0.id == study.id }) {
            var new = study
            (new.views, new.instanceCount, new.firstInstance, new.signedBy, new.signed, new.revision) = ([], 0, nil, nil, nil, nil)
            var steps: [(merge: Int, before: PatientIdentity)] = []
            while steps.count < 32, let merge = merge(of: new.patient) {
                steps.append((merge, new.patient))
                new.patient = merges[merge].surviving.filled(from: new.patient)
            }
            if latestOrder(for: new)?.urgency == .stat { new.urgency = .stat }
            studies.append(new)
            for (step, after) in zip(steps, steps.dropFirst().map(\.before) + [new.patient]) {
                note(new.id, from: step.before, to: after, merge: step.merge, now: instance.received)
            }
        }
        instances.append(instance)
        change(study.id) { old in
            old.patient.name = old.patient.name ?? study.patient.name
            old.patient.id = old.patient.id ?? study.patient.id
            old.patient.issuer = old.patient.issuer ?? study.patient.issuer
            old.patient.birthDate = old.patient.birthDate ?? study.patient.birthDate
            old.patient.sex = old.patient.sex ?? study.patient.sex
            old.patientAge = old.patientAge ?? study.patientAge
            old.studyDate = old.studyDate ?? study.studyDate
            old.accessionNumber = old.accessionNumber ?? study.accessionNumber
            old.studyDescription = old.studyDescription ?? study.studyDescription
            old.modality = old.modality ?? study.modality ?? instance.modality
            old.firstInstance = old.firstInstance ?? instance.id
            old.instanceCount += 1
            if let view = instance.view, !old.views.contains(view) { old.views.append(view) }
        }
        if let jobKind {
            jobs.append(
                Job(
                    id: Int64(jobs.count) + 1, kind: jobKind, study: study.id, instance: instance.id, due: study.standing.order,
                    nextTry: instance.received, made: instance.received))
        }
        refresh(study.id, standing)
        return .new
    }

    public func worklist(_ query: WorklistQuery) throws -> WorklistPage {
        let words = Self.words(query.words)
        let found = studies.enumerated().filter { _, study in
            let label: Bool =
                switch query.finding {
                case .any: true
                case .none: study.standing.findings.isEmpty && [.read, .reviewed, .signed].contains(study.standing.status)
                case .label(let label): study.standing.findings.contains { $0.label == label }
                }
            guard label, query.statuses.isEmpty || query.statuses.contains(study.standing.status) else { return false }
            let names = instances.filter { $0.study == study.id }.map(\.name)
            let texts = [study.patient.name, study.patient.id, study.accessionNumber, study.studyDescription].compactMap { $0 } + names
            let there = texts.flatMap(Self.words)
            return words.allSatisfy { word in there.contains { $0.hasPrefix(word) } }
        }
        let placed = found.map { (place: Self.place($0.offset, $0.element), study: $0.element) }.sorted { $0.place < $1.place }
        let after = try query.after.map { text in
            let numbers = text.split(separator: " ").compactMap { Double($0) }
            guard numbers.count == 3 else { throw ArchiveError(.invalidCursor, "that is no place in the worklist") }
            return (numbers[0], numbers[1], numbers[2])
        }
        let rest = placed.filter { entry in after.map { $0 < entry.place } ?? true }
        let page = rest.prefix(query.limit)
        return WorklistPage(
            studies: page.map(\.study), next: rest.count > page.count ? page.last.map { "\($0.place.0) \($0.place.1) \($0.place.2)" } : nil)
    }

    /// Open ones by due date, then signed ones, latest first; at the same time by arrival.
    private static func place(_ number: Int, _ study: Study) -> (Double, Double, Double) {
        study.standing.status == .signed
            ? (1, -(study.signed ?? study.received).timeIntervalSince1970, Double(number))
            : (0, study.standing.order.timeIntervalSince1970, Double(number))
    }

    private static func words(_ text: String) -> [String] {
        let plain = text.lowercased().decomposedStringWithCanonicalMapping.unicodeScalars.filter {
            $0.properties.generalCategory != .nonspacingMark
        }
        return plain.split { !($0.properties.isAlphabetic || $0.properties.numericType != nil) }.map {
            String(String.UnicodeScalarView($0))
        }
    }

    public func statusCounts() -> [StudyStatus: Int] {
        Dictionary(
            StudyStatus.allCases.map { status in (status, studies.count { $0.standing.status == status }) }, uniquingKeysWith: { $1 })
    }

    public func receivedBytes(since: Date) -> (bytes: Int, since: Date?) {
        let all = instances.map { ($0.size, $0.received) } + files.map { ($0.size, $0.made) }
        let late = all.filter { $0.1 >= since }
        return (late.reduce(0) { $0 + $1.0 }, late.map(\.1).min())
    }

    public func study(_ id: StudyID) -> Study? { studies.first { $0.id == id } }

    public func priors(of study: StudyID, limit: Int) -> [Study] {
        guard let this = self.study(study), let patient = this.patient.id, !patient.isEmpty else { return [] }
        let day = Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day()
        let same = studies.filter { $0.id != study && $0.patient.id == patient && $0.patient.issuer == this.patient.issuer }
        let ordered = same.enumerated().sorted {
            ($0.element.studyDate ?? $0.element.received.formatted(day), $0.offset)
                > ($1.element.studyDate ?? $1.element.received.formatted(day), $1.offset)
        }
        return Array(ordered.map(\.element).prefix(limit))
    }

    public func instances(of study: StudyID) -> [Instance] { instances.filter { $0.study == study } }
    public func instance(_ id: InstanceID) -> Instance? { instances.first { $0.id == id } }

    public func instance(sopInstanceUID: String) -> Instance? { instances.first { $0.sopInstanceUID == sopInstanceUID } }

    public func instances(after: InstanceID?, limit: Int) -> [Instance] {
        Array(instances.sorted { $0.id.rawValue < $1.id.rawValue }.filter { $0.id.rawValue > after?.rawValue ?? "" }.prefix(limit))
    }

    public func update(
        _ study: StudyID, urgency: StudyUrgency?, protocolName: String?, standing: @escaping @Sendable (StudyState) -> Standing
    ) throws {
        guard self.study(study) != nil else { throw ArchiveError(.notFound, "there is no such study") }
        change(study) { study in
            study.urgency = urgency ?? study.urgency
            study.protocolName = protocolName ?? study.protocolName
        }
        refresh(study, standing)
    }

    public func updateStandings(_ standing: @escaping @Sendable (StudyState) -> Standing) {
        for study in studies where study.standing.status != .signed { refresh(study.id, standing) }
    }

    func change(_ id: StudyID, _ body: (inout Study) -> Void) {
        guard let index = studies.firstIndex(where: { $0.id == id }) else { return }
        body(&studies[index])
    }

    func refresh(_ id: StudyID, _ rule: (StudyState) -> Standing) {
        guard let study = study(id) else { return }
        let own = readings.filter { $0.study == id }
        let ofModels = own.filter { !$0.reader.isPerson }.compactMap { reading in reading.instance.map { ($0, reading) } }
        let isOpen: (Job) -> Bool = { $0.study == id && [.waiting, .running, .failed].contains($0.state) }
        let standing = rule(
            StudyState(
                study: study, instances: instances(of: id).map(\.id), modelReadings: Dictionary(ofModels, uniquingKeysWith: { $1 }),
                personReadings: own.filter(\.reader.isPerson), openJobs: jobs.filter(isOpen)))
        change(id) { $0.standing = standing }
        for index in jobs.indices where isOpen(jobs[index]) { jobs[index].due = standing.order }
    }

    // MARK: Readings

    public func add(
        _ reading: Reading, completing job: (id: Int64, owner: String)?, onlyAfterLatest: Bool, followUp: String?,
        standing: @escaping @Sendable (StudyState) -> Standing
    ) throws -> Int64 {
        guard let study = study(reading.study) else { throw ArchiveError(.notFound, "there is no such study") }
        if let instance = reading.instance, self.instance(instance)?.study != study.id {
            throw ArchiveError(.notFound, "the study has no such instance")
        }
        let place = jobs.firstIndex { $0.id == job?.id && $0.study == study.id }
        if case .model(_, _, let digest, _) = reading.reader, let instance = reading.instance,
            let earlier = readings.first(where: { $0.instance == instance && $0.content.error == nil && Self.digest($0.reader) == digest })
        {
            if let place, [.waiting, .running, .failed].contains(jobs[place].state) {
                finish(place, .done)
                refresh(study.id, standing)
            }
            return earlier.id
        }
        if let job {
            guard let place, jobs[place].state == .running, jobs[place].leaseOwner == job.owner else {
                throw ArchiveError(.leaseLost, "the job is no longer this program's")
            }
        }
        if onlyAfterLatest, reading.basedOn != study.revision {
            throw ArchiveError(.newerReading, "another reading of the study came meanwhile")
        }
        guard (try? JSONEncoder().encode(reading.content)) != nil else {
            throw ArchiveError(.cannotWrite, "it holds a number that is none")
        }
        if let place { finish(place, .done) }
        var reading = reading
        reading.id = Int64(readings.count) + 1
        readings.append(reading)
        change(study.id) { study in
            study.revision = reading.id
            if case .person(let user) = reading.reader, reading.status != .preliminary {
                (study.signedBy, study.signed) = (user, reading.made)
            }
        }
        if case .person(let user) = reading.reader { drafts[study.id.rawValue + user] = nil }
        if let followUp { addJob(followUp, about: reading.id, of: study.id, now: reading.made) }
        refresh(study.id, standing)
        return reading.id
    }

    private static func digest(_ reader: Reader) -> String? {
        if case .model(_, _, let digest, _) = reader { digest } else { nil }
    }

    public func readings(of study: StudyID) -> [Reading] { readings.filter { $0.study == study } }

    public func draft(of study: StudyID, by user: String) -> ReviewDraft? { drafts[study.rawValue + user] }

    public func setDraft(_ draft: ReviewDraft?, of study: StudyID, by user: String) throws {
        guard self.study(study) != nil else { throw ArchiveError(.notFound, "there is no such study") }
        drafts[study.rawValue + user] = draft
    }

    // MARK: Jobs

    func addJob(_ kind: String, about reading: Int64, of study: StudyID, now: Date) {
        jobs.append(
            Job(
                id: Int64(jobs.count) + 1, kind: kind, study: study, reading: reading, due: self.study(study)?.standing.order ?? now,
                nextTry: now, made: now))
    }

    public func completeJob(_ job: Int64, owner: String) throws {
        guard let place = leased(job, owner) else { throw ArchiveError(.leaseLost, "the job is no longer this program's") }
        finish(place, .done)
    }

    func finish(_ place: Int, _ state: Job.State) {
        jobs[place].state = state
        (jobs[place].leaseOwner, jobs[place].leaseEnds) = (nil, nil)
    }

    public func claimJob(kind: String, owner: String, until leaseEnds: Date, now: Date) -> Job? {
        let ready = jobs.indices.filter { index in
            let job = jobs[index]
            return job.kind == kind
                && (job.state == .waiting && job.nextTry <= now || job.state == .running && (job.leaseEnds ?? now) <= now)
        }
        guard let place = ready.min(by: { (jobs[$0].due, jobs[$0].id) < (jobs[$1].due, jobs[$1].id) }) else { return nil }
        jobs[place].state = .running
        jobs[place].attempts += 1
        (jobs[place].leaseOwner, jobs[place].leaseEnds) = (owner, leaseEnds)
        return jobs[place]
    }

    func leased(_ job: Int64, _ owner: String) -> Int? {
        jobs.firstIndex { $0.id == job && $0.state == .running && $0.leaseOwner == owner }
    }

    public func renewLease(of job: Int64, owner: String, until leaseEnds: Date) -> Bool {
        guard let place = leased(job, owner) else { return false }
        jobs[place].leaseEnds = leaseEnds
        return true
    }

    public func failJob(
        _ job: Int64, owner: String, reason: String, nextTry: Date?, standing: @escaping @Sendable (StudyState) -> Standing
    ) throws {
        guard let place = leased(job, owner) else { throw ArchiveError(.leaseLost, "the job is no longer this program's") }
        finish(place, nextTry == nil ? .failed : .waiting)
        jobs[place].lastError = reason
        jobs[place].nextTry = nextTry ?? jobs[place].nextTry
        refresh(jobs[place].study, standing)
    }

    public func releaseJobs(of owner: String?) {
        for place in jobs.indices where jobs[place].state == .running && (owner == nil || jobs[place].leaseOwner == owner) {
            finish(place, .waiting)
        }
    }

    public func jobs(state: Job.State?, study: StudyID?, limit: Int) -> [Job] {
        let found = jobs.filter { (state == nil || $0.state == state) && (study == nil || $0.study == study) }
        return Array(found.sorted { ($0.due, $0.id) < ($1.due, $1.id) }.prefix(limit))
    }

    public func jobCount(state: Job.State) -> Int { jobs.count { $0.state == state } }

    private func place(_ job: Int64) throws -> Int {
        guard let place = jobs.firstIndex(where: { $0.id == job }) else { throw ArchiveError(.notFound, "there is no such job") }
        return place
    }

    public func retryJob(_ id: Int64, now: Date, standing: @escaping @Sendable (StudyState) -> Standing) throws {
        let place = try place(id)
        guard [.waiting, .failed, .dismissed].contains(jobs[place].state) else { return }
        (jobs[place].state, jobs[place].attempts, jobs[place].nextTry, jobs[place].lastError) = (.waiting, 0, now, nil)
        refresh(jobs[place].study, standing)
    }

    public func dismissJob(_ id: Int64, standing: @escaping @Sendable (StudyState) -> Standing) throws {
        let place = try place(id)
        guard [.failed, .dismissed].contains(jobs[place].state) else { throw ArchiveError(.notFound, "the job has not failed") }
        jobs[place].state = .dismissed
        refresh(jobs[place].study, standing)
    }

    // MARK: Who may

    public func users() -> [User] { accounts.values.sorted { $0.name < $1.name } }
    public func user(_ name: String) -> User? { accounts[name] }

    public func addUser(_ user: User) throws {
        guard accounts[user.name] == nil else { throw ArchiveError(.exists, "there is a user of that name") }
        accounts[user.name] = user
    }

    public func updateUser(_ user: User) throws {
        guard accounts[user.name] != nil else { throw ArchiveError(.notFound, "there is no such user") }
        accounts[user.name] = user
    }

    public func addSession(_ session: UserSession) { sessions[session.tokenDigest] = session }
    public func session(tokenDigest: String) -> UserSession? { sessions[tokenDigest] }

    public func touchSession(tokenDigest: String, lastUsed: Date, ends: Date) {
        sessions[tokenDigest]?.lastUsed = lastUsed
        sessions[tokenDigest]?.ends = ends
    }

    public func endSession(tokenDigest: String) { sessions[tokenDigest] = nil }

    public func endSessions(of user: String, except tokenDigest: String?) {
        sessions = sessions.filter { $0.value.user != user || $0.key == tokenDigest }
    }

    public func removeEndedSessions(now: Date) {
        sessions = sessions.filter { $0.value.ends > now }
        links = links.filter { $0.value > now }
    }

    public func addOneTimeLink(tokenDigest: String, ends: Date) { links[tokenDigest] = ends }

    public func redeemOneTimeLink(tokenDigest: String, now: Date) -> Bool {
        links.removeValue(forKey: tokenDigest).map { $0 > now } ?? false
    }

    // MARK: Settings and audit

    public func setting(_ name: String) -> Data? { settings[name] }
    public func setSetting(_ name: String, _ value: Data?) { settings[name] = value }

    public func appendAudit(_ events: [AuditEvent]) {
        for event in events {
            audit.append(
                AuditEntry(
                    after: audit.last, time: event.time, user: event.user, action: event.action, study: event.study, detail: event.detail))
        }
    }

    public func auditEntries(user: String?, study: StudyID?, before: Int64?, limit: Int) -> [AuditEntry] {
        let found = audit.reversed().filter { entry in
            (user == nil || entry.user == user) && (study == nil || entry.study == study) && (before.map { entry.number < $0 } ?? true)
        }
        return Array(found.prefix(limit))
    }

    public func firstBrokenAuditEntry() -> Int64? {
        audit.indices.first { audit[$0].hash != audit[$0].expectedHash || $0 > 0 && audit[$0].previousHash != audit[$0 - 1].hash }
            .map { audit[$0].number }
    }

    public func structuralFaults() -> [String] { [] }
}
