import ChangeGate
import Datasets
import Evaluation
import EvaluationReports
import Findings
import Foundation
import Geometry

/// What a site may give away of a measurement: counts and nothing else. A count under five, or one that a total would give away, is withheld.
public struct Evidence: Codable, Hashable, Sendable {
    /// Under this a count might be told to belong to somebody.
    public static let least = 5
    /// Scores fall into so many equal parts.
    public static let parts = 20

    /// Of one finding. `nil` is a count that is withheld.
    public struct Finding: Codable, Hashable, Sendable {
        /// By part of the score: boxes of the model that are right, and that are not.
        public var right: [Int?]
        public var wrong: [Int?]
        /// Readers' boxes.
        public var boxes: Int?

        public init(right: [Int?], wrong: [Int?], boxes: Int?) { (self.right, self.wrong, self.boxes) = (right, wrong, boxes) }
    }

    public var schema = 1
    public var notice = Notice.researchUseOnly
    /// Digest of the model: only evidence of one model can be added up.
    public var model: String
    public var sites: Int
    public var images: Int?
    public var findings: [String: Finding]
    /// Verdicts of gates, by `subject name`: how often each was given.
    public var gates: [String: [String: Int]]

    public init(model: String, sites: Int, images: Int?, findings: [String: Finding], gates: [String: [String: Int]] = [:]) {
        (self.model, self.sites, self.images, self.findings, self.gates) = (model, sites, images, findings, gates)
    }

    static func shared(_ count: Int) -> Int? { count == 0 || count >= least ? count : nil }

    /// - Parameter overlap: What a box's overlap with a reader's must be above to be right.
    public init(_ input: EvaluationInput, model: String, overlap: Double = 0.3, gate: GateReport? = nil) {
        var findings: [String: Finding] = [:]
        for (column, finding) in input.findingClasses.enumerated() {
            var (right, wrong) = (Array(repeating: 0, count: Self.parts), Array(repeating: 0, count: Self.parts))
            var boxes = 0
            for (image, said) in zip(input.images, input.detections) {
                let own = image.boxes.filter { $0.classID == finding.id }
                boxes += own.count
                for detection in said where detection.classIndex == column && detection.score.isFinite {
                    let part = min(Self.parts - 1, max(0, Int(detection.score * Double(Self.parts))))
                    if own.contains(where: { $0.box.intersectionOverUnion(detection.box) > overlap }) {
                        right[part] += 1
                    } else {
                        wrong[part] += 1
                    }
                }
            }
            findings[finding.name] = Finding(right: right.map(Self.shared), wrong: wrong.map(Self.shared), boxes: Self.shared(boxes))
        }
        self.init(model: model, sites: 1, images: Self.shared(input.images.count), findings: findings)
        for criterion in gate?.criteria ?? [] where !([.group, .site].contains(criterion.subject)) {
            let name = criterion.name.isEmpty ? criterion.subject.rawValue : "\(criterion.subject.rawValue) \(criterion.name)"
            gates[name] = [criterion.verdict.rawValue: 1]
        }
    }

    public var json: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(self) + Data("\n".utf8)
        }
    }

    /// - Throws: `ImprovementError` where the file is no such thing.
    public init(contentsOf url: URL) throws(ImprovementError) {
        guard let bytes = try? Data(contentsOf: url) else { throw ImprovementError(.missing, "it cannot be read") }
        guard let read = try? JSONDecoder().decode(Evidence.self, from: bytes), read.schema == 1, read.sites > 0 else {
            throw ImprovementError(.malformed, "it is no file of counts that pleura improve writes")
        }
        let counts = read.findings.values.flatMap { $0.right + $0.wrong + [$0.boxes] } + [read.images]
        guard counts.allSatisfy({ $0.map { (0...1_000_000_000).contains($0) } ?? true }),
            read.findings.values.allSatisfy({ $0.right.count == Self.parts && $0.wrong.count == Self.parts })
        else { throw ImprovementError(.malformed, "its counts are not counts") }
        self = read
    }

    /// Adds up several sites'. What one of them withheld is unknown in the sum.
    /// - Throws: `ImprovementError` where they are of different models, or there is none.
    public static func pooled(_ all: [Evidence]) throws(ImprovementError) -> Evidence {
        guard let first = all.first else { throw ImprovementError(.nothing, "there is nothing to add up") }
        guard all.allSatisfy({ $0.model == first.model }) else {
            throw ImprovementError(.malformed, "the files are of different models, whose scores do not mean the same")
        }
        func sum(_ counts: [Int?]) -> Int? { counts.contains(nil) ? nil : counts.compactMap(\.self).reduce(0, +) }
        var pooled = Evidence(
            model: first.model, sites: all.reduce(0) { $0 + $1.sites }, images: sum(all.map(\.images)), findings: [:])
        for name in Set(all.flatMap(\.findings.keys)) {
            let own = all.compactMap { $0.findings[name] }
            pooled.findings[name] = Finding(
                right: (0..<parts).map { part in sum(own.map { $0.right[part] }) },
                wrong: (0..<parts).map { part in sum(own.map { $0.wrong[part] }) }, boxes: sum(own.map(\.boxes)))
        }
        for evidence in all {
            for (name, verdicts) in evidence.gates { pooled.gates[name, default: [:]].merge(verdicts, uniquingKeysWith: +) }
        }
        return pooled
    }

    /// A line a finding.
    public var text: String {
        func say(_ count: Int?) -> String { count.map(String.init) ?? "withheld" }
        var lines = ["\(sites) sites, \(say(images)) images, model \(model.prefix(12))"]
        for (name, finding) in findings.sorted(by: { $0.key < $1.key }) {
            let withheld = (finding.right + finding.wrong).count { $0 == nil }
            let right = finding.right.compactMap(\.self).reduce(0, +), wrong = finding.wrong.compactMap(\.self).reduce(0, +)
            lines.append(
                "\(name): \(say(finding.boxes)) boxes; at least \(right) right and \(wrong) wrong boxes of the model"
                    + (withheld > 0 ? ", \(withheld) of \(2 * Self.parts) counts withheld" : ""))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
