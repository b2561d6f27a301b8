import Basics
import Datasets
import Findings
import Foundation
import Geometry
import Interchange
import TFRecords

/// Makes of records what they say of their images. The image itself stays in the file: only where it lies there is kept.
package struct ExampleReader {
    /// The fold of each patient.
    package private(set) var folds: [String: Int] = [:]
    /// How many records have a feature that is left aside, by its name.
    private var others: [String: Int] = [:]
    private var known: RecordClasses
    /// Records without a name of their image.
    private var unnamed = 0
    /// Boxes that reached a little over the edge of their image.
    private var clipped = 0

    package init(labelMap: LabelMap? = nil) { known = RecordClasses(labelMap) }

    package var classes: [FindingClass]? { known.classes }

    /// What is told of features that are left aside.
    var notes: [String] {
        var notes = others.sorted { $0.key < $1.key }.prefix(20).map { "the feature \($0.key) of \($0.value) records is left aside" }
        if unnamed > 0 { notes.append("\(unnamed) records do not name their image: it has the name of the file and the record's number") }
        if clipped > 0 { notes.append("\(clipped) boxes reach over the edge of their image by up to a tenth of it and were cut off there") }
        return notes
    }

    /// - Parameters:
    ///   - file: Where the record is.
    ///   - place: File and record, for messages.
    ///   - part: The part of the split that the file's name says; a feature of the record goes before it.
    /// - Throws: `DatasetError` with everything that is wrong.
    package mutating func read(_ record: TFRecord, of file: URL, place: String, part: String?) throws -> AnnotatedImage {
        var features: ExampleFeatures
        do {
            features = try ExampleFeatures(record.bytes)
        } catch {
            throw DatasetError(.malformed, "\(place): the record is no tf.train.Example")
        }
        var problems: [String] = []
        let encoded = features.single(ExampleKeys.encoded) ?? Data()
        var name = features.text(ExampleKeys.fileName)
        let sourceID = features.text(ExampleKeys.sourceID)
        name = name ?? sourceID
        // The API trains on records that name no image.
        if name == nil { unnamed += 1 }
        let numbered = "\(file.lastPathComponent)-" + String(format: "%06d", record.number)
        var image = AnnotatedImage(name: Self.name(name ?? numbered, of: encoded), place: place)
        if let offset = Self.offset(of: encoded, in: record.bytes) {
            image.content = .embedded(container: file, offset: record.offset + offset, length: encoded.count)
        } else {
            problems.append("\(ExampleKeys.encoded) is missing or empty")
        }
        if let digest = features.text(ExampleKeys.digest), digest.lowercased() != Digest(of: encoded).hexadecimal {
            problems.append("\(ExampleKeys.digest) is not that of the image")
        }
        image.width = size(&features, ExampleKeys.width, &problems)
        image.height = size(&features, ExampleKeys.height, &problems)
        image.patient = features.text(ExampleKeys.patient)
        image.view = features.text(ExampleKeys.view)
        image.part = features.text(ExampleKeys.part) ?? part
        image.labels = features.texts(ExampleKeys.labels)
        if image.labels == nil, let labels = features.texts(ExampleKeys.imageClassText), !labels.isEmpty { image.labels = labels }
        for key in features.keys where !ExampleKeys.all.contains(key) {
            if key.hasPrefix(ExampleKeys.attribute) {
                let attribute = String(key.dropFirst(ExampleKeys.attribute.count))
                // Empty is a value here.
                if let value = features.texts(key)?.first { image.attributes[attribute] = value }
            } else if others[key] != nil || others.count < 1000 {
                others[key, default: 0] += 1
            }
        }
        readFold(&features, of: image.patient, &problems)
        problems += readBoxes(&features, into: &image)
        problems = features.problems + problems
        guard problems.isEmpty else { throw DatasetError(.malformed, problems: problems.map { "\(place): \($0)" }) }
        return image
    }

    private func size(_ features: inout ExampleFeatures, _ key: String, _ problems: inout [String]) -> Int? {
        guard let size = features.integer(key) else { return nil }
        guard size > 0, size <= Int64(Int32.max) else {
            problems.append("\(key) is not a positive number")
            return nil
        }
        return Int(size)
    }

    private mutating func readFold(_ features: inout ExampleFeatures, of patient: String?, _ problems: inout [String]) {
        guard let fold = features.integer(ExampleKeys.fold) else { return }
        guard let patient else { return problems.append("\(ExampleKeys.fold) without \(ExampleKeys.patient)") }
        guard fold >= 0, let fold = Int(exactly: fold) else { return problems.append("\(ExampleKeys.fold) is negative") }
        if let other = folds.updateValue(fold, forKey: patient), other != fold {
            problems.append("\(ExampleKeys.fold): the patient is in another fold above")
        }
    }

    /// - Returns: What is wrong.
    private mutating func readBoxes(_ features: inout ExampleFeatures, into image: inout AnnotatedImage) -> [String] {
        let before = features.problems.count
        let edges = [ExampleKeys.xMin, ExampleKeys.yMin, ExampleKeys.xMax, ExampleKeys.yMax].map { ($0, features.floats($0)) }
        // A list without a value is what the API's own writers leave for one that is not there.
        let texts = features.texts(ExampleKeys.classText).flatMap { $0.isEmpty ? nil : $0 }
        let numbers = features.integers(ExampleKeys.classLabel).flatMap { $0.isEmpty ? nil : $0 }
        let readers = features.texts(ExampleKeys.reader)
        let agreements = features.floats(ExampleKeys.agreement)
        guard features.problems.count == before else { return [] }
        let count = edges.map { $0.1?.count ?? 0 }.max() ?? 0
        var problems = edges.filter { ($0.1?.count ?? 0) != count }.map { "\($0.0) has not as many values as its like" }
        let lists = [
            (ExampleKeys.classText, texts?.count), (ExampleKeys.classLabel, numbers?.count), (ExampleKeys.reader, readers?.count),
            (ExampleKeys.agreement, agreements?.count),
        ]
        problems += lists.filter { $0.1 != nil && $0.1 != count }.map { "\($0.0) has not one value a box" }
        if count > 0, texts == nil, numbers == nil { problems.append("\(ExampleKeys.classText) and \(ExampleKeys.classLabel) are missing") }
        guard problems.isEmpty else { return problems }
        let (xMin, yMin, xMax, yMax) = (edges[0].1 ?? [], edges[1].1 ?? [], edges[2].1 ?? [], edges[3].1 ?? [])
        for index in 0..<count {
            let place = "\(image.place), box \(index + 1)"
            let edges = (xMin[index], yMin[index], xMax[index], yMax[index])
            if let fault = Self.fault(edges) {
                problems.append("box \(index + 1): \(fault)")
                continue
            }
            let values = (Self.inside(edges.0), Self.inside(edges.1), Self.inside(edges.2), Self.inside(edges.3))
            // The last digit of an edge at 1 may be off.
            if min(edges.0, edges.1) < 0 || max(edges.2, edges.3) > 1.00001 { clipped += 1 }
            let agreement = agreements?[index] ?? -1
            guard agreement == -1 || (0...1).contains(agreement) else {
                problems.append("box \(index + 1): \(ExampleKeys.agreement) is not between 0 and 1")
                continue
            }
            do {
                let text = texts.flatMap { $0[index].isEmpty ? nil : $0[index] }
                let label = try known.name(text: text, number: numbers?[index])
                image.boxes.append(
                    NamedBox(
                        label: label, geometry: Self.geometry(values, image.width, image.height),
                        reader: readers.flatMap { $0[index].isEmpty ? nil : $0[index] },
                        agreement: agreement < 0 ? nil : Double(agreement), place: place))
            } catch {
                problems.append("box \(index + 1): \(error.reason)")
            }
        }
        return problems
    }

    /// How far over its image an edge may be, which is how far the API itself trains on (`maximum_normalized_coordinate`).
    private static let margin: Float = 0.1

    /// Edges x0, y0, x1, y1 in fractions of the image.
    private static func fault(_ edges: (Float, Float, Float, Float)) -> String? {
        let all = [edges.0, edges.1, edges.2, edges.3]
        guard all.allSatisfy((-margin...1 + margin).contains) else {
            let arePixels = all.allSatisfy { $0.isFinite && $0 >= 0 } && all.contains { $0 >= 2 }
            return arePixels
                ? "its edges are not between 0 and 1; they seem to be pixels, expected fractions of the image's size"
                : "its edges are not between 0 and 1"
        }
        guard edges.0 < edges.2, edges.1 < edges.3 else { return "it is empty or inverted" }
        return inside(edges.0) < inside(edges.2) && inside(edges.1) < inside(edges.3) ? nil : "it is outside its image"
    }

    private static func inside(_ edge: Float) -> Float { min(1, max(0, edge)) }

    private static func geometry(_ edges: (Float, Float, Float, Float), _ width: Int?, _ height: Int?) -> NamedBox.Geometry {
        guard let width, let height else {
            let (x0, y0, x1, y1) = (Double(edges.0), Double(edges.1), Double(edges.2), Double(edges.3))
            return .relative(Box(x0: x0, y0: y0, x1: x1, y1: y1))
        }
        return .pixels(
            Box(x0: pixels(edges.0, width), y0: pixels(edges.1, height), x1: pixels(edges.2, width), y1: pixels(edges.3, height)))
    }

    /// A fraction in pixels: the whole pixel that is written as this very fraction, where there is one. So whole pixels survive, and
    /// other edges are right to a 2^25th of the image's size, which is what `float` has: 0.00003 pixels of 1024.
    private static func pixels(_ fraction: Float, _ size: Int) -> Double {
        let exact = Double(fraction) * Double(size)
        let whole = exact.rounded()
        return Float(whole / Double(size)) == fraction ? whole : exact
    }

    /// Where the image begins in the record: the bytes found there are its very bytes. Only the places before which and behind which the
    /// other features find room come into question, and those are few.
    private static func offset(of encoded: Data, in record: UnsafeRawBufferPointer) -> Int? {
        guard let first = encoded.first, let start = record.baseAddress else { return nil }
        return encoded.withUnsafeBytes { (image: UnsafeRawBufferPointer) -> Int? in
            guard let bytes = image.baseAddress else { return nil }
            var offset = 0
            while offset + image.count <= record.count {
                let places = record.count - image.count - offset + 1
                guard let place = memchr(start + offset, Int32(first), places) else { return nil }
                if memcmp(place, bytes, image.count) == 0 { return UnsafeRawPointer(place) - start }
                offset = UnsafeRawPointer(place) - start + 1
            }
            return nil
        }
    }

    /// The name with the suffix that the image's first bytes say.
    private static func name(_ name: String, of encoded: Data) -> String {
        guard let format = ExampleImageFormat(encoded), !name.isEmpty else { return name }
        if format.suffixes.contains((name as NSString).pathExtension.lowercased()) { return name }
        return FileNames.withoutImageSuffix(name) + "." + format.suffixes[0]
    }
}
