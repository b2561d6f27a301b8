// Writes or reads records of one image each and says how long that took and how much memory it had; `make bench-records` runs it beside
// TensorFlow doing the same (Benchmarks/records.py).
//
//     bench-records write|read FILE COUNT IMAGE_BYTES
//
// The record layer and the examples are those of `dataset export` and `dataset import`; images are bytes in memory, as they are on
// TensorFlow's side, so that no disk is measured but the records' own.

import AnnotationFormats
import Basics
import Datasets
import Findings
import Foundation
import Geometry
import Interchange
import TFRecords

let arguments = CommandLine.arguments
guard arguments.count == 5, let count = Int(arguments[3]), let size = Int(arguments[4]), count > 0, size > 16 else {
    FileHandle.standardError.write(Data("usage: bench-records write|read FILE COUNT IMAGE_BYTES\n".utf8))
    exit(2)
}
let file = URL(fileURLWithPath: arguments[2])
let clock = ContinuousClock()
do {
    let (seconds, boxes) = arguments[1] == "write" ? try write() : try read()
    print("{\"seconds\": \(seconds), \"records\": \(count), \"boxes\": \(boxes), \"peak_kilobytes\": \(peakMemory())}")
} catch {
    FileHandle.standardError.write(Data("bench-records: \(error)\n".utf8))
    exit(1)
}

/// A dataset's images: three boxes each, and one of 64 pictures of noise with the first bytes of a PNG.
func write() throws -> (Double, Int) {
    var random = SeededGenerator(seed: 1)
    let pictures = (0..<64).map { _ in
        Data([0x89, 0x50, 0x4e, 0x47] + (4..<size).map { _ in UInt8.random(in: 0...255, using: &random) })
    }
    let classes = (1...8).map { FindingClass(id: $0, name: "finding \($0)") }
    let boxes = (0..<3).map {
        Annotation(classID: $0 + 1, box: Box(x: Double($0) * 100 + 0.25, y: 30, width: 200, height: 300.5))
    }
    let started = clock.now
    let examples = ExampleWriter(Dataset(directory: file, findingClasses: classes, images: [], folds: [:]))
    let writer = try TFRecordWriter(file)
    for index in 0..<count {
        let image = DatasetImage(
            id: index + 1, fileName: "image-\(index).png", width: 1024, height: 1024, patient: "patient-\(index / 2)", boxes: boxes)
        try writer.write(examples.record(of: image, encoded: pictures[index % pictures.count]))
    }
    try writer.finish()
    return ((clock.now - started) / .seconds(1), count * boxes.count)
}

/// All that an import does with a record, checksums and SHA-256 with it, and no image kept.
func read() throws -> (Double, Int) {
    let started = clock.now
    let reader = try TFRecordReader(file)
    var examples = ExampleReader()
    var (records, boxes) = (0, 0)
    while try reader.read({ record in
        let image = try examples.read(record, of: file, place: "record \(record.number)", part: nil)
        guard case .embedded(_, _, let length) = image.content, length == size else { exit(4) }
        records += 1
        boxes += image.boxes.count
    }) {}
    guard records == count else { exit(4) }
    return ((clock.now - started) / .seconds(1), boxes)
}

/// The most memory this process ever had in use, in kilobytes (`VmHWM`, proc(5)).
func peakMemory() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
}
