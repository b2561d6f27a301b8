/// Which model gave the findings, as every report names it.
public struct ModelIdentity: Hashable, Sendable, Codable {
    public var name: String
    public var version: String
    /// SHA-256 of the bundle's list of checksums, in hexadecimal: `ModelBundle.digest`.
    public var digest: String
    /// What the engine computed in: `f32`, `bf16`, `int8`.
    public var precision: String
    /// What was asked for, or the same in words of `--precision`, such as `auto`: the processor may not have it.
    public var precisionRequested: String?

    private enum CodingKeys: String, CodingKey {
        case name, version, digest, precision
        case precisionRequested = "precision_requested"
    }

    public init(name: String, version: String, digest: String, precision: String, precisionRequested: String? = nil) {
        self.precisionRequested = precisionRequested
        self.name = name
        self.version = version
        self.digest = digest
        self.precision = precision
    }
}
