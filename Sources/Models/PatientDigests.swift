import Basics
import Foundation

/// Who a model learnt from, without names: for each patient the first 32 bits of the SHA-256 of the training's digest and the patient's
/// identifier. It tells whether a patient whose identifier is known was among them, and nothing of one whose identifier is not; of ten
/// thousand that were not, tested against a model of ten thousand, one in forty such sets has a patient taken for another. Other trainings
/// give the same patient another digest, so two models' lists cannot be laid side by side.
///
/// In JSON one text: the digests in order, four bytes each, the highest first, as base64.
public struct PatientDigests: Hashable, Sendable {
    private let salt: String
    private let digests: Set<UInt32>

    /// - Parameter salt: The training data's digest.
    public init(of patients: some Sequence<String>, salt: String) {
        self.salt = salt
        digests = Set(patients.map { Self.digest($0, salt: salt) })
    }

    /// - Parameter text: As a card has it. `nil` where it is no such list.
    public init?(text: String, salt: String) {
        guard let bytes = Data(base64Encoded: text), bytes.count % 4 == 0 else { return nil }
        self.salt = salt
        digests = Set(
            stride(from: 0, to: bytes.count, by: 4).map { start in bytes.dropFirst(start).prefix(4).reduce(0) { $0 << 8 | UInt32($1) } })
    }

    public var text: String {
        Data(
            digests.sorted().flatMap {
                [
                    UInt8(truncatingIfNeeded: $0 >> 24), UInt8(truncatingIfNeeded: $0 >> 16), UInt8(truncatingIfNeeded: $0 >> 8),
                    UInt8(truncatingIfNeeded: $0),
                ]
            }
        ).base64EncodedString()
    }

    public var count: Int { digests.count }

    public func contains(_ patient: String) -> Bool { digests.contains(Self.digest(patient, salt: salt)) }

    private static func digest(_ patient: String, salt: String) -> UInt32 {
        Digest(of: "\(salt)\n\(patient)").bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
}
