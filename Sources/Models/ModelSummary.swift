import Basics
import Foundation

/// One model in a line or two, for programs: what `pleura model list --json` holds.
public struct ModelSummary: Encodable, Hashable, Sendable {
    /// As it was named, or as its folder is called.
    public var name: String
    public var path: String?
    public var version: String?
    /// SHA-256 of the bundle, in hexadecimal.
    public var digest: String?
    public var summary: String?
    /// Of its square input, pixels.
    public var inputSide: Int?
    /// Why it cannot be used, one line; left out where it can.
    public var error: String?

    private enum CodingKeys: String, CodingKey {
        case name, path, version, digest, summary, error
        case inputSide = "input_side"
    }

    public init(_ name: String, _ directory: URL, _ bundle: ModelBundle) {
        (self.name, path) = (name, directory.standardizedFileURL.path)
        (version, digest, summary, inputSide) = (bundle.card.version, bundle.digest, bundle.card.summary, bundle.card.inputSide)
    }

    /// A model that cannot be used.
    /// - Parameter directory: `nil` where there is none of that name.
    public init(_ name: String, _ directory: URL?, error: any Error) {
        (self.name, path) = (name, directory?.path)
        self.error = (error as? any ExplainedError)?.description ?? "it failed"
    }
}
