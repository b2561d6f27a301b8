import Foundation
import Geometry
import Results
import Terminology

/// Reads an ORU that Pleura wrote back to what it says.
public struct ORUReader: Sendable {
    private let site: HL7Site
    private let codes: ObservationCodes

    public init(site: HL7Site = HL7Site(), terminology: Terminology = .standard) {
        self.site = site
        codes = ObservationCodes(terminology: terminology)
    }

    /// - Throws: `HL7Error` where it is no ORU, or has a segment less than it must have, or a value that is none.
    public func result(in message: HL7Message) throws -> ReportedResult {
        guard message.type.code == "ORU" else {
            throw HL7Error(.unsupported, "the message is no ORU", at: HL7Location(segment: "MSH", field: 9))
        }
        guard let pid = message.segment("PID"), let obr = message.segment("OBR") else {
            throw HL7Error(
                .missing, "PID and OBR have to be there", at: HL7Location(segment: message.segment("PID") == nil ? "PID" : "OBR"))
        }
        guard let status = obr.value(25, 1)?.leaf.flatMap(StudyResult.Status.init(letter:)) else {
            throw HL7Error(.badValue, "OBR-25 is none of P, F, C", at: obr.location(25))
        }
        var remarks: [String] = []
        var fields = site.patients
        fields.authority = nil
        let patient = try PatientFields(site: fields).identity(pid, remarks: &remarks)
        var result = ReportedResult(
            controlID: message.controlID ?? "", identifier: nil, status: status,
            issued: obr.value(22, 1)?.leaf.flatMap { HL7Time.moment($0) }, patient: patient, placerNumber: obr.value(2, 1)?.leaf,
            fillerNumber: obr.value(3, 1)?.leaf, accessionNumber: obr.value(18, 1)?.leaf, visitNumber: message.value("PV1", 19, 1)?.leaf,
            studyUID: nil, images: [], findings: [], isNegative: false, text: "", notice: nil, link: nil,
            isUrgent: obr.value(5, 1)?.leaf == "S" || obr.value(27, 6)?.leaf == "S" || message.value("TQ1", 9, 1)?.leaf == "S",
            person: obr.value(32, 1)?.leaf, model: nil)
        var builder = Builder(codes: codes)
        for segment in message.segments("OBX") { try builder.read(segment, into: &result) }
        try builder.finish(&result)
        return result
    }

    /// Gathers the observations of each finding.
    private struct Builder {
        let codes: ObservationCodes
        private var places: [String: Int] = [:]
        private var alternatives: [(place: Int, group: String)] = []
        private var lines: [String] = []
        /// By OBX-4: the ratio, its error, and of both lines left, right, height.
        private var ratios: [String: [Key: [Double]]] = [:]
        private var model: (name: String?, version: String?, digest: String?) = (nil, nil, nil)

        init(codes: ObservationCodes) { self.codes = codes }

        mutating func read(_ segment: HL7Segment, into result: inout ReportedResult) throws {
            guard let code = Self.code(segment.field(3)) else {
                throw HL7Error(.missing, "OBX-3 is empty", at: segment.location(3))
            }
            func text(_ component: Int = 1) -> String? { segment.value(5, component)?.text }
            switch code {
            case Key(codes.study): result.studyUID = text(2)
            case Key(codes.result): result.identifier = text()
            case Key(codes.algorithm): model.name = text()
            case Key(codes.algorithmVersion): model.version = text()
            case Key(codes.digest): model.digest = text()
            case Key(codes.notice): result.notice = text()
            case Key(codes.link): result.link = text()
            case Key(codes.report):
                for repetition in segment.field(5)?.repetitions ?? [] {
                    let own = ReportText.lines(repetition.text ?? "")
                    lines += own.isEmpty ? [""] : own
                }
            case Key(codes.finding): try readFinding(segment, into: &result)
            case Key(codes.image) where places[segment.value(4)?.text ?? ""] == nil:
                if let uid = text(2) { result.images.append(uid) }
            case Key(codes.ratio), Key(codes.ratioError), Key(codes.heartLine), Key(codes.thoraxLine):
                let count = code == Key(codes.heartLine) || code == Key(codes.thoraxLine) ? 3 : 1
                let numbers = (1...count).compactMap { text($0).flatMap(Double.init) }
                guard numbers.count == count, numbers.allSatisfy(\.isFinite) else {
                    throw HL7Error(.badValue, "a value that is no number", at: segment.location(5))
                }
                ratios[segment.value(4)?.text ?? "", default: [:]][code] = numbers
            default: try readAttribute(segment, code, into: &result)
            }
        }

