import Basics
import Findings
import Foundation

/// What the first bytes of a JSON file show of its kind: enough to tell formats apart without reading the file.
struct JSONOutline {
    enum Kind { case object, list, other }

    let kind: Kind
    /// Of the outermost object, or of the first object of the outermost list, as far as the bytes go.
    let keys: Set<String>
    /// All keys that the bytes show, at any depth.
    let allKeys: Set<String>

    init(of file: URL) { self.init(FileHead.bytes(of: file)) }

    init(_ head: Data) {
        let text = Array(TextDecoding.head(head))
        let first = text.first { !Self.isBlank($0) }
        kind = first == UInt8(ascii: "{") ? .object : first == UInt8(ascii: "[") ? .list : .other
        var keys: Set<String> = []
        var allKeys: Set<String> = []
        let depthOfKeys = kind == .object ? 1 : 2
        var depth = 0
        var isFirst = true
        var index = 0
        while index < text.count, kind != .other {
            switch text[index] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == depthOfKeys { isFirst = false }
                depth -= 1
            case UInt8(ascii: "\""):
                let start = index + 1
                index = start
                while index < text.count, text[index] != UInt8(ascii: "\"") { index += text[index] == UInt8(ascii: "\\") ? 2 : 1 }
                guard index < text.count else { break }
                let end = index
                var next = index + 1
                while next < text.count, Self.isBlank(text[next]) { next += 1 }
                if next < text.count, text[next] == UInt8(ascii: ":") {
                    let key = String(decoding: text[start..<end], as: UTF8.self)
                    allKeys.insert(key)
                    if depth == depthOfKeys, isFirst { keys.insert(key) }
                }
            default: break
            }
            index += 1
        }
        self.keys = keys
        self.allKeys = allKeys
    }

    private static func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
}
