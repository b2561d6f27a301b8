import Basics
import Datasets
import Evaluation
import Findings
import Foundation
import Geometry

extension PredictionFile {
    /// A folder of texts, one an image, as Ultralytics' `save_txt` with `save_conf` and darknet write them: class number from 0, centre x and y,
    /// width, height, score; all shares of the image. `classes.txt` or `obj.names` in the folder or above it names the classes; without
    /// one they are counted as the label map has them.
    static func yolo(_ folder: URL, images: [DatasetImage], findingClasses: [FindingClass]) throws -> PredictionFile {
        let manager = FileManager.default
        let inner = folder.appendingPathComponent("labels")
        let place = texts(in: folder).isEmpty && manager.fileExists(atPath: inner.path) ? inner : folder
        let files = texts(in: place)
        guard !files.isEmpty else { throw EvaluationError(.missing, "the folder has no .txt file, so no predictions of YOLO's kind") }
        let names = try classNames(near: [place, place.deletingLastPathComponent()])
        let known = ImageNames(images.map(\.stem))
        var file = PredictionFile(format: "YOLO txt")
        for text in files {
            let stem = text.deletingPathExtension().lastPathComponent
            var size = (width: 1.0, height: 1.0)
            // An unknown image has no size; the check leaves its rows out by name.
            if case .one(let position) = known.match(stem) { size = (Double(images[position].width), Double(images[position].height)) }
            guard let content = (try? Data(contentsOf: text)).flatMap(TextDecoding.text) else {
                file.leaveOut("\(file.name(of: text, files)): not UTF-8 text")
                continue
            }
            for (index, line) in content.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
                let fields = line.split(whereSeparator: \.isWhitespace)
                guard !fields.isEmpty else { continue }
                let row = "\(file.name(of: text, files)), line \(index + 1)"
                guard fields.count == 6 else {
                    file.leaveOut("\(row): it has \(fields.count) numbers and not six; without a score nothing can be ranked")
                    continue
                }
                guard let number = Int(fields[0]) else {
                    file.leaveOut("\(row): its class is no number")
                    continue
                }
                let values = fields.dropFirst().map { Double($0) ?? .nan }
                let (width, height) = (size.width, size.height)
                let box = Box(
                    x: (values[0] - values[2] / 2) * width, y: (values[1] - values[3] / 2) * height, width: values[2] * width,
                    height: values[3] * height)
                let category: PredictedBox.Category =
                    names.map { .name(number >= 0 && number < $0.count ? $0[number] : "") } ?? .index(number)
                file.rows.append(PredictedBox(place: row, image: stem, category: category, box: box, score: values[4]))
            }
        }
        return file
    }

    /// File names can say who a patient is, so texts are told by their number in the order of their names.
    private func name(of text: URL, _ files: [URL]) -> String {
        "file \((files.firstIndex(of: text) ?? 0) + 1)"
    }

    private static let special: Set<String> = ["classes.txt", "train.txt", "val.txt", "valid.txt", "test.txt", "obj.names"]

    private static func texts(in folder: URL) -> [URL] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.lowercased().hasSuffix(".txt") && !special.contains($0.lowercased()) && !$0.hasPrefix(".") }.sorted()
            .map { folder.appendingPathComponent($0) }
    }

    private static func classNames(near folders: [URL]) throws -> [String]? {
        for folder in folders {
            for name in ["classes.txt", "obj.names"] {
                let url = folder.appendingPathComponent(name)
                guard FileManager.default.fileExists(atPath: url.path) else { continue }
                guard let text = (try? Data(contentsOf: url)).flatMap(TextDecoding.text) else {
                    throw EvaluationError(.malformed, "\(name) is not UTF-8 text")
                }
                return text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            }
        }
        return nil
    }
}
