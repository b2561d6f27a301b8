import Foundation

/// The JSON form of resources (FHIR R4, 2.6.2): sorted keys, so that equal resources are equal bytes.
public enum FHIRJSON {
    /// Bytes that are read.
    public static let mostBytes = 64 << 20

    /// - Throws: `FHIRError` of code `badResult`.
    public static func encode(_ value: some Encodable, pretty: Bool = false) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting =
            pretty ? [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted] : [.sortedKeys, .withoutEscapingSlashes]
        do {
            return try encoder.encode(value)
        } catch {
            throw FHIRError(.badResult, "the resource cannot be written as JSON")
        }
    }

    /// - Throws: `FHIRError`, which names the element, never its value.
    public static func decode<Value: Decodable>(_ type: Value.Type = Value.self, from data: Data) throws -> Value {
        guard data.count <= mostBytes else { throw FHIRError(.unreadable, "the resource has more than 64 MiB") }
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch let error as FHIRError {
            throw error
        } catch let error as DecodingError {
            throw FHIRError(.unreadable, reason(error))
        } catch {
            throw FHIRError(.unreadable, "the resource cannot be read")
        }
    }

    static func path(_ path: [any CodingKey]) -> String {
        let parts = path.suffix(12).map { $0.intValue.map { "[\($0)]" } ?? shown($0.stringValue) }
        return parts.isEmpty ? "the resource" : parts.joined(separator: ".").replacingOccurrences(of: ".[", with: "[")
    }

    /// A name from the file, in one line.
    static func shown(_ name: String) -> String {
        let short = name.prefix(60)
        return short.unicodeScalars.allSatisfy { $0.isASCII && $0.properties.generalCategory != .control } ? String(short) : "a name"
    }

    private static func reason(_ error: DecodingError) -> String {
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context): return "\(path(context.codingPath)) is of the wrong kind"
        case .keyNotFound(let key, let context): return "\(path(context.codingPath)) lacks \(shown(key.stringValue))"
        case .dataCorrupted(let context):
            if context.codingPath.isEmpty { return "this is not JSON" }
            return "\(path(context.codingPath)) has a value that is not allowed"
        @unknown default: return "a value is of the wrong kind"
        }
    }
}
