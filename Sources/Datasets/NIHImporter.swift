import Findings
import Foundation
import SwiftCSV

/// Makes a dataset of NIH ChestX-ray14's boxed images (Wang et al., CVPR 2017) as NIH ships them: `BBox_List_2017.csv`,
/// `Data_Entry_2017.csv` and `images/`, and of folders of images without any finding.
public struct NIHImporter {
    /// Copy the images; else `images/` holds symbolic links.
    public var copiesImages: Bool

    public init(copiesImages: Bool = false) { self.copiesImages = copiesImages }

    private static let boxList = "BBox_List_2017.csv"
    private static let dataEntry = "Data_Entry_2017.csv"
    /// Side of NIH's released images in pixels; the boxes are in these.
    private static let side = 1024

    /// - Parameters:
    ///   - source: The folder with the boxes.
    ///   - normals: Folders of images without findings, each with `images/` and `Data_Entry_2017.csv`.
    ///   - target: The dataset directory to write.
    /// - Throws: `DatasetError` with every problem, file and row first; then nothing is written.
    public func importDataset(from source: URL, normals: [URL], to target: URL) throws -> Dataset {
        var problems: [String] = []
        let files = try imageFiles(source)
        let views = try entries(source)
        let rows = try table(source.appendingPathComponent(Self.boxList))
        var boxes: [String: [(name: String, box: Box)]] = [:]
        for (index, row) in rows.enumerated() {
            let place = "\(Self.boxList), row \(index + 2)"
            guard row.count >= 6 else {
                problems.append("\(place): fewer than six columns")
                continue
            }
            let numbers = row[2...5].compactMap { Double($0) }
            guard numbers.count == 4, numbers.allSatisfy(\.isFinite) else {
                problems.append("\(place): a box that is not four numbers")
                continue
            }
            let stem = (row[0] as NSString).deletingPathExtension
            let box = Box(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
            guard !box.isEmpty else {
                problems.append("\(place): an empty box")
                continue
            }
            guard !row[1].isEmpty else {
                problems.append("\(place): no finding")
                continue
            }
            // NIH lists more images than a part of its archive holds: without its picture a box is of no use.
            guard files[stem] != nil else { continue }
            boxes[stem, default: []].append((row[1], box))
        }
        guard problems.isEmpty else { throw DatasetError(.malformed, "\(problems.count) problems", problems: problems) }
        guard !boxes.isEmpty else { throw DatasetError(.missing, "no image of \(Self.boxList) is in \(source.path)/images") }

        let names = Set(boxes.values.flatMap { $0.map(\.name) }).sorted()
        let identifiers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0 + 1) })
        let foldsURL = source.appendingPathComponent("folds.csv")
        var folds = FileManager.default.fileExists(atPath: foldsURL.path) ? try FoldsFile.read(foldsURL) : [:]
        var images: [DatasetImage] = []
        var origins: [URL] = []
        func add(_ stem: String, _ file: URL, view: String?, annotations: [Annotation]) {
            images.append(
                DatasetImage(
                    id: images.count + 1, fileName: file.lastPathComponent, width: Self.side, height: Self.side,
                    patient: Self.patient(stem),
                    view: view, boxes: annotations))
            origins.append(file)
        }
        for stem in boxes.keys.sorted() {
            guard let file = files[stem] else { continue }
            let annotations = (boxes[stem] ?? []).compactMap { item in identifiers[item.name].map { Annotation(classID: $0, box: item.box) }
            }
            add(stem, file, view: views[stem], annotations: annotations)
        }
        let foldCount = (folds.values.max() ?? 3) + 1
        for folder in normals {
            let views = try entries(folder)
            for (stem, file) in try imageFiles(folder).sorted(by: { $0.key < $1.key }) where boxes[stem] == nil {
                let patient = Self.patient(stem)
                if folds[patient] == nil, let number = Int(patient) { folds[patient] = number % foldCount }
                add(stem, file, view: views[stem], annotations: [])
            }
        }
        let dataset = Dataset(
            directory: target, findingClasses: names.enumerated().map { FindingClass(id: $0 + 1, name: $1) }, images: images, folds: folds)
        try lay(origins, dataset)
        try dataset.writeDescription()
        return dataset
    }

    /// The first eight digits of an image's name are the patient's number.
    static func patient(_ stem: String) -> String { String(stem.prefix { $0 != "_" }) }

    private func imageFiles(_ folder: URL) throws -> [String: URL] {
        let images = folder.appendingPathComponent("images")
        guard let files = try? FileManager.default.contentsOfDirectory(at: images, includingPropertiesForKeys: nil) else {
            throw DatasetError(.missing, "\(images.path) is no folder")
        }
        return Dictionary(
            files.filter { ["png", "jpg", "jpeg"].contains($0.pathExtension.lowercased()) }.map {
                ($0.deletingPathExtension().lastPathComponent, $0)
            }
        ) { first, _ in first }
    }

    /// View position by image stem, from `Data_Entry_2017.csv` where there is one.
    private func entries(_ folder: URL) throws -> [String: String] {
        let url = folder.appendingPathComponent(Self.dataEntry)
        guard FileManager.default.fileExists(atPath: url.path) else { return [:] }
        guard let csv = try? EnumeratedCSV(url: url), let column = csv.header.firstIndex(of: "View Position") else {
            throw DatasetError(.malformed, "\(Self.dataEntry) has no column \"View Position\"")
        }
        return csv.rows.reduce(into: [:]) { views, row in
            if row.count > column { views[(row[0] as NSString).deletingPathExtension] = row[column] }
        }
    }

    private func table(_ url: URL) throws -> [[String]] {
        guard let csv = try? EnumeratedCSV(url: url) else {
            throw DatasetError(.unreadable, "\(url.lastPathComponent) cannot be read as CSV")
        }
        return csv.rows
    }

    private func lay(_ origins: [URL], _ dataset: Dataset) throws {
        let manager = FileManager.default
        let folder = dataset.directory.appendingPathComponent(Dataset.imagesFolder)
        do {
            try manager.createDirectory(at: folder, withIntermediateDirectories: true)
            for origin in origins {
                let target = folder.appendingPathComponent(origin.lastPathComponent)
                try? manager.removeItem(at: target)
                if copiesImages {
                    try manager.copyItem(at: origin, to: target)
                } else {
                    try manager.createSymbolicLink(at: target, withDestinationURL: origin.absoluteURL.standardizedFileURL)
                }
            }
        } catch {
            throw DatasetError(.cannotWrite, "\(folder.path) cannot be filled")
        }
    }
}
