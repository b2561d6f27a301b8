import Archive
import Foundation
import Geometry

/// A person's work on a study, as it is handed in.
public struct ReviewRequest: Sendable {
    public struct Finding: Sendable {
        /// May be left out in a study of one image.
        public var instance: InstanceID?
        public var label: String
        public var box: Box
        /// The id of the model's finding in its instance's reading that the person looked at.
        public var origin: String?
        public var decision: ReadFinding.Decision?
        public var reason: String?

        public init(
            instance: InstanceID? = nil, label: String, box: Box, origin: String? = nil, decision: ReadFinding.Decision? = nil,
            reason: String? = nil
        ) {
            (self.instance, self.label, self.box, self.origin) = (instance, label, box, origin)
            (self.decision, self.reason) = (decision, reason)
        }
    }

    /// The number of the study's latest reading that the person saw; `nil` where there was none.
    public var basedOn: Int64?
    public var findings: [Finding]
    /// Whether the person says that nothing else is to be seen.
    public var isComplete: Bool
    public var comment: String
    public var text: String
    public var signs: Bool

    public init(basedOn: Int64?, findings: [Finding], isComplete: Bool, comment: String = "", text: String = "", signs: Bool) {
        (self.basedOn, self.findings, self.isComplete) = (basedOn, findings, isComplete)
        (self.comment, self.text, self.signs) = (comment, text, signs)
    }

    static let mostFindings = 1_000
    static let longestText = 100_000

    /// What the person's reading holds.
    /// - Parameters:
    ///   - instances: Those of the study.
    ///   - modelReadings: The model's latest for each.
    ///   - labels: What a finding can be called; any name where it is empty.
    /// - Throws: `DepartmentError` of code `badReview`.
    func content(instances: [Instance], modelReadings: [InstanceID: Reading], labels: Set<String>) throws -> Reading.Content {
        func check(_ isRight: Bool, _ reason: @autoclosure () -> String) throws {
            guard isRight else { throw DepartmentError(.badReview, reason()) }
        }
        try check(findings.count <= Self.mostFindings, "at most \(Self.mostFindings) findings")
        try check(comment.count <= Self.longestText && text.count <= Self.longestText, "a text of at most \(Self.longestText) characters")
        var (kept, rejected) = ([ReadFinding](), [ReadFinding]())
        for (index, finding) in findings.enumerated() {
            let place = "finding \(index + 1): "
            let id = finding.instance ?? (instances.count == 1 ? instances[0].id : nil)
            guard let id, let instance = instances.first(where: { $0.id == id }) else {
                throw DepartmentError(.badReview, place + "its instance is not one of this study")
            }
            let model = modelReadings[id]?.content
            let origin = finding.origin.flatMap { origin in (model?.candidates ?? model?.findings ?? []).first { $0.id == origin } }
            try check(finding.origin == nil || origin != nil, place + "the model's finding that it comes from is not there")
            try check((1...200).contains(finding.label.count), place + "a label has 1 to 200 characters")
            try check(
                labels.isEmpty || labels.contains(finding.label) || finding.label == origin?.label,
                place + "a label that the model does not know")
            let box = finding.box
            try check(
                [box.x, box.y, box.width, box.height].allSatisfy(\.isFinite) && box.width > 0 && box.height > 0,
                place + "a box has four finite numbers, and a width and a height above 0")
            // Half a pixel of grace for rounding at the edges.
            try check(
                instance.columns == 0
                    || (box.x >= -0.5 && box.y >= -0.5 && box.x + box.width <= Double(instance.columns) + 0.5
                        && box.y + box.height <= Double(instance.rows) + 0.5),
                place + "the box lies outside the image")
            let decision = finding.decision ?? Self.decision(finding, origin)
            try check(decision == .added || origin != nil, place + "only an added finding has no origin")
            if decision == .rejected {
                let reason = finding.reason ?? ""
                try check((1...500).contains(reason.count), place + "a rejected finding needs its reason, of at most 500 characters")
            }
            let isOwn = decision == .added || decision == .relabelled
            let read = ReadFinding(
                id: String(kept.count + rejected.count + 1), label: finding.label, score: isOwn ? 1 : origin?.score ?? 1,
                probability: isOwn ? nil : origin?.probability, box: box, instance: id, origin: finding.origin, decision: decision,
                reason: decision == .rejected ? finding.reason : nil,
                // The masks said it of this very box.
                place: [.accepted, .relabelled].contains(decision) && box == origin?.box ? origin?.place : nil)
            if decision == .rejected { rejected.append(read) } else { kept.append(read) }
        }
        return Reading.Content(
            findings: kept, rejected: rejected, isComplete: isComplete, comment: comment.isEmpty ? nil : comment,
            text: text.isEmpty ? nil : text)
    }

    private static func decision(_ finding: Finding, _ origin: ReadFinding?) -> ReadFinding.Decision {
        guard let origin else { return .added }
        if finding.label != origin.label { return .relabelled }
        let (a, b) = (finding.box, origin.box)
        let isSame = [a.x - b.x, a.y - b.y, a.width - b.width, a.height - b.height].allSatisfy { abs($0) < 0.5 }
        return isSame ? .accepted : .moved
    }
}
