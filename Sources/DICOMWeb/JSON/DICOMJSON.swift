import Foundation

/// A dataset in the DICOM JSON model (PS3.18 annex F).
public struct DICOMJSON: Hashable, Sendable {
    public var elements: [DICOMAttribute: Element]

    public struct Element: Hashable, Sendable {
        /// Two letters.
        public var representation: String
        public var values: [Value]
        public var bulkDataURI: String?
        /// Base64.
        public var inlineBinary: String?

        public init(_ representation: String, _ values: [Value] = [], bulkDataURI: String? = nil, inlineBinary: String? = nil) {
            (self.representation, self.values, self.bulkDataURI, self.inlineBinary) = (representation, values, bulkDataURI, inlineBinary)
        }
    }

    public enum Value: Hashable, Sendable {
        case text(String)
        case integer(Int64)
        case number(Double)
        /// By component group.
        case name(alphabetic: String?, ideographic: String? = nil, phonetic: String? = nil)
        case dataset(DICOMJSON)
        /// An empty one among several.
        case null
    }

    public init(_ elements: [DICOMAttribute: Element] = [:]) { self.elements = elements }

    public subscript(attribute: DICOMAttribute) -> Element? {
        get { elements[attribute] }
        set { elements[attribute] = newValue }
    }

    /// The first value as text: of a name its alphabetic group, of a number its digits.
    public func text(_ attribute: DICOMAttribute) -> String? { texts(attribute).first }

    /// All values as text.
    public func texts(_ attribute: DICOMAttribute) -> [String] { elements[attribute]?.values.compactMap(\.text) ?? [] }

    public func integer(_ attribute: DICOMAttribute) -> Int? {
        switch elements[attribute]?.values.first {
        case .integer(let number): Int(exactly: number)
        case .number(let number): Int(exactly: number)
        case .text(let text): Int(text)
        default: nil
        }
    }

    public func items(_ attribute: DICOMAttribute) -> [DICOMJSON] {
        elements[attribute]?.values.compactMap { if case .dataset(let item) = $0 { item } else { nil } } ?? []
    }

    /// Sets text of an attribute whose value representation is known here; `nil` or empty text gives an element without value.
    public mutating func set(_ attribute: DICOMAttribute, _ texts: String?...) {
        let representation = attribute.representation ?? "LO"
        let values = texts.compactMap { $0 }.filter { !$0.isEmpty }
        elements[attribute] = Element(
            representation,
            values.map { text in
                switch representation {
                case "PN":
                    let groups = text.split(separator: "=", maxSplits: 2, omittingEmptySubsequences: false).map(String.init) + ["", ""]
                    return .name(
                        alphabetic: groups[0].isEmpty ? nil : groups[0], ideographic: groups[1].isEmpty ? nil : groups[1],
                        phonetic: groups[2].isEmpty ? nil : groups[2])
                case "IS", "US", "UL", "SS", "SL": return Int64(text).map { .integer($0) } ?? .text(text)
                default: return .text(text)
                }
            })
    }

    public mutating func set(_ attribute: DICOMAttribute, _ number: Int) {
        elements[attribute] = Element(attribute.representation ?? "IS", [.integer(Int64(number))])
    }

    public mutating func set(_ attribute: DICOMAttribute, items: [DICOMJSON]) {
        elements[attribute] = Element("SQ", items.map { .dataset($0) })
    }

    /// Elements in the order of their tags, without needless blanks.
    public var data: Data { Self.encoded(self) }

    /// A JSON array of datasets, as QIDO-RS and metadata answer.
    public static func data(_ datasets: [DICOMJSON]) -> Data { encoded(datasets) }

    private static func encoded(_ value: some Encodable) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "NaN")
        // Nothing above can fail to be encoded.
        return (try? encoder.encode(value)) ?? Data()
    }

    /// - Throws: `DICOMWebError` where the bytes are no such object.
    public init(_ data: Data) throws { self = try Self.decoded(data) }

    /// A JSON array of datasets; a single object counts as an array of one, as some servers write it.
    public static func datasets(_ data: Data) throws -> [DICOMJSON] {
        let start = data.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        return start == 0x7B ? [try decoded(data)] : try decoded(data)
    }

    private static func decoded<Value: Decodable>(_ data: Data) throws -> Value {
        guard data.count <= 256 << 20 else { throw DICOMWebError(.tooLarge, "DICOM JSON of more than 256 MB") }
        do {
            return try JSONDecoder().decode(Value.self, from: data)
        } catch {
            // The decoder's own words may hold values.
            throw DICOMWebError(.badRequest, "the content is not of the DICOM JSON model")
        }
    }
}

extension DICOMJSON.Value {
    public var text: String? {
        switch self {
        case .text(let text): text
        case .integer(let number): String(number)
        case .number(let number): String(number)
        case .name(let alphabetic, let ideographic, let phonetic):
            [alphabetic, ideographic, phonetic].contains { $0 != nil }
                ? [alphabetic, ideographic, phonetic].map { $0 ?? "" }.joined(separator: "=").trimmingSuffix("=") : nil
        case .dataset, .null: nil
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(_ character: Character) -> String {
        var text = self
        while text.last == character { text.removeLast() }
        return text
    }
}
