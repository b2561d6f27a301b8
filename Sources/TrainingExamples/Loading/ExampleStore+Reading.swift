import Basics
import Datasets
import Findings
import Foundation
import Geometry
import Networks
import Radiographs

extension ExampleStore {
    /// Decodes every image once, on all processors.
    /// - Parameters:
    ///   - images: What to read.
    ///   - side: Longest side of the pictures kept, in pixels.
    ///   - budget: Bytes of pictures kept in memory; the rest goes to a scratch file.
    ///   - scratchFolder: Where that file is made, without a name, when one is needed.
    ///   - needsBoxes: Whether a training without a single box makes sense.
    ///   - progress: Told how many images are done, of how many; what it throws ends the reading.
    /// - Throws: `TrainingError` where no image can be learnt from, or the disk is full.
    package init(
        dataset: Dataset, images: [DatasetImage], decoders: DecoderRegistry, preprocessing: Preprocessing, side: Int,
        budget: Int, scratchFolder: URL, needsBoxes: Bool = true, channels: Int = 1, shortestSide: Int = 0,
        progress: (Int, Int) throws -> Void
    ) throws {
        guard !images.isEmpty else { throw TrainingError(.noImages, "there is no image to learn from") }
        let columns = dataset.findingClasses.columns
        let (table, coverage) = (ImageLabelTable(dataset), SourceCoverage(dataset))
        try Self.checkRoom(for: images, side: side, budget: budget, folder: scratchFolder, channels: channels)
        var keeper = PictureKeeper(budget: budget, folder: scratchFolder)
        var (entries, failures, marked) = ([Entry](), [String](), 0)
        let looksForMarks = preprocessing.steps.contains(.sector)
        // A few images for each processor at a time, so that memory does not grow with their count.
        let chunk = 16 * max(1, ProcessInfo.processInfo.activeProcessorCount)
        for start in stride(from: 0, to: images.count, by: chunk) {
            let part = Array(images[start..<min(start + chunk, images.count)])
            let results = Concurrent.map(part.count, stretch: 1) { index in
                Result {
                    let image = part[index]
                    let radiograph = try decoders.decode(dataset.encodedImage(of: image))
                    let pixels = radiograph.pixels
                    try Self.check(radiograph, channels: channels, shortestSide: shortestSide)
                    return (
                        (channels == 3 ? radiograph.colour?.planes ?? [] : [pixels])
                            .map { Self.reduced($0, preprocessing: preprocessing, side: side) },
                        try Self.entry(image, pixels: pixels, columns: columns, table: table, coverage: coverage),
                        looksForMarks && UltrasoundSector(pixels)?.hasBurntInText == true
                    )
                }
            }
            for (image, result) in zip(part, results) {
                switch result {
                case .success((let planes, let entry, let isMarked)):
                    try keeper.add(planes)
                    entries.append(entry)
                    if isMarked { marked += 1 }
                case .failure(let error): failures.append("\(image.fileName): \(error)")
                }
            }
            try progress(min(start + chunk, images.count), images.count)
        }
        self.init(
            findings: dataset.findingClasses.map(\.name), entries: entries, keeper: keeper, failures: failures, channels: channels,
            notes: marked > 0
                ? [
                    "warning: \(marked) of \(entries.count) pictures have something burnt in outside the sector, such as a name; it is not learnt"
                        + " from, and it still stands in the files"
                ] : [])
        guard !entries.isEmpty else {
            throw TrainingError(.noImages, "none of \(images.count) images could be read, the first because of: \(failures.first ?? "")")
        }
        guard !needsBoxes || !boxed.isEmpty else {
            let reason = failures.first.map { "; of \(failures.count) left out, the first because of: \($0)" } ?? ""
            throw TrainingError(
                .noImages, "none of the \(entries.count) images that could be read has a box; a detector learns from boxes\(reason)")
        }
    }

    /// - Throws: `TrainingError` where the disk has no room for what does not fit into memory.
    private static func checkRoom(for images: [DatasetImage], side: Int, budget: Int, folder: URL, channels: Int) throws {
        let bytes = images.reduce(0.0) { sum, image in
            let factor = min(1, Double(side) / Double(max(1, image.width, image.height)))
            return sum + 2 * Double(channels) * Double(image.width) * factor * Double(image.height) * factor
        }
        let needed = bytes - Double(budget)
        guard needed > 0, let free = ScratchFile.freeBytes(in: folder), needed > Double(free) else { return }
        func megabytes(_ bytes: Double) -> Int { Int((bytes / 1_000_000).rounded(.up)) }
        throw TrainingError(
            .scratch,
            "the \(images.count) pictures need \(megabytes(bytes)) MB: \(megabytes(Double(budget))) MB go into memory, and for the rest "
                + "\(folder.path) has only \(megabytes(Double(free))) MB; allow more memory, keep smaller pictures, or name another folder")
    }

