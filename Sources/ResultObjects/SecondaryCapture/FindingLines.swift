import Foundation
import Geometry
import Results
import Terminology

/// Findings as lines of text, for objects that have no place for them but pixels: one a line, its parts between bars.
///
/// `id | label | code scheme | x y width height | score | probability | image`, in pixels of the image; `-` where there is none.
/// So a person can read them, and `ResultReading` too.
enum FindingLines {
    static func text(_ findings: [ResultFinding], _ content: ResultContent) -> String {
        let lines = findings.map { finding -> String in
            let code = content.terminology.finding(finding.label).preferred
            let box = [finding.box.x, finding.box.y, finding.box.width, finding.box.height].map(number).joined(separator: " ")
            let shares = [finding.score, finding.probability].map { $0.map(number) ?? "-" }
            return
                ([plain(content.own(finding.id)), plain(content.own(finding.label)), "\(code.value) \(code.scheme)", box] + shares + [
                    finding.image
                ])
                .joined(separator: " | ")
        }
        return ([content.own(StudyResult.notice)] + lines).joined(separator: "\r\n")
    }

    static func findings(_ text: String) -> [ResultReading.Finding] {
        text.split(whereSeparator: \.isNewline).compactMap { line in
            let parts = line.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 7 else { return nil }
            let numbers = parts[3].split(separator: " ").compactMap { Double($0) }
            let code = parts[2].split(separator: " ").map(String.init)
            guard numbers.count == 4, code.count == 2 else { return nil }
            return ResultReading.Finding(
                id: parts[0], label: parts[1], code: Code(code[0], code[1], parts[1]), image: parts[6],
                box: Box(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3]), score: Double(parts[4]),
                probability: Double(parts[5]))
        }
    }

    private static func plain(_ text: String) -> String {
        text.map { $0 == "|" || $0.isNewline ? " " : String($0) }.joined().trimmingCharacters(in: .whitespaces)
    }

    private static func number(_ value: Double) -> String {
        let text = String(format: "%.5f", value)
        return String(text.reversed().drop { $0 == "0" }.reversed()).trimmingCharacters(in: CharacterSet(charactersIn: "."))
    }
}
