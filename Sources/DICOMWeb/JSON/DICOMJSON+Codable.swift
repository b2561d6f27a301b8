extension DICOMJSON: Codable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
        init(_ attribute: DICOMAttribute) { stringValue = attribute.description }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for (attribute, element) in elements { try container.encode(element, forKey: Key(attribute)) }
    }

    /// Names that are no tags are refused, since nobody knows what they mean.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        var elements: [DICOMAttribute: Element] = [:]
        for key in container.allKeys {
            guard key.stringValue.utf8.count == 8, let tag = UInt32(key.stringValue, radix: 16) else {
                throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "no tag"))
            }
            elements[DICOMAttribute(tag: tag)] = try container.decode(Element.self, forKey: key)
        }
        self.init(elements)
    }
}

extension DICOMJSON.Element: Codable {
    private enum CodingKeys: String, CodingKey {
        case representation = "vr"
        case values = "Value"
        case bulkDataURI = "BulkDataURI"
        case inlineBinary = "InlineBinary"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(representation, forKey: .representation)
        if !values.isEmpty { try container.encode(values, forKey: .values) }
        try container.encodeIfPresent(bulkDataURI, forKey: .bulkDataURI)
        try container.encodeIfPresent(inlineBinary, forKey: .inlineBinary)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            // Some writers leave it out where the dictionary says it.
            try container.decodeIfPresent(String.self, forKey: .representation) ?? "UN",
            try container.decodeIfPresent([DICOMJSON.Value].self, forKey: .values) ?? [],
            bulkDataURI: try container.decodeIfPresent(String.self, forKey: .bulkDataURI),
            inlineBinary: try container.decodeIfPresent(String.self, forKey: .inlineBinary))
    }
}

extension DICOMJSON.Value: Codable {
    private enum NameKeys: String, CodingKey {
        case alphabetic = "Alphabetic"
        case ideographic = "Ideographic"
        case phonetic = "Phonetic"
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .name(let alphabetic, let ideographic, let phonetic):
            var container = encoder.container(keyedBy: NameKeys.self)
            try container.encodeIfPresent(alphabetic, forKey: .alphabetic)
            try container.encodeIfPresent(ideographic, forKey: .ideographic)
            try container.encodeIfPresent(phonetic, forKey: .phonetic)
        default:
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .integer(let number): try container.encode(number)
            case .number(let number): try container.encode(number)
            case .dataset(let item): try container.encode(item)
            default: try container.encodeNil()
            }
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let number = try? container.decode(Int64.self) {
            self = .integer(number)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let names = try? decoder.container(keyedBy: NameKeys.self), !names.allKeys.isEmpty {
            self = .name(
                alphabetic: try names.decodeIfPresent(String.self, forKey: .alphabetic),
                ideographic: try names.decodeIfPresent(String.self, forKey: .ideographic),
                phonetic: try names.decodeIfPresent(String.self, forKey: .phonetic))
        } else {
            self = .dataset(try container.decode(DICOMJSON.self))
        }
    }
}
