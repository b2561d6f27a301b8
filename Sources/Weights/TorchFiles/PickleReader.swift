import Foundation
import ModelGraph

/// Reads Python's pickle format (protocols 2 to 5, PEP 307, 3154, 574) as far as PyTorch writes it. It is a small stack machine; anything that
/// would run code is kept as data.
struct PickleReader {
    /// Tuples in tuples, beyond what any weights have.
    private static let deepest = 100

    private let bytes: Data
    /// The next byte, from the start of `bytes`.
    private(set) var position: Int
    private var stack: [PickleValue] = []
    private var memory: [Int: PickleValue] = [:]
    /// Everything outside the pickles that they name, such as storages.
    private(set) var outsides: [PickleValue] = []
    /// What is read is good as long as this is kept.
    let arena = PickleArena()

    init(_ bytes: Data, at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    /// One pickle, from the present position to its STOP.
    /// - Throws: `ModelGraphError` with the position.
    mutating func read() throws -> PickleValue {
        stack = []
        memory = [:]
        while true {
            let code = try byte()
            if code == UInt8(ascii: ".") { return try pop() }
            try execute(code)
        }
    }

    private mutating func execute(_ code: UInt8) throws {
        switch code {
        case 0x80: _ = try byte()
        case 0x95: _ = try take(8)
        case UInt8(ascii: "}"): stack.append(.dictionary(arena.dictionary()))
        case UInt8(ascii: "]"): stack.append(.list(arena.list()))
        case UInt8(ascii: ")"): stack.append(.tuple([], depth: 0))
        case UInt8(ascii: "("): stack.append(.mark)
        case UInt8(ascii: "N"): stack.append(.none)
        case 0x88, 0x89: stack.append(.boolean(code == 0x88))
        case UInt8(ascii: "K"): stack.append(.integer(Int(try byte())))
        case UInt8(ascii: "M"): stack.append(.integer(Int(try unsigned(2))))
        case UInt8(ascii: "J"): stack.append(.integer(Int(Int32(truncatingIfNeeded: try unsigned(4)))))
        case 0x8A: stack.append(try long(Int(try byte())))
        case 0x8B: stack.append(try long(try length(4)))
        case UInt8(ascii: "G"): stack.append(.real(Double(bitPattern: try take(8).reduce(0) { $0 << 8 | UInt64($1) })))
        case UInt8(ascii: "X"): stack.append(try string(try length(4)))
        case 0x8C: stack.append(try string(Int(try byte())))
        case 0x8D, 0x8E: stack.append(try string(try length(8)))
        case UInt8(ascii: "T"), UInt8(ascii: "B"): stack.append(try string(try length(4)))
        case UInt8(ascii: "U"), UInt8(ascii: "C"): stack.append(try string(Int(try byte())))
        case UInt8(ascii: "q"): memory[Int(try byte())] = try top()
        case UInt8(ascii: "r"): memory[try length(4)] = try top()
        case 0x94: memory[memory.count] = try top()
        case UInt8(ascii: "h"): try recall(Int(try byte()))
        case UInt8(ascii: "j"): try recall(try length(4))
        case UInt8(ascii: "0"): _ = try pop()
        case UInt8(ascii: "1"): _ = try popToMark()
        case UInt8(ascii: "2"): stack.append(try top())
        case 0x85, 0x86, 0x87:
            let count = Int(code) - 0x84
            guard stack.count >= count else { throw damaged() }
            let values = Array(stack.suffix(count))
            stack.removeLast(count)
            stack.append(try tuple(values))
        case UInt8(ascii: "t"): stack.append(try tuple(try popToMark()))
        case UInt8(ascii: "c"):
            let module = try line()
            stack.append(.name(module: module, name: try line()))
        case 0x93:
            guard let name = try pop().text, let module = try pop().text else { throw damaged() }
            stack.append(.name(module: module, name: name))
        case UInt8(ascii: "R"), 0x81: try call()
        case 0x92:
            _ = try pop()
            try call()
        case UInt8(ascii: "Q"):
            let value = PickleValue.outside(try pop())
            guard value.depth <= Self.deepest else { throw damaged() }
            outsides.append(value)
            stack.append(value)
        case UInt8(ascii: "b"):
            // An OrderedDict's state is PyTorch's record of versions.
            let state = try pop()
            if case .call(let object) = try top() { object.state = state }
        case UInt8(ascii: "a"):
            let value = try pop()
            try append([value])
        case UInt8(ascii: "e"), 0x90: try append(try popToMark())
        // A set is read as a list.
        case 0x8F: stack.append(.list(arena.list()))
        case 0x91:
            let values = try popToMark()
            stack.append(.list(arena.list()))
            try append(values)
        case UInt8(ascii: "s"):
            let value = try pop()
            try set([try pop(), value])
        case UInt8(ascii: "u"): try set(try popToMark())
        default: throw damaged()
        }
    }

    /// A call with a tuple of arguments; only an empty `OrderedDict` becomes what it would make.
    private mutating func call() throws {
        guard let arguments = try pop().tuple else { throw damaged() }
        let function = try pop()
        if case .name("collections", "OrderedDict") = function, arguments.isEmpty {
            stack.append(.dictionary(arena.dictionary()))
        } else {
            stack.append(.call(arena.call(function, arguments)))
        }
    }

    private func tuple(_ values: [PickleValue]) throws -> PickleValue {
        let depth = 1 + (values.map(\.depth).max() ?? 0)
        guard depth <= Self.deepest else { throw damaged() }
        return .tuple(values, depth: depth)
    }

    private mutating func append(_ values: [PickleValue]) throws {
        switch try top() {
        case .list(let list): list.values += values
        case .call(let object): object.list.values += values
        default: throw damaged()
        }
    }

    private mutating func set(_ values: [PickleValue]) throws {
        let dictionary: PickleDictionary
        switch try top() {
        case .dictionary(let value): dictionary = value
        case .call(let object): dictionary = object.dictionary
        default: throw damaged()
        }
        guard values.count % 2 == 0 else { throw damaged() }
        for index in stride(from: 0, to: values.count, by: 2) { dictionary.entries.append((values[index], values[index + 1])) }
    }

    private mutating func recall(_ index: Int) throws {
        guard let value = memory[index] else { throw damaged() }
        stack.append(value)
    }

    private func top() throws -> PickleValue {
        guard let value = stack.last else { throw damaged() }
        return value
    }

    private mutating func pop() throws -> PickleValue {
        guard let value = stack.popLast() else { throw damaged() }
        return value
    }

    private mutating func popToMark() throws -> [PickleValue] {
        var values: [PickleValue] = []
        while let value = stack.popLast() {
            if case .mark = value { return values.reversed() }
            values.append(value)
        }
        throw damaged()
    }

    // MARK: Bytes

    private mutating func take(_ count: Int) throws -> Data {
        guard count >= 0, count <= bytes.count - position else { throw damaged() }
        defer { position += count }
        return bytes[bytes.startIndex + position..<bytes.startIndex + position + count]
    }

    private mutating func byte() throws -> UInt8 {
        guard let value = try take(1).first else { throw damaged() }
        return value
    }

    private mutating func unsigned(_ count: Int) throws -> UInt64 {
        try take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func length(_ count: Int) throws -> Int {
        guard let length = Int(exactly: try unsigned(count)) else { throw damaged() }
        return length
    }

    /// Two's complement, little-endian. Numbers beyond 64 bits occur only as PyTorch's mark of its older format; their lowest bits tell it.
    private mutating func long(_ count: Int) throws -> PickleValue {
        let digits = try take(count)
        var value = digits.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        if count < 8, count > 0, let last = digits.last, last & 0x80 != 0 { value |= ~UInt64(0) << UInt64(8 * count) }
        return .integer(Int(truncatingIfNeeded: value))
    }

    private mutating func string(_ count: Int) throws -> PickleValue { .text(String(decoding: try take(count), as: UTF8.self)) }

    private mutating func line() throws -> String {
        var characters = Data()
        while true {
            let next = try byte()
            if next == UInt8(ascii: "\n") { return String(decoding: characters, as: UTF8.self) }
            characters.append(next)
        }
    }

    private func damaged() -> ModelGraphError {
        ModelGraphError(.damaged, "byte \(position): not what PyTorch writes into a pickle")
    }
}
