import Datasets
import Findings
import Foundation

extension PredictionFile {
    /// COCO's results format.
    static func coco(_ bytes: Data, images: [DatasetImage]) throws -> PredictionFile {
        guard let entries = try? JSONDecoder().decode([ResultEntry].self, from: JSONNumbers.withoutSpecial(bytes)) else {
            throw EvaluationError(.malformed, "not COCO's results: a JSON array of image_id, category_id, bbox and score")
        }
        let stems = Dictionary(images.map { ($0.id, $0.stem) }) { first, _ in first }
        var file = PredictionFile(format: "COCO results")
        for (index, entry) in entries.enumerated() {
            let place = "entry \(index + 1)"
            guard let image = entry.image, let category = entry.category else {
                file.leaveOut("\(place): it has no \(entry.image == nil ? "image_id" : "category_id")")
                continue
            }
            guard let box = entry.box, box.count == 4 else {
                file.leaveOut("\(place): its bbox is not x, y, width and height")
                continue
            }
            let name =
                switch image {
                case .number(let id): stems[id] ?? "\(id)"
                case .text(let name): name
                }
            let which: PredictedBox.Category =
                switch category {
                case .number(let id): .id(id)
                case .text(let name): .name(name)
                }
            let edges = box.map { $0 ?? .nan }
            file.rows.append(
                PredictedBox(
                    place: place, image: name, category: which, box: Box(x: edges[0], y: edges[1], width: edges[2], height: edges[3]),
                    score: entry.score ?? .nan))
        }
        return file
    }

    /// The JSON of `pleura detect`.
    static func findings(_ bytes: Data) throws -> PredictionFile {
        guard let document = try? JSONDecoder().decode(FindingsDocument.self, from: JSONNumbers.withoutSpecial(bytes)) else {
            throw EvaluationError(.malformed, "neither COCO's results (a JSON array) nor the JSON of pleura detect")
        }
        var file = PredictionFile(format: "JSON of pleura detect")
        for (number, image) in document.images.enumerated() {
            if image.error != nil { file.leaveOut("image \(number + 1): it could not be read when the findings were made") }
            for (index, finding) in image.findings.enumerated() {
                let edges = finding.box.map { $0 ?? .nan }
                guard edges.count == 4 else {
                    file.leaveOut("image \(number + 1), finding \(index + 1): its box is not x, y, width and height")
                    continue
                }
                file.rows.append(
                    PredictedBox(
                        place: "image \(number + 1), finding \(index + 1)", image: image.image, category: .name(finding.label),
                        box: Box(x: edges[0], y: edges[1], width: edges[2], height: edges[3]), score: finding.score ?? .nan))
            }
        }
        return file
    }

    mutating func leaveOut(_ problem: String) {
        problems.append(problem + "; left out")
        leftOut += 1
    }

    private enum NameOrNumber: Decodable {
        case number(Int)
        case text(String)

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let number = try? value.decode(Int.self) { self = .number(number) } else { self = .text(try value.decode(String.self)) }
        }
    }

    /// Lenient, so that one bad entry is told by its number and not for the whole file.
    private struct ResultEntry: Decodable {
        var image: NameOrNumber?
        var category: NameOrNumber?
        var box: [Double?]?
        var score: Double?

        private enum CodingKeys: String, CodingKey {
            case score
            case image = "image_id"
            case category = "category_id"
            case box = "bbox"
        }

        init(from decoder: any Decoder) throws {
            guard let values = try? decoder.container(keyedBy: CodingKeys.self) else { return }
            image = try? values.decode(NameOrNumber.self, forKey: .image)
            category = try? values.decode(NameOrNumber.self, forKey: .category)
            box = try? values.decode([Double?].self, forKey: .box)
            score = try? values.decode(Double.self, forKey: .score)
        }
    }

    private struct FindingsDocument: Decodable {
        struct Image: Decodable {
            struct Finding: Decodable {
                var label: String
                var score: Double?
                var box: [Double?]
            }

            var image: String
            var findings: [Finding]
            var error: String?
        }

        var images: [Image]
    }
}

/// JSON as Python writes it, which knows `NaN` and `Infinity`: both become `null`, which is read as not a number.
enum JSONNumbers {
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
