import Datasets
import Findings
import Foundation
import Geometry
import Interchange

/// Collects a document of one or several CVAT files.
struct CVATReading {
    var document = AnnotationDocument()
    private var labels: [(name: String, id: Int?)] = []
    private var hasLabels = false
    private var (refitted, others, between) = (0, 0, 0)
    /// Where each image is in the document.
    private var known: [[String]: Int] = [:]

    /// - Parameter hasFrames: Whether pictures lie there that are called as CVAT calls the frames of a video.
    mutating func read(_ file: CVATAnnotations, _ name: String, hasFrames: Bool) {
        readLabels(file.labels, name)
        var frames: [Int: Int] = [:]
        for (index, element) in file.images.enumerated() {
            let position = readImage(element, name, "\(name), image \(index + 1)")
            if let position, let frame = element.id.flatMap({ Int($0) }) { frames[frame] = position }
        }
        guard !file.tracks.isEmpty else { return }
        guard !file.images.isEmpty || hasFrames else {
            document.problems.append(
                "\(name): \(file.tracks.count) tracks of a video without an <image> for its frames; export it as \"CVAT for images 1.1\", "
                    + "or lay the frames beside it as frame_000000.png and so on")
            return
        }
        for (index, track) in file.tracks.enumerated() {
            readTrack(track, name, "\(name), track \(index + 1)", &frames, hasFrames: hasFrames && file.images.isEmpty)
        }
    }

    /// Puts the shapes of a track onto the images of their frames.
    private mutating func readTrack(
        _ track: CVATAnnotations.Track, _ name: String, _ place: String, _ frames: inout [Int: Int], hasFrames: Bool
    ) {
        var seen: [(frame: Int, isOutside: Bool)] = []
        for (index, (kind, shape)) in track.shapes.enumerated() {
            let place = "\(place), shape \(index + 1)"
            guard let frame = shape.texts["frame"].flatMap({ Int($0) }), (0..<10_000_000).contains(frame) else {
                document.problems.append("\(place): its frame is not a whole number from 0")
                continue
            }
            let isOutside = shape.texts["outside"] == "1"
            seen.append((frame, isOutside))
            if isOutside { continue }
            if frames[frame] == nil, hasFrames {
                frames[frame] = document.images.count
                document.images.append(AnnotatedImage(name: String(format: "frame_%06d", frame), place: place))
            }
            guard let position = frames[frame] else {
                document.problems.append("\(place): no <image> has the number of its frame; export it as \"CVAT for images 1.1\"")
                continue
            }
            do {
                var shape = shape
                shape.texts["label"] = shape.texts["label"] ?? track.label
                document.images[position].boxes.append(try box(shape, kind, place))
            } catch {
                document.images[position].lostBoxes += 1
                document.problems += (error as? DatasetError)?.problems ?? ["\(place): cannot be read"]
            }
        }
        others += track.others.count
        for shape in track.others {
            if let position = shape.texts["frame"].flatMap({ Int($0) }).flatMap({ frames[$0] }) { document.images[position].lostBoxes += 1 }
        }
        // Between two frames that somebody drew on, the object is there and its box is not.
        seen.sort { $0.frame < $1.frame }
        for (shape, next) in zip(seen, seen.dropFirst()) where !shape.isOutside && next.frame > shape.frame + 1 {
            for (frame, position) in frames where frame > shape.frame && frame < next.frame {
                document.images[position].lostBoxes += 1
                between += 1
            }
        }
    }

    /// Labels that are for tags only are none of a box.
    private mutating func readLabels(_ list: [CVATAnnotations.Label], _ name: String) {
        for (index, label) in list.enumerated() {
            guard let text = label.name, !text.isEmpty else {
                document.problems.append("\(name), label \(index + 1): no name")
                continue
            }
            hasLabels = true
            guard label.type != "tag", !labels.contains(where: { $0.name == text }) else { continue }
            labels.append((text, label.id.flatMap { Int($0) }))
        }
    }

