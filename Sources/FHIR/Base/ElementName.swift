/// The name of any element.
struct ElementName: CodingKey, Hashable {
    var stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension KeyedDecodingContainer where Key == ElementName {
    func value<Value: Decodable>(_ name: String, _ type: Value.Type = Value.self) throws -> Value {
        try decode(type, forKey: ElementName(name))
    }

    func optional<Value: Decodable>(_ name: String, _ type: Value.Type = Value.self) throws -> Value? {
        try decodeIfPresent(type, forKey: ElementName(name))
    }

    /// The one element of a choice that is there, such as `valueQuantity` of `value[x]`.
    /// - Throws: where there are two, which no reader can weigh against each other, or one of a type that the choice has not.
    func choice(_ name: String, of types: [String]) throws -> String? {
        // `valueSet` is no choice of `value`: a type begins with a capital.
        let found = allKeys.map(\.stringValue).filter {
            $0.hasPrefix(name) && $0.dropFirst(name.count).first.map { $0.isASCII && $0.isUppercase } == true
        }.sorted()
        guard let first = found.first else { return nil }
        guard found.count == 1 else {
            throw FHIRError(
                .unreadable,
                "\(FHIRJSON.path(codingPath)) has two of \(name)[x]: \(found.prefix(3).map(FHIRJSON.shown).joined(separator: ", "))")
        }
        guard types.contains(String(first.dropFirst(name.count))) else {
            throw FHIRError(.unreadable, "\(FHIRJSON.path(codingPath)) has \(FHIRJSON.shown(first)), which \(name)[x] cannot be")
        }
        return first
    }
}

extension KeyedEncodingContainer where Key == ElementName {
    mutating func put(_ name: String, _ value: (some Encodable)?) throws { try encodeIfPresent(value, forKey: ElementName(name)) }
}
