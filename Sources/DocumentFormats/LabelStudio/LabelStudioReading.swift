import Datasets
import Findings
import Foundation
import Geometry
import Interchange

/// Collects a document of Label Studio's tasks.
struct LabelStudioReading {
    private let index: ImageIndex
    var document = AnnotationDocument()
    /// Whether each image's path is one that an export of ours wrote, and so its name.
    private var isOwnName: [Bool] = []
    private var (unfinished, cancelled, predicted, refitted, others) = (0, 0, 0, 0, 0)

    init(_ index: ImageIndex) { self.index = index }

    mutating func read(_ checked: Checked<LabelStudioTask>, place: String) {
        guard let task = checked.value(place, &document.problems) else { return }
        if task.predictions?.isThere == true { predicted += 1 }
        var facts = task.data.texts
        guard let reference = Self.takeImage(&facts) else {
            document.problems.append("\(place): its data names no image")
            return
        }
        let path = path(of: reference)
        var image = AnnotatedImage(name: path.name, place: place)
        image.patient = facts.removeValue(forKey: "patient")
        image.view = facts.removeValue(forKey: "view")
        image.part = facts.removeValue(forKey: "part")
        image.attributes = facts.merging(task.data.attributes) { _, own in own }
        var isFinished = false
        for (number, checked) in (task.annotations ?? []).enumerated() {
            let place = "\(place), annotation \(number + 1)"
            guard let work = checked.value(place, &document.problems) else {
                image.lostBoxes += 1
                continue
            }
            guard !work.isCancelled else {
                cancelled += 1
                continue
            }
            isFinished = true
            for (number, checked) in work.result.enumerated() {
                let place = "\(place), region \(number + 1)"
                guard let region = checked.value(place, &document.problems) else {
                    image.lostBoxes += 1
                    continue
                }
                do {
                    try add(region, of: work, place: place, to: &image)
                } catch {
                    image.lostBoxes += 1
                    document.problems += (error as? DatasetError)?.problems ?? ["\(place): cannot be read"]
                }
            }
        }
        // What nobody looked at is not a normal image.
        guard isFinished || image.lostBoxes > 0 else {
            unfinished += 1
            return
        }
        document.images.append(image)
        isOwnName.append(path.isOwn)
    }

    private mutating func add(
        _ region: LabelStudioTask.Region, of work: LabelStudioTask.Work, place: String, to image: inout AnnotatedImage
    ) throws {
        guard let kind = LabelStudioTask.Value.Kind(rawValue: region.type) else {
            others += 1
            // Something was marked there, as with a brush; a text or a rating marks nothing.
            if region.type.hasSuffix("labels") { image.lostBoxes += 1 }
            return
        }
        guard let value = region.value else { throw DatasetError(.malformed, "\(place): it has no \"value\"") }
        if kind == .choices {
            let labels = image.labels ?? []
            image.labels = labels + (value.choices ?? []).filter { !labels.contains($0) }
            return
        }
        let labels = (value.rectanglelabels ?? []) + (value.labels ?? []) + (value.polygonlabels ?? []) + (value.ellipselabels ?? [])
        if labels.isEmpty {
            // A rectangle that gets its label by another region of the same id, which is read.
            guard kind == .rectangle else { throw DatasetError(.malformed, "\(place): it has no label") }
            others += 1
            return
        }
        guard region.imageRotation ?? 0 == 0 else { throw DatasetError(.malformed, "\(place): it was drawn on a turned image") }
        let box = try relativeBox(region, value, kind, place)
        if let width = region.originalWidth.flatMap({ Int(exactly: $0) }), let height = region.originalHeight.flatMap({ Int(exactly: $0) })
        {
            (image.width, image.height) = (width, height)
        }
        let meta = region.meta?.texts ?? [:]
        let agreement = meta["agreement"].flatMap(CSVFile.number)
        if let agreement, !(0...1).contains(agreement) {
            throw DatasetError(.malformed, "\(place): its agreement is not between 0 and 1")
        }
        for label in labels {
            guard !label.isEmpty else { throw DatasetError(.malformed, "\(place): it has no label") }
            image.boxes.append(
                NamedBox(label: label, geometry: .relative(box), reader: meta["reader"] ?? work.reader, agreement: agreement, place: place))
        }
    }

