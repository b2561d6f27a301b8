/// A media type or range with its parameters (RFC 9110 8.3.1, 12.5.1), such as `multipart/related; type="application/dicom"; boundary=x`.
public struct MediaType: Hashable, Sendable, CustomStringConvertible {
    /// In lower case; `*` in a range.
    public var type: String
    public var subtype: String
    /// Names in lower case, values as they stand without quotes. The first of a name counts.
    public var parameters: [String: String]
    /// How much a client wants it, in 0...1; 1 where it does not say.
    public var quality: Double

    public init(_ type: String, _ subtype: String, _ parameters: [String: String] = [:], quality: Double = 1) {
        (self.type, self.subtype, self.parameters, self.quality) = (type, subtype, parameters, quality)
    }

    /// Both parts.
    public var essence: String { "\(type)/\(subtype)" }

    /// `nil` for what is no media type.
    public init?(_ text: some StringProtocol) {
        var scanner = FieldScanner(text)
        guard let found = scanner.mediaType(), scanner.isAtEnd else { return nil }
        self = found
    }

    /// The types that an Accept field names, the most wanted first and else in the order of the field. Parts that are none are left out.
    ///
    /// A parameter `type` may stand without quotes although a slash is in it, as some clients write it.
    public static func accepted(_ field: some StringProtocol) -> [MediaType] {
        var scanner = FieldScanner(field)
        var found: [MediaType] = []
        while !scanner.isAtEnd {
            if let type = scanner.mediaType() { found.append(type) }
            scanner.skipPastComma()
        }
        return found.enumerated().sorted { ($1.element.quality, $0.offset) < ($0.element.quality, $1.offset) }.map(\.element)
    }

    /// Whether a type falls into this range; parameters are not looked at.
    public func includes(_ other: String) -> Bool {
        let parts = other.split(separator: "/", maxSplits: 1)
        guard parts.count == 2 else { return false }
        return (type == "*" || type == parts[0]) && (subtype == "*" || subtype == parts[1])
    }

    /// As a header field has it; what is no token stands in quotes.
    public var description: String {
        essence
            + parameters.sorted { $0.key < $1.key }.map { name, value in
                "; \(name)=" + (value.utf8.allSatisfy(FieldScanner.isToken) && !value.isEmpty ? value : "\"\(value)\"")
            }.joined()
    }
}

/// Reads the parts of a header field, in bytes.
struct FieldScanner {
    private let bytes: [UInt8]
    private var place = 0

    init(_ text: some StringProtocol) { bytes = Array(text.utf8.prefix(16_384)) }

    var isAtEnd: Bool { place >= bytes.count }

    /// RFC 9110 5.6.2.
    static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    mutating func skipPastComma() {
        var isQuoted = false
        while place < bytes.count {
            defer { place += 1 }
            if bytes[place] == 0x22 { isQuoted.toggle() }
            if bytes[place] == 0x2C, !isQuoted { return }
        }
    }

    private mutating func skipBlanks() {
        while place < bytes.count, bytes[place] == 0x20 || bytes[place] == 0x09 { place += 1 }
    }

    private mutating func token(also: UInt8? = nil) -> String {
        let start = place
        while place < bytes.count, Self.isToken(bytes[place]) || bytes[place] == also { place += 1 }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard place < bytes.count, bytes[place] == byte else { return false }
        place += 1
        return true
    }

    private mutating func quoted() -> String? {
        var value: [UInt8] = []
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if byte == 0x22 { return String(decoding: value, as: UTF8.self) }
            if byte == 0x5C, place < bytes.count {
                value.append(bytes[place])
                place += 1
            } else {
                value.append(byte)
            }
        }
        return nil
    }

    mutating func mediaType() -> MediaType? {
        skipBlanks()
        let type = token().lowercased()
        guard !type.isEmpty, take(0x2F) else { return nil }
        let subtype = token().lowercased()
        guard !subtype.isEmpty else { return nil }
        var (parameters, quality) = ([String: String](), 1.0)
        skipBlanks()
        while take(0x3B) {
            skipBlanks()
            let name = token().lowercased()
            if name.isEmpty { continue }
            skipBlanks()
            guard take(0x3D) else { return nil }
            skipBlanks()
            guard let value = take(0x22) ? quoted() : token(also: 0x2F) else { return nil }
            if name == "q" {
                quality = Double(value).map { $0.isFinite ? min(max($0, 0), 1) : 0 } ?? 0
            } else if parameters[name] == nil {
                parameters[name] = value
            }
            skipBlanks()
        }
        guard isAtEnd || bytes[place] == 0x2C else { return nil }
        return MediaType(type, subtype, parameters, quality: quality)
    }
}
