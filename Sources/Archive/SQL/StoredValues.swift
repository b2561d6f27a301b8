import Foundation

extension Date {
    init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1_000) }

    /// Since 1970. Times beyond the ten thousand years around it are its ends.
    var milliseconds: Int64 {
        let number = (timeIntervalSince1970 * 1_000).rounded()
        return number.isNaN ? 0 : Int64(min(max(number, -3e14), 3e14))
    }
}

/// JSON in columns.
enum StoredJSON {
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func value<Value: Decodable>(_ text: String, _: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    }

    /// An empty one is met most often, and needs no decoder.
    static func list<Value: Decodable>(_ text: String, of _: Value.Type = Value.self) throws -> [Value] {
        text == "[]" ? [] : try value(text)
    }
}
