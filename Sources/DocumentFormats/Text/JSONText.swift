import Basics
import Datasets
import Findings
import Foundation
import Interchange

/// JSON that comes from outside: whole files with the line of a fault, and lists in which one broken element spoils no other.
package enum JSONText {
    /// - Parameter name: The file's name, for messages.
    /// - Throws: `DatasetError` of code `malformed`.
    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: Data, name: String) throws -> Value {
        guard !bytes.isEmpty else { throw DatasetError(.malformed, "\(name): the file is empty") }
        let bytes = try utf8(bytes, name: name)
        do {
            return try JSONDecoder().decode(type, from: bytes)
        } catch {
            if let line = line(ofFaultIn: bytes) { throw DatasetError(.malformed, "\(name), line \(line): not JSON") }
            throw DatasetError(.malformed, "\(name): \(fault(error, below: 0))")
        }
    }

    /// - Throws: `DatasetError` with the line where the text is not JSON at all.
    package static func check(_ bytes: Data, name: String) throws {
        let bytes = try utf8(bytes, name: name)
        if let line = line(ofFaultIn: bytes) { throw DatasetError(.malformed, "\(name), line \(line): not JSON") }
    }

    private static func utf8(_ bytes: Data, name: String) throws -> Data {
        guard let text = TextDecoding.utf8(bytes) else {
            throw DatasetError(.malformed, "\(name), line \(TextDecoding.faultLine(bytes)): not UTF-8 text")
        }
        return text
    }

    /// The line, from 1, where the text stops being JSON; `nil` where it does not. Only the older parser says the place.
    private static func line(ofFaultIn bytes: Data) -> Int? {
        do {
            _ = try JSONSerialization.jsonObject(with: bytes, options: .fragmentsAllowed)
            return nil
        } catch {
            let text = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String ?? ""
            if text.contains("representable") { return nil }
            guard let range = text.range(of: "character [0-9]+", options: .regularExpression),
                let offset = Int(text[range].dropFirst("character ".count))
            else {
                // The text ends too early.
                return bytes.count { $0 == UInt8(ascii: "\n") } + 1
            }
            return bytes.prefix(offset).count { $0 == UInt8(ascii: "\n") } + 1
        }
    }

    /// What is wrong with a value, by the names of keys that the reader asked for and never by what stands there.
    /// - Parameter depth: How deep in the file the value is.
    static func fault(_ error: any Error, below depth: Int) -> String {
        guard let error = error as? DecodingError else { return "it has a number that is too large or a text that is damaged" }
        let (path, missing): ([any CodingKey], (any CodingKey)?) =
            switch error {
            case .keyNotFound(let key, let context): (context.codingPath, key)
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context): (context.codingPath, nil)
            @unknown default: ([], nil)
            }
        let names = path.dropFirst(depth).compactMap { $0.intValue == nil ? $0.stringValue : nil }
        guard let name = names.first else { return missing.map { "it has no \"\($0.stringValue)\"" } ?? "it is of the wrong kind" }
        return "its \"\(name)\" is not what it should be"
    }

    /// A value on one line.
    static func line(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            throw DatasetError(.cannotWrite, "a value that JSON cannot hold")
        }
    }
}

/// An element of a list: its value, or what is wrong with it.
struct Checked<Value: Decodable>: Decodable {
    let result: Result<Value, DatasetError>

    init(from decoder: any Decoder) {
        do {
            result = .success(try Value(from: decoder))
        } catch {
            result = .failure(DatasetError(.malformed, JSONText.fault(error, below: decoder.codingPath.count)))
        }
    }

    /// The value, or else its problem among the others.
    func value(_ place: @autoclosure () -> String, _ problems: inout ProblemList) -> Value? {
        switch result {
        case .success(let value): return value
        case .failure(let error):
            problems.append("\(place()): \(error.reason)")
            return nil
        }
    }
}

/// A text, a number or a truth value as text, as tools differ in how they write ids and ages.
struct LooseText: Decodable, Hashable {
    let text: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(String.self) {
            text = value
        } else if let value = try? container.decode(Bool.self) {
            text = value ? "true" : "false"
        } else if let value = try? container.decode(Int.self) {
            text = String(value)
        } else {
            text = Decimals.shortest(try container.decode(Double.self))
        }
    }
}

/// A number, or a text that is one, as tools write them that keep everything as text.
struct LooseNumber: Decodable {
    let value: Double

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            value = try container.decode(Double.self)
        } catch {
            guard let text = try? container.decode(String.self), let number = CSVFile.number(text.trimmingCharacters(in: .whitespaces))
            else {
                throw error
            }
            value = number
        }
    }
}

/// The same of whole numbers.
struct LooseInteger: Decodable, Hashable {
    let value: Int

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            value = try container.decode(Int.self)
        } catch {
            guard let text = try? container.decode(String.self), let number = Int(text.trimmingCharacters(in: .whitespaces)) else {
                throw error
            }
            value = number
        }
    }
}

/// Texts by name out of an object; what is no text, number or truth value is left aside.
struct LooseTexts: Decodable {
    let texts: [String: String]

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: AnyKey.self)
        texts = Dictionary(
            container.allKeys.compactMap { key in
                (try? container.decode(LooseText.self, forKey: key)).map { (key.stringValue, $0.text) }
            }
        ) { first, _ in first }
    }

    struct AnyKey: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

/// Whether there is anything in a list, an object or a value, without reading it.
struct Presence: Decodable {
    let isThere: Bool

    init(from decoder: any Decoder) throws {
        if let list = try? decoder.unkeyedContainer() {
            isThere = !list.isAtEnd
        } else {
            isThere = try !decoder.singleValueContainer().decodeNil()
        }
    }
}

/// A list written element by element.
struct JSONListText {
    private let text: OutputText
    private var isEmpty = true

    /// - Throws: `DatasetError` of code `cannotWrite`.
    init(_ url: URL) throws {
        text = try OutputText(url)
        try text.write("[")
    }

    mutating func append(_ value: some Encodable) throws {
        try text.write((isEmpty ? "\n" : ",\n") + JSONText.line(value))
        isEmpty = false
    }

    func finish() throws {
        try text.write("\n]\n")
        try text.finish()
    }
}
