import Archive
import Foundation
import Results

/// Where results go: a DICOM node, a message server, a folder. What it is made of and how it is reached is its own.
public protocol Destination: Sendable {
    /// As the site calls it: lower-case letters, digits, hyphens and underscores; unique.
    var name: String { get }
    var rules: DestinationRules { get }
    /// What one result speaks of: a message about a study takes the place of the one before it, so it has to say everything.
    var scope: ResultScope { get }
    /// How many deliveries it takes in one go.
    var batch: Int { get }

    /// What is to be sent for a result. Each file was read back and compared with it.
    /// - Parameters:
    ///   - previous: What was said of the study before; `nil` where nothing was.
    ///   - sources: The images' files.
    /// - Throws: What cannot be made or does not say what the result says.
    func files(for result: StudyResult, previous: StudyResult?, sources: any ResultSources) async throws -> [OutgoingFile]

    /// Sends, in this order.
    /// - Parameter outcome: Told of each as soon as it is known. One that is not told of was not sent.
    func send(_ deliveries: [OutgoingDelivery], outcome: @escaping @Sendable (Int64, SendingOutcome) async -> Void) async
}

/// What a result speaks of.
public enum ResultScope: Hashable, Sendable {
    /// A model's reading is of one image.
    case reading
    /// All images of the study, as far as they have been read.
    case study
}

/// Which results go to a destination.
public struct DestinationRules: Hashable, Sendable {
    /// Names of protocols; `nil` for all.
    public var protocols: Set<String>?
    public var statuses: Set<StudyResult.Status>
    /// Only what is wanted at once.
    public var onlyUrgent: Bool
    /// Only studies in which something was found.
    public var onlyWithFindings: Bool

    public init(
        protocols: Set<String>? = nil, statuses: Set<StudyResult.Status> = Set(StudyResult.Status.allCases), onlyUrgent: Bool = false,
        onlyWithFindings: Bool = false
    ) {
        (self.protocols, self.statuses) = (protocols, statuses)
        (self.onlyUrgent, self.onlyWithFindings) = (onlyUrgent, onlyWithFindings)
    }

    public func takes(_ result: StudyResult, protocolName: String) -> Bool {
        (protocols?.contains(protocolName) ?? true) && statuses.contains(result.status) && (!onlyUrgent || result.isUrgent)
            && (!onlyWithFindings || !result.findings.isEmpty)
    }
}

/// The bytes of images.
public protocol ResultSources: Sendable {
    /// The file of an image as it was received, by its SOP Instance UID; `nil` where there is none.
    func file(of sopInstanceUID: String) throws -> Data?
}

/// Something that is to be sent.
public struct OutgoingFile: Hashable, Sendable {
    /// Unique, and the same whenever it is made.
    public var identifier: String
    /// Such as `sr`.
    public var kind: String
    /// The smaller, the sooner.
    public var rank: Int
    public var sopClassUID: String?
    public var seriesInstanceUID: String?
    public var bytes: Data

    public init(
        identifier: String, kind: String, rank: Int, sopClassUID: String? = nil, seriesInstanceUID: String? = nil, bytes: Data
    ) {
        (self.identifier, self.kind, self.rank, self.bytes) = (identifier, kind, rank, bytes)
        (self.sopClassUID, self.seriesInstanceUID) = (sopClassUID, seriesInstanceUID)
    }
}

/// A delivery and its bytes.
public struct OutgoingDelivery: Hashable, Sendable {
    public var delivery: Delivery
    /// Where the bytes lie.
    public var file: URL

    public init(delivery: Delivery, file: URL) { (self.delivery, self.file) = (delivery, file) }
}

/// What a destination said to something that was sent. Reasons are sentences without patient data.
public enum SendingOutcome: Hashable, Sendable {
    case delivered(proof: String)
    /// Taken; the destination will say within so many seconds that it keeps it.
    case accepted(seconds: Double)
    /// Not now; later perhaps.
    case busy(String)
    /// Never.
    case refused(String)
    /// It was sent, and nobody knows whether it arrived: to be sent again under the same identifier.
    case unanswered(String)
    /// Nothing was sent: the destination is not there.
    case unreachable(String)
}
