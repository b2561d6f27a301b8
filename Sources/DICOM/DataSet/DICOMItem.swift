import CDICOM
import Foundation

/// A dataset or an item of a sequence. Values are looked up at this level only.
package struct DICOMItem {
    /// Keeps the memory the pointer leads to.
    let file: DICOMFile
    let pointer: OpaquePointer?

    package func has(_ tag: Tag) -> Bool { CDICOMHas(pointer, tag.group, tag.element) }

    /// Whether the element is there with a value, or as a sequence with an item.
    package func hasValue(_ tag: Tag) -> Bool { CDICOMHasValue(pointer, tag.group, tag.element) }

    /// Whether the element is there and says nothing: without a value, or with blanks for one.
    package func isBlank(_ tag: Tag) -> Bool { has(tag) && text(tag) == nil }

    /// Whether nothing in it has a value, however deep.
    package var isEmpty: Bool { CDICOMItemIsEmpty(pointer) }

    /// One value as text without padding; `nil` where it is absent or empty.
    package func text(_ tag: Tag, at index: Int = 0) -> String? {
        let found = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer -> String? in
            guard let start = buffer.baseAddress,
                CDICOMText(pointer, tag.group, tag.element, UInt32(index), start, buffer.count)
            else { return nil }
            return String(cString: start)
        }
        let trimmed = found?.trimmingCharacters(in: .whitespacesAndNewlines.union(.controlCharacters))
        return trimmed?.isEmpty == false ? trimmed : nil
    }

    /// A text that a person typed, by the file's character set, whole and of any length; `nil` where it is absent or empty.
    package func unicodeText(_ tag: Tag) -> String? {
        guard let found = CDICOMUnicodeText(pointer, tag.group, tag.element, tag.representation == .pn) else { return nil }
        defer { free(found) }
        let text = String(cString: found).trimmingCharacters(in: .whitespacesAndNewlines.union(.controlCharacters))
        return text.isEmpty ? nil : text
    }

    /// The bytes of a text as they stand in the file, whole; `nil` where it is absent or empty.
    package func rawText(_ tag: Tag) -> [UInt8]? {
        guard let found = CDICOMRawText(pointer, tag.group, tag.element) else { return nil }
        defer { free(found) }
        let bytes = UnsafeBufferPointer(start: found, count: strlen(found)).map { UInt8(bitPattern: $0) }
        let end = bytes.lastIndex { $0 > 0x20 }.map { $0 + 1 } ?? 0
        return end > 0 ? Array(bytes[(bytes.firstIndex { $0 > 0x20 } ?? 0)..<end]) : nil
    }

    /// One value as a finite number.
    package func number(_ tag: Tag, at index: Int = 0) -> Double? {
        guard let value = text(tag, at: index).flatMap(Double.init), value.isFinite else { return nil }
        return value
    }

    /// One value as an integer; decimal strings such as "1.0" count.
    package func integer(_ tag: Tag, at index: Int = 0) -> Int? { number(tag, at: index).flatMap { Int(exactly: $0) } }

    /// The bytes of an element, little-endian, valid inside `body` only.
    package func withBytes<Result>(of tag: Tag, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result? {
        var start: UnsafePointer<UInt8>?
        var count = 0
        guard CDICOMBytes(pointer, tag.group, tag.element, &start, &count), let start else { return nil }
        return try withExtendedLifetime(file) { try body(UnsafeRawBufferPointer(start: start, count: count)) }
    }

    /// An item of a sequence, from 0.
    package func item(_ tag: Tag, at index: Int = 0) -> DICOMItem? {
        guard index >= 0, let number = UInt32(exactly: index),
            let found = CDICOMSequenceItem(pointer, tag.group, tag.element, number)
        else { return nil }
        return DICOMItem(file: file, pointer: found)
    }

    /// The items of a sequence; none where it is absent, empty or no sequence.
    package func items(_ tag: Tag) -> some Sequence<DICOMItem> {
        sequence(state: 0) { index -> DICOMItem? in
            defer { index += 1 }
            return item(tag, at: index)
        }
    }

    /// The first item of a sequence that says anything.
    package func filledItem(_ tag: Tag) -> DICOMItem? { items(tag).first { !$0.isEmpty } }
}
