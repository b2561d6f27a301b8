/// A resource by the name that its JSON begins with.
public protocol FHIRResource: Codable, Hashable, Sendable {
    static var resourceType: String { get }
    /// The logical id: up to 64 of `A-Z a-z 0-9 - .`.
    var id: String? { get set }
    var meta: R4.Meta? { get set }
}

/// The `resourceType` of a resource: always there in writing, and demanded in reading.
public struct ResourceTag<Resource: FHIRResource>: Codable, Hashable, Sendable {
    public init() {}

    public init(from decoder: any Decoder) throws {
        let name = try decoder.singleValueContainer().decode(String.self)
        guard name == Resource.resourceType else {
            throw FHIRError(.unreadable, "the resource is no \(Resource.resourceType), but \(FHIRJSON.shown(name))")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(Resource.resourceType)
    }
}
