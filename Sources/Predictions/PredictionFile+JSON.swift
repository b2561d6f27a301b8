import Datasets
import DocumentFormats
import Evaluation
import Findings
import Foundation
import Geometry

extension PredictionFile {
    /// COCO's results format.
    static func coco(_ bytes: Data, images: [DatasetImage], findingClasses: [FindingClass]) throws -> PredictionFile {
        guard let entries = try? JSONDecoder().decode([ResultEntry].self, from: JSONNumbers.withoutSpecial(bytes)) else {
            throw EvaluationError(
                .malformed, "not COCO's results: a JSON array of image_id, category_id, bbox and score\(JSONNumbers.fault(bytes))")
        }
        var file = PredictionFile(format: "COCO results")
        try file.add(entries, files: [:], categories: [:], images: images, findingClasses: findingClasses)
        return file
    }

    /// The JSON of `pleura detect`, or COCO's instances with scores.
    static func object(_ bytes: Data, images: [DatasetImage], findingClasses: [FindingClass]) throws -> PredictionFile {
        let bytes = JSONNumbers.withoutSpecial(bytes)
        if let document = try? JSONDecoder().decode(InstancesDocument.self, from: bytes) {
            var file = PredictionFile(format: "COCO instances with scores")
            let files = Dictionary(document.images.compactMap { $0.value.map { ($0.id, $0.fileName) } }) { first, _ in first }
            let categories = Dictionary((document.categories ?? []).compactMap { $0.value.map { ($0.id, $0.name) } }) { first, _ in first }
            try file.add(document.annotations, files: files, categories: categories, images: images, findingClasses: findingClasses)
            return file
        }
        guard let document = try? JSONDecoder().decode(FindingsDocument.self, from: bytes) else {
            throw EvaluationError(
                .malformed, "neither COCO's results (a JSON array) nor the JSON of pleura detect\(JSONNumbers.fault(bytes))")
        }
        var file = PredictionFile(format: "JSON of pleura detect")
        for (number, image) in document.images.enumerated() {
            guard let image = image.value else {
                file.leaveOut("image \(number + 1): it has no image and findings")
                continue
            }
            if image.error != nil { file.leaveOut("image \(number + 1): it could not be read when the findings were made") }
            for (index, finding) in image.findings.enumerated() {
                let place = "image \(number + 1), finding \(index + 1)"
                guard let finding = finding.value else {
                    file.leaveOut("\(place): it has no label and box")
                    continue
                }
                let edges = finding.box.map { $0 ?? .nan }
                guard edges.count == 4 else {
                    file.leaveOut("\(place): its box is not x, y, width and height")
                    continue
                }
                file.rows.append(
                    PredictedBox(
                        place: place, image: image.image, category: .name(finding.label),
                        box: Box(x: edges[0], y: edges[1], width: edges[2], height: edges[3]), score: finding.score ?? .nan))
            }
        }
        return file
    }

