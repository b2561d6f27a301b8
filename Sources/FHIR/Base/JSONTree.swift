import Foundation

/// Any JSON: what is kept of a resource that Pleura does not speak.
public enum JSONTree: Hashable, Sendable, Codable {
    case null
    case boolean(Bool)
    case number(Decimal)
    case text(String)
    case list([JSONTree])
    case object([String: JSONTree])

    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let list = try? value.decode([JSONTree].self) {
            self = .list(list)
        } else if let object = try? value.decode([String: JSONTree].self) {
            self = .object(object)
        } else if let boolean = try? value.decode(Bool.self) {
            self = .boolean(boolean)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else {
            self = .number(try value.decode(Decimal.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .null: try value.encodeNil()
        case .boolean(let boolean): try value.encode(boolean)
        case .number(let number): try value.encode(number)
        case .text(let text): try value.encode(text)
        case .list(let list): try value.encode(list)
        case .object(let object): try value.encode(object)
        }
    }

    /// The member of an object.
    public subscript(key: String) -> JSONTree? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }
}
