import Basics
import DICOM
import Foundation
import VolumePhantoms
import Volumes

/// A drawn series before it is written: tests change it, then see what becomes of it.
struct SeriesDraft {
    struct Item {
        var name: String
        var series: ComputedTomographySeries
        var slice: ComputedTomographySeries.Slice
    }

    var items: [Item]
    /// Bytes of files by name, in place of what would be written.
    var replaced: [String: Data] = [:]
    /// Files beside the slices.
    var others: [(name: String, bytes: Data)] = []

    static let phantom: VolumePhantom = {
        let settings = VolumePhantomSettings(matrix: 96, sliceSpacing: 3, noise: 10, nodules: 3)
        guard let phantom = try? VolumePhantomGenerator(seed: 11, settings: settings).phantom(0) else {
            fatalError("the phantom cannot be drawn")
        }
        return phantom
    }()

    /// The slices of the phantom, from the lowest.
    init(_ phantom: VolumePhantom = Self.phantom, source: String = "draft") {
        let (series, slices) = phantom.series(patient: "PHANTOM", source: source)
        items = slices.enumerated().map { Item(name: String(format: "%04d.dcm", $0.offset), series: series, slice: $0.element) }
    }

    /// Number of the slice in the middle of the lungs.
    static var middle: Int { phantom.geometry.depth / 2 }

    var sources: [SliceSource] {
        get throws {
            try items.map { item in
                let bytes = try replaced[item.name] ?? item.series.file(of: item.slice)
                return SliceSource(name: item.name) { bytes }
            } + others.map { other in SliceSource(name: other.name) { other.bytes } }
        }
    }

    func volume(_ options: VolumeOptions = VolumeOptions()) throws -> Volume { try VolumeAssembler(options).assemble(sources) }

    mutating func changeAll(_ change: (inout ComputedTomographySeries) -> Void) {
        for index in items.indices { change(&items[index].series) }
    }

    /// Replaces bytes in the file of an item.
    mutating func patch(_ index: Int, _ find: [UInt8], _ replacement: [UInt8]) throws {
        var bytes = try items[index].series.file(of: items[index].slice)
        guard let place = bytes.range(of: Data(find)) else { throw CocoaError(.fileReadCorruptFile) }
        bytes.replaceSubrange(place, with: replacement)
        replaced[items[index].name] = bytes
    }
}

/// The order of a shuffle that is always the same.
func shuffled<Value>(_ values: [Value], seed: UInt64 = 3) -> [Value] {
    var random = SeededGenerator(seed: seed)
    return values.shuffled(using: &random)
}