    /// In fractions of the image.
    private mutating func relativeBox(
        _ region: LabelStudioTask.Region, _ value: LabelStudioTask.Value, _ kind: LabelStudioTask.Value.Kind, _ place: String
    ) throws -> Box {
        var box: Box
        var pivot: (x: Double, y: Double)
        if kind == .polygonlabels {
            let points = value.points ?? []
            guard points.count > 2, points.allSatisfy({ $0.count == 2 }), let around = Box(around: points.map { ($0[0], $0[1]) }) else {
                throw DatasetError(.malformed, "\(place): its points are not three or more pairs of numbers")
            }
            refitted += 1
            return Box(x: around.x / 100, y: around.y / 100, width: around.width / 100, height: around.height / 100)
        }
        guard let x = value.x, let y = value.y else { throw DatasetError(.malformed, "\(place): it has no \"x\" and \"y\"") }
        if kind == .ellipselabels {
            guard let radiusX = value.radiusX, let radiusY = value.radiusY else {
                throw DatasetError(.malformed, "\(place): it has no \"radiusX\" and \"radiusY\"")
            }
            (box, pivot) = (Box(x: x - radiusX, y: y - radiusY, width: 2 * radiusX, height: 2 * radiusY), (x, y))
        } else {
            guard let width = value.width, let height = value.height else {
                throw DatasetError(.malformed, "\(place): it has no \"width\" and \"height\"")
            }
            (box, pivot) = (Box(x: x, y: y, width: width, height: height), (x, y))
        }
        let rotation = value.rotation ?? 0
        if rotation != 0 || kind == .ellipselabels { refitted += 1 }
        if rotation != 0 {
            // Percent of width and of height differ: the angle is one in pixels.
            guard let width = region.originalWidth, let height = region.originalHeight, width > 0, height > 0 else {
                throw DatasetError(.malformed, "\(place): it is turned and has no \"original_width\" and \"original_height\"")
            }
            let pixels = Box(x: box.x * width, y: box.y * height, width: box.width * width, height: box.height * height)
                .turned(byDegrees: rotation, about: (pivot.x * width, pivot.y * height))
            box = Box(x: pixels.x / width, y: pixels.y / height, width: pixels.width / width, height: pixels.height / height)
        }
        return Box(x: box.x / 100, y: box.y / 100, width: box.width / 100, height: box.height / 100)
    }

    /// The reference to the image: under `image`, or the only text that names one.
    private static func takeImage(_ facts: inout [String: String]) -> String? {
        if let image = facts.removeValue(forKey: "image") { return image.isEmpty ? nil : image }
        let candidates = facts.filter { fact in
            let path = fact.value.split(separator: "?").first.map(String.init) ?? ""
            return FileNames.hasImageSuffix(path) || fact.value.contains("/local-files/?d=")
        }
        guard candidates.count == 1, let key = candidates.keys.first else { return nil }
        return facts.removeValue(forKey: key)
    }

    /// The path that a reference means: of a file under local storage, of an upload, or of an address.
    private func path(of reference: String) -> (name: String, isOwn: Bool) {
        if let query = reference.range(of: "/local-files/?d=") {
            let encoded = reference[query.upperBound...].prefix { $0 != "&" }
            let path = encoded.removingPercentEncoding ?? String(encoded)
            let prefix = Dataset.imagesFolder + "/"
            return path.hasPrefix(prefix) ? (String(path.dropFirst(prefix.count)), true) : (path, false)
        }
        var path = reference
        if let scheme = path.range(of: "://") {
            path = String(path[scheme.upperBound...].drop { $0 != "/" }.prefix { $0 != "?" && $0 != "#" })
        }
        path = path.removingPercentEncoding ?? path
        path = String(path.drop { $0 == "/" })
        // Label Studio puts eight hexadecimal digits before the name of a file that is uploaded; the file itself may have kept its own.
        let last = (path as NSString).lastPathComponent
        guard let range = last.range(of: "^[0-9a-f]{8}-", options: .regularExpression), case .none = index.match(last) else {
            return (path, false)
        }
        return (String(last[range.upperBound...]), false)
    }

    /// The document with the notes.
    func finished() -> AnnotationDocument {
        var document = document
        shortenNames(&document.images)
        let notes = [
            (cancelled, "cancelled annotations were left out"), (unfinished, "tasks without an annotation were left out"),
            (predicted, "tasks have predictions, which are not read"),
            (refitted, "turned rectangles, polygons or ellipses have the upright box around them"),
            (others, "regions of other kinds are not carried"),
        ]
        document.notes += notes.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return document
    }

    /// Of an address or a path in a store only the last step is the image's name, where that is enough to tell it from the others.
    private func shortenNames(_ images: inout [AnnotatedImage]) {
        func last(_ image: AnnotatedImage) -> String { (image.name as NSString).lastPathComponent }
        let paths = Dictionary(grouping: images, by: last).mapValues { Set($0.map(\.name)).count }
        for (position, isOwn) in isOwnName.enumerated() where !isOwn {
            let image = images[position]
            guard image.name.contains("/"), FileNames.isInside(image.name), paths[last(image)] == 1,
                case .one(let file, _) = index.match(image.name)
            else { continue }
            images[position].content = .file(file)
            images[position].name = last(image)
        }
    }
}
