import Basics
import Foundation

/// The lines of a part's file, without looking into what they say of an image.
struct ShardLines {
    struct Entry {
        /// The image's place in the list.
        var index: Int
        /// Where its JSON lies in the file.
        var range: Range<Int>
    }

    /// `nil` where the file is empty or cut off within its first line.
    private(set) var head: ShardHead?
    private(set) var entries: [Entry] = []
    /// How much of the file is whole lines.
    private(set) var wholeBytes = 0
    /// The file's bytes, mapped.
    let bytes: Data

    static func beginning(_ index: Int) -> String { "{\"index\": \(index), \"image\": " }

    /// - Throws: `BatchError` of code `damaged` where a whole line is none of ours.
    init(path: String, name: String) throws(BatchError) {
        do {
            bytes = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
        } catch {
            throw BatchError(.cannotUse, "\(name) cannot be read")
        }
        var number = 0
        while let end = bytes[wholeBytes...].firstIndex(of: UInt8(ascii: "\n")) {
            number += 1
            let line = wholeBytes..<end
            if number == 1 {
                guard let head = try? JSONDecoder().decode(ShardHead.self, from: bytes[line]), head.kind == ShardHead.kind, head.schema == 1
                else { throw BatchError(.damaged, "\(name) is no part of a batch that this Pleura can read") }
                self.head = head
            } else {
                guard let entry = Self.entry(bytes, line) else {
                    throw BatchError(.damaged, "line \(number) of \(name) is not as Pleura wrote it")
                }
                entries.append(entry)
            }
            wholeBytes = end + 1
        }
    }

    private static func entry(_ bytes: Data, _ line: Range<Int>) -> Entry? {
        let (before, between) = (Data("{\"index\": ".utf8), Data(", \"image\": ".utf8))
        let text = bytes[line]
        guard text.starts(with: before), text.last == UInt8(ascii: "}") else { return nil }
        let digits = text.dropFirst(before.count).prefix { (48...57).contains($0) }
        guard let index = Int(String(decoding: digits, as: UTF8.self)), bytes[digits.endIndex..<line.upperBound].starts(with: between)
        else {
            return nil
        }
        return Entry(index: index, range: digits.endIndex + between.count..<line.upperBound - 1)
    }
}
