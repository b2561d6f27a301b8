import Foundation
import Models

/// A bundle with a network of 8-bit integers, for programs.
public struct QuantisationReport: Encodable, Sendable {
    /// Of the bundle's folder.
    public var path: String
    public var digest: String
    /// Of the network of 32-bit numbers, 0 to 1.
    public var map50Before: Double
    /// As the card has it.
    public var quantisation: ModelCard.Quantisation?

    private enum CodingKeys: String, CodingKey {
        case path, digest, quantisation
        case map50Before = "map50_before"
    }

    public init(_ written: ModelBundle, map50Before: Double) {
        (path, digest) = (written.directory.standardizedFileURL.path, written.digest)
        (self.map50Before, quantisation) = (map50Before, written.card.quantised)
    }
}
