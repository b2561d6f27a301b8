/// Which model gave the findings, as every report names it.
public struct ModelIdentity: Hashable, Sendable, Codable {
    public var name: String
    public var version: String
    /// SHA-256 of the bundle's graph, in hexadecimal.
    public var digest: String
    /// What the engine computed in: `f32`, `bf16`, `i8`.
    public var precision: String

    public init(name: String, version: String, digest: String, precision: String) {
        self.name = name
        self.version = version
        self.digest = digest
        self.precision = precision
    }
}