        private mutating func readFinding(_ segment: HL7Segment, into result: inout ReportedResult) throws {
            guard let group = segment.value(4)?.text, group != ObservationList.whole else {
                result.isNegative = Self.code(segment.field(5)) == Key(codes.noAbnormality)
                return
            }
            guard let value = segment.field(5), let code = Self.concept(value), let label = value.component(5)?.text, places[group] == nil
            else {
                throw HL7Error(.badValue, "a finding without code or label, or told twice", at: segment.location(5))
            }
            places[group] = result.findings.count
            result.findings.append(
                ReportedFinding(
                    group: group, label: label, code: code, status: segment.value(11, 1)?.leaf.flatMap(StudyResult.Status.init(letter:))))
        }

        private mutating func readAttribute(_ segment: HL7Segment, _ code: Key, into result: inout ReportedResult) throws {
            guard let place = segment.value(4)?.text.flatMap({ places[$0] }), let value = segment.field(5) else { return }
            func number(_ component: Int = 1) throws -> Double {
                guard let number = value.component(component)?.text.flatMap(Double.init), number.isFinite else {
                    throw HL7Error(.badValue, "a value that is no number", at: segment.location(5, component))
                }
                return number
            }
            switch code {
            case Key(codes.identifier): result.findings[place].id = value.text
            case Key(codes.site): result.findings[place].site = Self.concept(value)
            case Key(codes.laterality): result.findings[place].laterality = Self.concept(value)
            case Key(codes.image): result.findings[place].image = value.component(2)?.text
            case Key(codes.box):
                result.findings[place].box = Box(x: try number(1), y: try number(2), width: try number(3), height: try number(4))
            case Key(codes.score): result.findings[place].score = try number()
            case Key(codes.probability): result.findings[place].probability = try number() / 100
            case Key(codes.alternative): alternatives.append((place, value.text ?? ""))
            case Key(codes.decision):
                result.findings[place].decision = value.component(1)?.text.flatMap { ResultFinding.Decision(rawValue: $0.lowercased()) }
            default: break
            }
        }

        func finish(_ result: inout ReportedResult) throws {
            for (place, group) in alternatives {
                guard let other = places[group] else { throw HL7Error(.badValue, "an alternative to a finding that is not there") }
                result.findings[place].alternativeTo = result.findings[other].id
            }
            for (group, values) in ratios {
                guard let value = values[Key(codes.ratio)], let error = values[Key(codes.ratioError)],
                    let heart = values[Key(codes.heartLine)], let thorax = values[Key(codes.thoraxLine)]
                else { throw HL7Error(.missing, "a cardiothoracic ratio without its error or its lines") }
                result.ratios[group] = ResultRatio(
                    value: value[0], error: error[0], heart: .init(left: heart[0], right: heart[1], y: heart[2]),
                    thorax: .init(left: thorax[0], right: thorax[1], y: thorax[2]))
            }
            result.text = lines.joined(separator: "\n")
            if let name = model.name { result.model = .init(name: name, version: model.version ?? "", digest: model.digest ?? "") }
        }

        /// What a code is compared by: its meaning may be worded anew.
        private struct Key: Hashable {
            var value: String
            var scheme: String

            init(_ code: ConceptCode) { (value, scheme) = (code.value, code.scheme) }

            static func ~= (pattern: Key, key: Key) -> Bool { pattern == key }
        }

        private static func code(_ field: HL7Value?) -> Key? { field.flatMap(concept).map(Key.init) }

        private static func concept(_ field: HL7Value) -> ConceptCode? {
            guard let value = field.component(1)?.text, let scheme = field.component(3)?.text else { return nil }
            return ConceptCode(value, scheme, field.component(2)?.text ?? "")
        }
    }
}