    /// - Parameters:
    ///   - files: The files' names by `image_id`, where the document has them.
    ///   - categories: The findings' names by `category_id`, where the document has them.
    private mutating func add(
        _ entries: [ResultEntry], files: [ResultEntry.NameOrNumber: String], categories: [Int: String], images: [DatasetImage],
        findingClasses: [FindingClass]
    ) throws {
        let known = ImageNumbers(images)
        func fileName(_ entry: ResultEntry) -> String? { entry.fileName ?? entry.imageID.flatMap { files[$0] } }
        /// A text that is no name may be an id that some tool wrote as a text.
        func number(_ entry: ResultEntry) -> Int? {
            switch entry.imageID {
            case .number(let number)?: number
            case .text(let text)?: known.name(text) == nil ? Int(text) : nil
            case nil: nil
            }
        }
        let named = entries.compactMap { entry in
            number(entry).flatMap { number in fileName(entry).flatMap(known.name).map { (number: number, name: $0) } }
        }
        let meant = try known.meaning(of: Set(entries.lazy.filter { fileName($0) == nil }.compactMap(number)), named: named)
        let unnamed = entries.filter { $0.categoryName == nil && $0.categoryID?.number.flatMap { categories[$0] } == nil }
        let numbers = try ClassNumbers(Set(unnamed.compactMap { $0.categoryID?.number }), under: .id, findingClasses: findingClasses)
        let others = unnamed.filter { $0.categoryID == nil }.compactMap(\.classNumber)
        let otherNumbers = try ClassNumbers(
            Set(others.map(\.number)), under: .unclear(others.first?.title ?? ""), findingClasses: findingClasses)
        if let note = numbers.note { problems.append(note) }
        for (index, entry) in entries.enumerated() {
            let place = "entry \(index + 1)"
            guard let image = fileName(entry) ?? number(entry).map({ meant[$0] ?? "\($0)" }) ?? entry.imageID?.text else {
                leaveOut("\(place): it has no image_id")
                continue
            }
            let category: PredictedBox.Category
            if let name = entry.categoryName ?? entry.categoryID?.number.flatMap({ categories[$0] }) {
                category = .name(name)
            } else if let id = entry.categoryID?.number {
                category = numbers.category(id)
            } else if let number = entry.classNumber?.number {
                category = otherNumbers.category(number)
            } else {
                leaveOut("\(place): it has no category_id")
                continue
            }
            guard let box = entry.box else {
                leaveOut("\(place): its bbox is not x, y, width and height")
                continue
            }
            rows.append(PredictedBox(place: place, image: image, category: category, box: box, score: entry.score ?? .nan))
        }
    }

    mutating func leaveOut(_ problem: String) {
        problems.append(problem + "; left out")
        leftOut += 1
    }

    /// An element of a list, or nothing where it is not built as it should be.
    private struct Lenient<Value: Decodable>: Decodable {
        var value: Value?
        init(from decoder: any Decoder) throws { value = try? Value(from: decoder) }
    }

    private struct FindingsDocument: Decodable {
        struct Image: Decodable {
            struct Finding: Decodable {
                var label: String
                var score: Double?
                var box: [Double?]
            }

            var image: String
            var findings: [Lenient<Finding>]
            var error: String?
        }

        var images: [Lenient<Image>]
    }

    private struct InstancesDocument: Decodable {
        struct Image: Decodable {
            var id: ResultEntry.NameOrNumber
            var fileName: String

            enum CodingKeys: String, CodingKey {
                case id
                case fileName = "file_name"
            }
        }
        struct Category: Decodable {
            var id: Int
            var name: String
        }

        var images: [Lenient<Image>]
        var categories: [Lenient<Category>]?
        var annotations: [ResultEntry]
    }
}

/// JSON as Python writes it, which knows `NaN` and `Infinity`: both become `null`, which is read as not a number.
enum JSONNumbers {
    /// The line where the text stops being JSON, for the end of a message; empty where it is JSON of another kind.
    static func fault(_ bytes: Data) -> String {
        do {
            try JSONText.check(withoutSpecial(bytes), name: "the file")
            return ""
        } catch {
            return "; \((error as? DatasetError)?.reason ?? "it cannot be read")"
        }
    }

    static func withoutSpecial(_ bytes: Data) -> Data {
        guard bytes.range(of: Data("NaN".utf8)) != nil || bytes.range(of: Data("Infinity".utf8)) != nil else { return bytes }
        var result = [UInt8]()
        result.reserveCapacity(bytes.count)
        let (source, names) = ([UInt8](bytes), ["-Infinity", "Infinity", "NaN"].map { Array($0.utf8) })
        var (index, isText) = (0, false)
        while index < source.count {
            let byte = source[index]
            if isText {
                if byte == UInt8(ascii: "\\"), index + 1 < source.count {
                    result.append(byte)
                    index += 1
                } else if byte == UInt8(ascii: "\"") {
                    isText = false
                }
            } else if byte == UInt8(ascii: "\"") {
                isText = true
            } else if let name = names.first(where: { source[index...].starts(with: $0) }) {
                result += Array("null".utf8)
                index += name.count
                continue
            }
            result.append(source[index])
            index += 1
        }
        return Data(result)
    }
}
