import Reports

/// What a part of a batch was asked for: the first line of its file. Parts whose heads differ in more than the part cannot be merged.
public struct ShardHead: Hashable, Sendable, Codable {
    static let kind = "part of a batch"

    var schema = 1
    var kind = Self.kind
    public var notice: String
    public var model: ModelIdentity
    /// SHA-256 of the list of images.
    public var manifest: String
    /// Everything else that changes an answer, by the option's name.
    public var settings: [String: String]

    public init(notice: String, model: ModelIdentity, manifest: String, settings: [String: String]) {
        (self.notice, self.model, self.manifest, self.settings) = (notice, model, manifest, settings)
    }

    /// What is another than in that one, in a few words; `nil` where nothing is.
    func difference(from other: ShardHead) -> String? {
        if manifest != other.manifest { return "it is of another list of images" }
        if model.digest != other.model.digest || model.name != other.model.name {
            return "its model is \(model.name) \(model.version), not \(other.model.name) \(other.model.version)"
        }
        if model.precision != other.model.precision {
            return "it was computed in \(model.precision), not in \(other.model.precision); give every part the same --precision"
        }
        for name in Set(settings.keys).union(other.settings.keys).sorted() where settings[name] != other.settings[name] {
            return "--\(name) is \(settings[name] ?? "not given"), there \(other.settings[name] ?? "not given")"
        }
        return self == other ? nil : "it was asked for differently"
    }
}
