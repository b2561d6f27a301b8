import Basics
import Datasets
import DocumentFormats
import Findings
import Foundation
import Geometry
import Interchange

/// The boxes of one label text.
struct YOLOLabels: Sendable {
    private(set) var boxes: [NamedBox] = []
    private(set) var problems: [String] = []
    /// Lines with an outline, with a confidence, with key points.
    private(set) var outlines = 0
    private(set) var confidences = 0
    private(set) var keypoints = 0

    /// Of an image without a text.
    init() {}

    /// - Parameters:
    ///   - names: The findings by class number.
    ///   - hasKeypoints: True where what follows the box are points of a pose, and no outline.
    init(_ bytes: Data, name: String, names: [Int: String], hasKeypoints: Bool) {
        guard let text = TextDecoding.text(bytes) else {
            problems.append("\(name), line \(TextDecoding.faultLine(bytes)): not UTF-8 text")
            return
        }
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let fields = line.split(whereSeparator: \.isWhitespace)
            guard !fields.isEmpty else { continue }
            let place = "\(name), line \(index + 1)"
            let values = fields.compactMap { CSVFile.number(String($0)) }
            guard values.count == fields.count else {
                problems.append("\(place): a field that is not a number")
                continue
            }
            guard let box = box(values, hasKeypoints: hasKeypoints) else {
                problems.append("\(place): not a class number and four fractions")
                continue
            }
            guard let label = Int(exactly: values[0]).flatMap({ names[$0] }) else {
                problems.append("\(place): the class number is not in the list of names")
                continue
            }
            let used = values.count > 6 && !hasKeypoints ? values[1...] : values[1...4]
            // Ultralytics refuses what is outside; the last digit of a fraction is forgiven.
            guard used.allSatisfy((-1e-6...1 + 1e-6).contains) else {
                problems.append("\(place): a fraction that is not between 0 and 1")
                continue
            }
            boxes.append(NamedBox(label: label, geometry: .relative(box), place: place))
        }
    }

    /// In fractions; `nil` where the columns are of no kind of line.
    private mutating func box(_ values: [Double], hasKeypoints: Bool) -> Box? {
        guard values.count >= 5 else { return nil }
        if values.count > 6, !hasKeypoints {
            guard values.count % 2 == 1 else { return nil }
            outlines += 1
            return Box(around: stride(from: 1, to: values.count, by: 2).map { (values[$0], values[$0 + 1]) })
        }
        if hasKeypoints, values.count > 5 { keypoints += 1 } else if values.count == 6 { confidences += 1 }
        return Box(x: values[1] - values[3] / 2, y: values[2] - values[4] / 2, width: values[3], height: values[4])
    }

    /// Whether the first line is one of a label text.
    static func isOne(_ head: Data) -> Bool {
        guard let line = String(decoding: TextDecoding.head(head), as: UTF8.self).split(whereSeparator: \.isNewline).first else {
            return false
        }
        let values = line.split(whereSeparator: \.isWhitespace).map { CSVFile.number(String($0)) }
        guard values.count >= 5, let number = values[0], number >= 0, number == number.rounded() else { return false }
        return values.prefix(5).allSatisfy { $0 != nil }
    }
}
