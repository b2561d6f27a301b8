import Archive
import Basics
import DICOMWeb
import Department
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Radiographs

/// An answer that says why something was not done: problem details (RFC 9457). Its text holds no patient data.
struct Problem: Error, HTTPResponseError {
    var status: HTTPResponse.Status
    /// One word, for programs.
    var code: String
    var detail: String
    /// Further members, each a JSON text.
    var members: [String: String] = [:]
    var headers: HTTPFields = [:]

    init(_ status: HTTPResponse.Status, _ code: String, _ detail: String, members: [String: String] = [:], headers: HTTPFields = [:]) {
        (self.status, self.code, self.detail, self.members, self.headers) = (status, code, detail, members, headers)
    }

    /// What went wrong in the rooms below.
    init(_ error: any Error) {
        switch error {
        case let error as Problem: self = error
        case let error as ArchiveError:
            let status: HTTPResponse.Status =
                switch error.code {
                case .noSpace: .init(code: 507, reasonPhrase: "Insufficient Storage")
                case .notFound: .notFound
                case .newerReading, .exists, .leaseLost: .conflict
                case .inUse, .cannotOpen: .serviceUnavailable
                default: .internalServerError
                }
            self.init(status, Self.word(error.code.rawValue), error.reason)
        case let error as DepartmentError:
            self.init(error.code == .notFound ? .notFound : .unprocessableContent, Self.word(error.code.rawValue), error.reason)
        case let error as DICOMWebError:
            self.init(HTTPResponse.Status(integerLiteral: error.status), Self.word(error.code.rawValue), error.reason)
        case let error as RadiographError:
            self.init(error.code == .noSuchFrame ? .notFound : .unprocessableContent, Self.word(error.code.rawValue), error.reason)
        case let error as HTTPError:
            self.init(error.status, Self.word(error.status.reasonPhrase.lowercased()), error.status.reasonPhrase, headers: error.headers)
        default:
            self.init(.internalServerError, "internal", "something went wrong; the log has it by the request's number")
        }
    }

    private static func word(_ text: String) -> String { text.replacing(" ", with: "_") }

    static func notFound(_ what: String) -> Problem { Problem(.notFound, "not_found", "there is no such \(what)") }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        var fields = [
            "type": JSONText.string("about:blank"), "title": JSONText.string(status.reasonPhrase), "status": String(status.code),
            "detail": JSONText.string(detail), "code": JSONText.string(code),
        ]
        fields.merge(members) { first, _ in first }
        let text = "{" + fields.sorted { $0.key < $1.key }.map { "\(JSONText.string($0.key)):\($0.value)" }.joined(separator: ",") + "}"
        var headers = headers
        headers[.contentType] = "application/problem+json"
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}

/// JSON written and read the one way of the API: keys in snake_case, times as RFC 3339 in UTC with milliseconds.
enum JSONText {
    /// A text in quotes.
    static func string(_ text: String) -> String {
        (try? JSONEncoder().encode(text)).map { String(decoding: $0, as: UTF8.self).replacing("\\/", with: "/") } ?? "\"\""
    }

    /// The same with every character beyond ASCII escaped, for fields of a head, which have no other.
    static func ascii(_ value: some Encodable) throws -> String {
        String(decoding: try data(value), as: UTF8.self).utf16.map { unit in
            if unit < 0x80 { return String(UnicodeScalar(UInt8(unit))) }
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }

    static func time(_ date: Date) -> String { date.formatted(style) }

    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    static func data(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var value = encoder.singleValueContainer()
            try value.encode(time(date))
        }
        return try encoder.encode(value)
    }

    /// JSON that is there already.
    static func response(bytes: Data) -> Response {
        Response(status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    static func response(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(bytes: try data(value))))
    }
}

extension Request {
    /// The body as JSON.
    /// - Throws: `Problem`: 413, 422.
    func json<Value: Decodable>(_ type: Value.Type, upTo limit: Int = 1 << 20) async throws -> Value {
        let data = try await jsonBytes(upTo: limit)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(type, from: data)
        } catch let error as DecodingError {
            throw Problem(.unprocessableContent, "unreadable", Self.reason(error))
        } catch {
            throw Problem(.unprocessableContent, "unreadable", "the body is not JSON")
        }
    }

    func jsonBytes(upTo limit: Int) async throws -> Data {
        guard headers[.contentType]?.lowercased().hasPrefix("application/json") == true else {
            // A form of a foreign page cannot send this type without asking first.
            throw Problem(.unsupportedMediaType, "unsupported_media_type", "the body has to be application/json")
        }
        var copy = self
        do {
            let buffer = try await copy.collectBody(upTo: limit)
            return Data(buffer.readableBytesView)
        } catch {
            throw Problem(.contentTooLarge, "too_large", "the body has more than \(limit) bytes", members: ["maximum_bytes": String(limit)])
        }
    }

    /// Where a body does not fit, by the names of its keys and never by its values.
    private static func reason(_ error: DecodingError) -> String {
        func place(_ path: [any CodingKey]) -> String {
            path.isEmpty
                ? "" : " at " + path.map { $0.intValue.map(String.init) ?? String($0.stringValue.prefix(60)) }.joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, let context): return "\(key.stringValue) is missing\(place(context.codingPath))"
        case .valueNotFound(_, let context): return "a value is missing\(place(context.codingPath))"
        case .typeMismatch(_, let context): return "a value of the wrong kind\(place(context.codingPath))"
        case .dataCorrupted(let context):
            return context.codingPath.isEmpty ? "the body is not JSON" : "a value that cannot be\(place(context.codingPath))"
        @unknown default: return "the body cannot be understood"
        }
    }

    /// A number in the query.
    /// - Throws: `Problem`, 422.
    func number(_ name: String, default standard: Int, in range: ClosedRange<Int>) throws -> Int {
        guard let text = text(name) else { return standard }
        guard let number = Int(text), range.contains(number) else {
            throw Problem(
                .unprocessableContent, "bad_parameter", "\(name) is a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A text in the query; of several, the first. A plus is a space, as forms write it.
    func text(_ name: String) -> String? {
        for part in uri.query?.split(separator: "&") ?? [] {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides[0] == name else { continue }
            let value = (sides.count > 1 ? String(sides[1]) : "").replacing("+", with: " ")
            return value.removingPercentEncoding ?? value
        }
        return nil
    }

    /// Whether something is wanted.
    func isTrue(_ name: String, default standard: Bool) throws -> Bool {
        switch text(name) {
        case nil: return standard
        case "true", "1": return true
        case "false", "0": return false
        default: throw Problem(.unprocessableContent, "bad_parameter", "\(name) is true or false")
        }
    }
}