    /// - Returns: Where it is in the document.
    private mutating func readImage(_ element: CVATAnnotations.Image, _ name: String, _ place: String) -> Int? {
        guard let imageName = element.name, !imageName.isEmpty else {
            document.problems.append("\(place): no name")
            return nil
        }
        let key = [name, element.taskID ?? "", element.subset ?? "", imageName]
        if let first = known[key] {
            document.problems.append("\(place): its name occurs twice")
            document.images[first].lostBoxes += 1
            return nil
        }
        known[key] = document.images.count
        var image = AnnotatedImage(name: imageName, place: place)
        for (side, text) in [("width", element.width), ("height", element.height)] {
            guard let text else { continue }
            guard let number = Int(text), number > 0 else {
                document.problems.append("\(place): its \(side) is not a whole number above 0")
                continue
            }
            if side == "width" { image.width = number } else { image.height = number }
        }
        // What CVAT says where nobody chose a subset.
        image.part = element.subset.flatMap { $0.isEmpty || $0 == "default" ? nil : $0 }
        others += element.otherCount
        image.lostBoxes = element.otherCount
        for (kind, shapes) in [
            ("box", element.boxes), ("polygon", element.polygons), ("mask", element.masks), ("ellipse", element.ellipses),
        ] {
            for (index, shape) in shapes.enumerated() {
                do {
                    image.boxes.append(try box(shape, kind, "\(place), \(kind) \(index + 1)"))
                } catch {
                    image.lostBoxes += 1
                    document.problems += (error as? DatasetError)?.problems ?? ["\(place): cannot be read"]
                }
            }
        }
        if !element.tags.isEmpty {
            image.labels = []
            for (index, tag) in element.tags.enumerated() {
                guard let label = tag.texts["label"], !label.isEmpty else {
                    document.problems.append("\(place), tag \(index + 1): no label")
                    continue
                }
                if label != CVATFormat.noFinding { image.labels?.append(label) }
            }
        }
        document.images.append(image)
        return document.images.count - 1
    }

    private mutating func box(_ shape: CVATAnnotations.Shape, _ kind: String, _ place: String) throws -> NamedBox {
        var problems: [String] = []
        let label = shape.texts["label"] ?? ""
        if label.isEmpty { problems.append("\(place): no label") }
        func number(_ key: String) -> Double? {
            guard let text = shape.texts[key], !text.isEmpty else {
                problems.append("\(place): no \(key)")
                return nil
            }
            let value = CSVFile.number(text)
            if value == nil { problems.append("\(place): its \(key) is not a number") }
            return value
        }
        var box: Box?
        switch kind {
        case "polygon":
            let pairs = (shape.texts["points"] ?? "").split(separator: ";").map {
                $0.split(separator: ",", omittingEmptySubsequences: false).map {
                    CSVFile.number($0.trimmingCharacters(in: .whitespaces))
                }
            }
            let points = pairs.compactMap { pair in
                pair.count == 2 ? pair[0].flatMap { x in pair[1].map { (x: x, y: $0) } } : nil
            }
            box = points.count == pairs.count && points.count > 2 ? Box(around: points) : nil
            if box == nil { problems.append("\(place): its points are not three or more pairs of numbers") }
        case "mask":
            let values = ["left", "top", "width", "height"].compactMap { number($0) }
            if values.count == 4 { box = Box(x: values[0], y: values[1], width: values[2], height: values[3]) }
        case "ellipse":
            let values = ["cx", "cy", "rx", "ry"].compactMap { number($0) }
            if values.count == 4 {
                box = Box(x: values[0] - values[2], y: values[1] - values[3], width: 2 * values[2], height: 2 * values[3])
            }
        default:
            let values = ["xtl", "ytl", "xbr", "ybr"].compactMap { number($0) }
            if values.count == 4 { box = Box(x0: values[0], y0: values[1], x1: values[2], y1: values[3]) }
        }
        let rotation = shape.texts["rotation"] == nil ? 0 : number("rotation") ?? 0
        var agreement: Double?
        if let text = shape.attributes[CVATOutput.agreement] {
            agreement = CSVFile.number(text).flatMap { (0...1).contains($0) ? $0 : nil }
            if agreement == nil { problems.append("\(place): its agreement is not between 0 and 1") }
        }
        guard problems.isEmpty, var box else { throw DatasetError(.malformed, problems: problems) }
        if rotation != 0 { box = box.turned(byDegrees: rotation, about: (box.centerX, box.centerY)) }
        if rotation != 0 || kind != "box" { refitted += 1 }
        return NamedBox(
            label: label, geometry: .pixels(box), reader: shape.attributes[CVATOutput.reader], agreement: agreement, place: place)
    }

    func finished() -> AnnotationDocument {
        var document = document
        let notes = [
            (refitted, "turned boxes, polygons, masks or ellipses have the upright box around them"),
            (others, "lines, points, cuboids or skeletons are not carried"),
            (between, "boxes between the drawn frames of a track are not there"),
        ]
        document.notes += notes.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        guard hasLabels else { return document }
        let used = Set(document.images.flatMap { $0.boxes.map(\.label) })
        let classes = labels.filter { $0.name != CVATFormat.noFinding || used.contains($0.name) }
        let ids = classes.compactMap(\.id).filter { (1...Int(Int32.max)).contains($0) }
        let areIDs = ids.count == classes.count && Set(ids).count == ids.count
        document.classes = classes.enumerated().map { FindingClass(id: areIDs ? ids[$0] : $0 + 1, name: $1.name) }
        return document
    }
}
