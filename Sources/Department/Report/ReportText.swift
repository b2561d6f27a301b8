import Archive
import Findings
import Foundation
import Geometry
import Results

/// What a study's readings say, in words: a beginning for a person's report.
public struct ReportText: Sendable {
    private let words: ReportWords

    public init(_ words: ReportWords) { self.words = words }

    /// - Parameters:
    ///   - instances: Those of the study, in order.
    ///   - readings: All of the study, oldest first.
    ///   - reading: Of which one; `nil` for a person's latest, or else the model's of all images.
    public func callAsFunction(study: Study, instances: [Instance], readings: [Reading], reading id: Int64? = nil) -> String {
        var lines = [words("title") + (study.views.isEmpty ? "" : ", " + study.views.joined(separator: ", "))]
        if let date = study.studyDate { lines.append(words("title.study", date)) }
        lines += ["", words("findings")]
        let person = id.map { id in readings.first { $0.id == id && $0.reader.isPerson } } ?? readings.last { $0.reader.isPerson }
        if let person {
            lines += paragraphs(person.content.findings, of: instances, isPerson: true)
            if person.content.isComplete == true { lines.append(words("complete")) }
            if let comment = person.content.comment { lines += ["", words("comment", comment)] }
            lines += ["", by(person)]
        } else {
            var latest: [InstanceID: Reading] = [:]
            for reading in readings where reading.instance != nil && (id == nil || reading.id == id) {
                if let instance = reading.instance { latest[instance] = reading }
            }
            var findings: [ReadFinding] = []
            for instance in instances {
                for var finding in latest[instance.id]?.content.findings ?? [] {
                    finding.instance = instance.id
                    findings.append(finding)
                }
            }
            lines += paragraphs(findings, of: instances, isPerson: false)
            for (number, instance) in instances.enumerated() {
                if let error = latest[instance.id]?.content.error { lines.append(words("image.error", String(number + 1), error)) }
            }
            for (number, instance) in instances.enumerated() {
                let told = latest[instance.id].map { measured($0.content) } ?? []
                lines += told.map { instances.count > 1 ? words("image", String(number + 1)) + ": " + $0 : $0 }
            }
            if let reading = latest.values.max(by: { $0.id < $1.id }) { lines += ["", by(reading)] }
        }
        lines += ["", words("notice")]
        return lines.joined(separator: "\n") + "\n"
    }

    /// What is told of an image besides its findings: the ratio, or why there is none; the quality.
    private func measured(_ content: Reading.Content) -> [String] {
        var lines: [String] = []
        if let ratio = content.ratio { lines.append(words("ratio", Self.hundredths(ratio.value), Self.hundredths(ratio.error))) }
        lines += (content.anatomy?.notes ?? []).map { $0.text(in: words.remarks) }
        // A refusal is the reason why the image was not read, and is told as such.
        lines += (content.quality ?? []).filter { $0.level != ImageQuality.Level.refused.rawValue }.map {
            words("quality", $0.text(in: words.remarks))
        }
        return lines
    }

    private func paragraphs(_ findings: [ReadFinding], of instances: [Instance], isPerson: Bool) -> [String] {
        guard !findings.isEmpty else { return [words(isPerson ? "impression.none.person" : "impression.none.model")] }
        var lines: [String] = []
        var isPlaced = false
        for (number, instance) in instances.enumerated() {
            let own = findings.filter { $0.instance == instance.id || ($0.instance == nil && instances.count == 1) }
            guard !own.isEmpty else { continue }
            if instances.count > 1 { lines.append(words("image", String(number + 1)) + (instance.view.map { " (\($0))" } ?? "")) }
            let ids = Set(own.map(\.id))
            for finding in own where finding.alternativeTo.map(ids.contains) != true {
                let place = place(of: finding, in: instance)
                isPlaced = isPlaced || (!place.isEmpty && !finding.isPlacedByMasks)
                let others = own.filter { $0.alternativeTo == finding.id }.map { words("alternative", self.label(of: $0)) }
                let label = ([self.label(of: finding)] + others).joined(separator: " ")
                lines.append("- " + sentence(finding, label: label, place: place, isPerson: isPerson))
            }
        }
        if isPlaced { lines += ["", words("place.note")] }
        return lines
    }

    /// A finding that its model has learnt from few boxes says so.
    private func label(of finding: ReadFinding) -> String {
        let label = words.label(finding.label)
        return finding.isExperimental ? words("experimental", label) : label
    }

    private func sentence(_ finding: ReadFinding, label: String, place: String, isPerson: Bool) -> String {
        if isPerson { return words("finding.person", label, place) }
        guard let probability = finding.probability else {
            return words("finding.uncalibrated", label, place, Self.hundredths(finding.score))
        }
        let word = words("sureness.\(Sureness.index(probability))")
        return words("finding", label, place, words("sureness", word, Self.hundredths(probability)))
    }

    /// By the middle of the box. A heart is where it is, and has no place.
    private func place(of finding: ReadFinding, in instance: Instance) -> String {
        guard finding.label != "Cardiomegaly",
            let place = finding.place(on: instance), let third = place.zone
        else { return "" }
        let zone = words("zone." + third.rawValue)
        switch place.side {
        case nil: return words("place.zone.noside", zone)
        case .both: return words("place.both", zone)
        case .left: return words("place.zone", words("side.left"), zone)
        case .right: return words("place.zone", words("side.right"), zone)
        }
    }

    private func by(_ reading: Reading) -> String {
        let day = String(reading.made.ISO8601Format().prefix(10))
        switch (reading.reader, reading.status) {
        case (.model(let name, let version, _, _), _): return words("by.model", name, version)
        case (.person(let name), .preliminary): return words("by.person.preliminary", name)
        case (.person(let name), .final): return words("by.person.final", name, day)
        case (.person(let name), .amended): return words("by.person.amended", name, day)
        }
    }

    /// Never rounded up to certainty.
    private static func hundredths(_ value: Double) -> String {
        let shown = min(99, Int((max(0, value) * 100).rounded()))
        return "0.\(shown < 10 ? "0" : "")\(shown)"
    }
}