    /// - Throws: `TrainingError` where the picture is of another kind than the network takes.
    private static func check(_ radiograph: Radiograph, channels: Int, shortestSide: Int) throws {
        let pixels = radiograph.pixels
        guard min(pixels.width, pixels.height) >= shortestSide else {
            throw TrainingError(
                .noImages, "it has \(pixels.width) x \(pixels.height) pixels; an image of the domain has \(shortestSide) at least on a side"
            )
        }
        guard channels == 1 || radiograph.colour != nil else {
            throw TrainingError(.noImages, "it is grey; images of the domain are in colour")
        }
    }

    private static func entry(
        _ image: DatasetImage, pixels: PixelImage, columns: [Int: Int], table: ImageLabelTable, coverage: SourceCoverage?
    ) throws -> Entry {
        // Somebody made the pictures smaller, or mixed two sets up: every box would lie elsewhere.
        guard
            (image.boxes.isEmpty && image.unknown.isEmpty && image.absent.isEmpty)
                || (pixels.width, pixels.height) == (image.width, image.height)
        else {
            throw TrainingError(
                .noImages,
                "it has \(pixels.width) x \(pixels.height) pixels, and its boxes are of a picture of \(image.width) x \(image.height)")
        }
        let frame = Box(x: 0, y: 0, width: Double(pixels.width), height: Double(pixels.height))
        let boxes = image.boxes.compactMap { annotation -> TrainingBox? in
            guard let column = columns[annotation.classID], let box = Self.part(of: annotation.box, on: frame) else { return nil }
            return TrainingBox(
                box: box, classIndex: column, weight: annotation.agreement ?? 1,
                furtherClasses: coverage.map { Array($0.present(of: annotation).dropFirst()) } ?? [])
        }
        // Without its boxes the image would pass for one on which nothing is found, and without some of them for one on which they are not.
        guard boxes.count == image.boxes.count else {
            let lost = image.boxes.count - boxes.count
            throw TrainingError(
                .noImages,
                "\(lost) of its \(image.boxes.count) boxes have no size, lie outside the picture or have no finding of the label map")
        }
        let hasBoxes = !boxes.isEmpty || image.isNormal
        if let coverage {
            let knowledge = coverage.knowledge(of: image)
            let open = coverage.openPlaces(of: image).compactMap { columns, annotation in
                columns.first.flatMap { first in
                    Self.part(of: annotation.box, on: frame).map {
                        TrainingBox(box: $0, classIndex: first, furtherClasses: Array(columns.dropFirst()), isUnknown: true)
                    }
                }
            }
            let absent = image.absent.compactMap { annotation in
                columns[annotation.classID].flatMap { column in
                    Self.part(of: annotation.box, on: frame).map { TrainingBox(box: $0, classIndex: column, isAbsent: true) }
                }
            }
            let present = Set(boxes.flatMap(\.classes))
            return Entry(
                name: image.fileName, width: pixels.width, height: pixels.height, boxes: boxes + open + absent,
                imageLabels: ImageLabelTable.row(knowledge, boxes: present, open: Set(open.flatMap(\.classes))), hasBoxes: hasBoxes,
                background: knowledge.map(\.teachesBackground), sources: image.sources)
        }
        return Entry(
            name: image.fileName, width: pixels.width, height: pixels.height, boxes: boxes,
            imageLabels: table.row(labels: image.labels, boxes: Set(boxes.map(\.classIndex)), hasBoxes: hasBoxes), hasBoxes: hasBoxes)
    }

    /// What of a box lies on the picture; `nil` where that is less than a hundredth of it, or narrower than a hundredth of a pixel.
    static func part(of box: Box, on frame: Box) -> Box? {
        guard [box.x, box.y, box.width, box.height].allSatisfy(\.isFinite) else { return nil }
        let (left, top) = (max(box.x, frame.x), max(box.y, frame.y))
        let (right, bottom) = (min(box.x + box.width, frame.width), min(box.y + box.height, frame.height))
        guard right - left >= 0.01, bottom - top >= 0.01 else { return nil }
        let share = (right - left) / box.width * ((bottom - top) / box.height)
        guard share >= 0.01 else { return nil }
        // The same numbers where the whole box is there.
        if left == box.x, top == box.y, right == box.x + box.width, bottom == box.y + box.height { return box }
        return Box(x: left, y: top, width: right - left, height: bottom - top)
    }

    /// The enhanced picture, at most `side` pixels long. What is reduced is kept in 16 bits: an average of several pixels has more
    /// depth than each.
    static func reduced(_ image: PixelImage, preprocessing: Preprocessing, side: Int) -> PixelImage {
        let enhanced = preprocessing.enhanced(image)
        let longest = max(image.width, image.height)
        guard longest > side else { return enhanced }
        let (width, height) = (max(1, image.width * side / longest), max(1, image.height * side / longest))
        let whole = Box(x: 0, y: 0, width: Double(image.width), height: Double(image.height))
        let scale = 65_535 / Float(enhanced.maximum)
        let samples = enhanced.resampled(from: whole, width: width, height: height, fill: 0)
            .map { UInt16(min(65_535, max(0, ($0 * scale).rounded()))) }
        return PixelImage(width: width, height: height, bits: 16, samples: samples)
    }
}
