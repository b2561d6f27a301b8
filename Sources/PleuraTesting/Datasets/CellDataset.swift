import Basics
import Findings
import Foundation
import Geometry
import Radiographs

/// Images of grey cells that `TinyModel` reads, in two folds of ten patients: bright cells are drawn as findings, mostly, and so are
/// some others, so that the network is right and wrong.
public struct CellDataset {
    /// Brightness of each image's 16 cells, row by row, 0 to 1.
    public private(set) var cells: [[Double]] = []
    /// x, y, width, height and category of each image's boxes.
    public private(set) var boxes: [[(box: Box, category: Int)]] = []

    public static let names = ["Bright", "Dark"]
    public static func name(_ image: Int) -> String { "cells_\(image)" }
    public static func patient(_ image: Int) -> String { "patient \(image / 3)" }
    public static func fold(_ image: Int) -> Int { image / 3 % 2 }

    /// - Parameter count: Of images, three a patient; every third has no box.
    public init(count: Int = 60, seed: UInt64 = 3) {
        var random = SeededGenerator(seed: seed)
        for image in 0..<count {
            cells.append((0..<16).map { _ in (random.uniform() * 255).rounded() / 255 })
            guard image % 3 != 2 else {
                boxes.append([])
                continue
            }
            boxes.append(
                cells[image].enumerated().compactMap { number, brightness in
                    let box = Box(x: Double(number % 4 * 16), y: Double(number / 4 * 16), width: 20, height: 16)
                    if random.uniform() < brightness - 0.2 { return (box, 1) }
                    return random.uniform() < 0.35 - brightness ? (box, 2) : nil
                })
        }
    }

    /// Writes the dataset directory.
    public func write(to directory: URL) throws {
        let images = directory.appendingPathComponent("images")
        try FileManager.default.createDirectory(at: images, withIntermediateDirectories: true)
        var entries: [[String: Any]] = [], annotations: [[String: Any]] = []
        for (image, cells) in cells.enumerated() {
            let file = Self.name(image) + ".png"
            try DrawnPictures.cells(cells).png().write(to: images.appendingPathComponent(file))
            entries.append([
                "id": image + 1, "file_name": file, "width": 64, "height": 64, "patient": Self.patient(image),
                "view": image % 4 == 0 ? "AP" : "PA", "attributes": ["sex": image % 2 == 0 ? "F" : "M"],
            ])
            for item in boxes[image] {
                annotations.append([
                    "id": annotations.count + 1, "image_id": image + 1, "category_id": item.category,
                    "bbox": [item.box.x, item.box.y, item.box.width, item.box.height], "area": item.box.area, "iscrowd": 0,
                ])
            }
        }
        let categories = Self.names.enumerated().map { ["id": $0 + 1, "name": $1] as [String: Any] }
        try JSONSerialization.data(withJSONObject: ["images": entries, "annotations": annotations, "categories": categories])
            .write(to: directory.appendingPathComponent("annotations.json"))
        try Self.names.enumerated().map { "item { id: \($0 + 1) name: '\($1)' }\n" }.joined()
            .write(to: directory.appendingPathComponent("label_map.pbtxt"), atomically: true, encoding: .utf8)
        let folds = Dictionary(cells.indices.map { (Self.patient($0), Self.fold($0)) }) { first, _ in first }
        try ("patient,fold\n" + folds.map { "\($0),\($1)\n" }.sorted().joined())
            .write(to: directory.appendingPathComponent("folds.csv"), atomically: true, encoding: .utf8)
    }
}
