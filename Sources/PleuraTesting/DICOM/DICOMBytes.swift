import Foundation

/// A DICOM file laid byte by byte (PS3.10, explicit VR little endian), so that a test can say what no proper program would write.
public struct DICOMBytes {
    private struct Tag: Hashable, Comparable {
        let group: UInt16
        let number: UInt16
        static func < (a: Tag, b: Tag) -> Bool { (a.group, a.number) < (b.group, b.number) }
    }
    private var elements: [Tag: Data] = [:]

    /// Elements alone, for an item of a sequence.
    public init() {}

    /// A DX image of 8 bits.
    /// - Parameters:
    ///   - rows: What is claimed, whatever `samples` holds.
    ///   - columns: The same.
    ///   - samples: Pixel Data; none are no element.
    public init(rows: UInt16, columns: UInt16, samples: Data) {
        set(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.1.1")
        set(0x0008, 0x0018, "UI", "1.2.826.0.1.3680043.8.498.7")
        set(0x0008, 0x0060, "CS", "DX")
        set(0x0028, 0x0004, "CS", "MONOCHROME2")
        for (number, value) in [(0x2, 1), (0x10, rows), (0x11, columns), (0x100, 8), (0x101, 8), (0x102, 7), (0x103, 0)]
            as [(UInt16, UInt16)]
        {
            set(0x0028, number, "US", Self.little(value))
        }
        if !samples.isEmpty { set(0x7FE0, 0x0010, "OB", samples) }
    }

    /// A text of several values stands with backslashes; an empty one is an element without a value.
    public mutating func set(_ group: UInt16, _ number: UInt16, _ vr: String, _ text: String) { set(group, number, vr, Data(text.utf8)) }

    public mutating func set(_ group: UInt16, _ number: UInt16, _ vr: String, _ value: Data) {
        let padded = value.count % 2 == 0 ? value : value + [["UI", "OB", "UN"].contains(vr) ? 0 : 0x20]
        let isLong = ["OB", "OW", "SQ", "UN"].contains(vr)
        elements[Tag(group: group, number: number)] =
            Self.little(group) + Self.little(number) + Data(vr.utf8)
            + (isLong ? [0, 0] + Self.little(UInt32(padded.count)) : Self.little(UInt16(padded.count))) + padded
    }

    /// A sequence of items of known lengths.
    public mutating func set(_ group: UInt16, _ number: UInt16, items: [DICOMBytes]) {
        let value = items.map { $0.dataset }.reduce(Data()) {
            $0 + Self.little(UInt16(0xFFFE)) + Self.little(UInt16(0xE000)) + Self.little(UInt32($1.count)) + $1
        }
        set(group, number, "SQ", value)
    }

    public mutating func remove(_ group: UInt16, _ number: UInt16) { elements[Tag(group: group, number: number)] = nil }

    /// The elements in their order, without what a file has before them.
    public var dataset: Data { elements.sorted { $0.key < $1.key }.map(\.value).reduce(Data(), +) }

    /// - Parameter syntax: What the file says it is; nothing is encoded anew.
    public func file(syntax: String = "1.2.840.10008.1.2.1") -> Data {
        var meta = DICOMBytes()
        meta.set(0x0002, 0x0001, "OB", Data([0, 1]))
        meta.set(0x0002, 0x0002, "UI", "1.2.840.10008.5.1.4.1.1.1.1")
        meta.set(0x0002, 0x0003, "UI", "1.2.826.0.1.3680043.8.498.7")
        meta.set(0x0002, 0x0010, "UI", syntax)
        var length = DICOMBytes()
        length.set(0x0002, 0x0000, "UL", Self.little(UInt32(meta.dataset.count)))
        return Data(count: 128) + Data("DICM".utf8) + length.dataset + meta.dataset + dataset
    }

    /// The number's bytes, the lowest first.
    public static func little<Number: FixedWidthInteger>(_ number: Number) -> Data {
        withUnsafeBytes(of: number.littleEndian) { Data($0) }
    }
}
