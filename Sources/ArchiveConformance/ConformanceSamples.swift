import Archive
import Basics
import Foundation
import Geometry
import Results

/// Studies, instances, readings and a rule of standing that tests work with. All times are whole seconds.
public enum ConformanceSamples {
    public static func time(_ seconds: Int) -> Date { Date(timeIntervalSince1970: Double(1_790_000_000 + seconds)) }

    public static func study(
        _ number: Int, patient: PatientIdentity = PatientIdentity(), age: Double? = nil, date: String? = nil, accession: String? = nil,
        description: String? = nil, received: Int = 0, urgency: StudyUrgency = .routine
    ) -> Study {
        let uid = "1.2.826.\(number)"
        return Study(
            id: StudyID(ofUID: uid), uid: uid, patient: patient, patientAge: age, studyDate: date, accessionNumber: accession,
            studyDescription: description, received: time(received), urgency: urgency, protocolName: "standard",
            standing: Standing(status: .waiting, due: time(received + 1_800), dueClass: "waiting"))
    }

    /// - Parameters:
    ///   - content: Instances of the same have the same bytes.
    ///   - uid: The end of the SOP Instance UID; the content's number if not given.
    public static func instance(
        _ content: Int, of study: Study, uid: Int? = nil, name: String? = nil, view: String? = nil, modality: String? = nil,
        received: Int = 0
    ) -> Instance {
        let digest = Digest(of: "content \(content)").hexadecimal
        return Instance(
            id: InstanceID(ofContent: digest), study: study.id, sopInstanceUID: "1.2.3.\(uid ?? content)", sopClassUID: "1.2.840.1",
            seriesInstanceUID: "\(study.uid).1", name: name ?? "image \(content).dcm", format: "DICOM", modality: modality, view: view,
            laterality: "R", bodyPart: "CHEST", orientation: ["L", "F"], columns: 2_000, rows: 3_000, frames: 1, size: 1_234,
            digest: digest,
            received: time(received))
    }

    public static func finding(_ label: String, _ score: Double = 0.5, id: String = "1") -> ReadFinding {
        ReadFinding(id: id, label: label, score: score, box: Box(x: 1, y: 2, width: 3.5, height: 4))
    }

    public static func model(_ digest: String = "d1") -> Reader { .model(name: "screen", version: "2", digest: digest, precision: "bf16") }

    public static func modelReading(
        of instance: Instance, _ labels: [String] = [], digest: String = "d1", error: String? = nil, made: Int = 10
    ) -> Reading {
        Reading(
            study: instance.study, instance: instance.id, reader: model(digest), made: time(made),
            content: .init(findings: labels.enumerated().map { finding($1, 0.5, id: "\($0 + 1)") }, error: error))
    }

    public static func personReading(
        of study: Study, by user: String = "ann", _ labels: [String] = [], status: ReadingStatus = .final, made: Int = 20,
        basedOn: Int64? = nil
    ) -> Reading {
        Reading(
            study: study.id, reader: .person(user), status: status, made: time(made), basedOn: basedOn,
            content: .init(findings: labels.enumerated().map { finding($1, 1, id: "\($0 + 1)") }, isComplete: true, comment: "seen"))
    }

    /// A rule like a protocol's, in which every part of the state has a say.
    public static let rule: @Sendable (StudyState) -> Standing = { standing($0) }

    private static func standing(_ state: StudyState) -> Standing {
        let readings = state.personReadings.last.map { [$0] } ?? state.instances.compactMap { state.modelReadings[$0] }
        let labels = Dictionary(grouping: readings.flatMap(\.content.findings), by: \.label)
        let findings = labels.map { label, boxes in
            FoundLabel(label: label, score: boxes.map(\.score).max() ?? 0, count: boxes.count)
        }.sorted { ($1.score, $0.label) < ($0.score, $1.label) }
        let failure = readings.compactMap(\.content.error).first ?? state.openJobs.first { $0.state == .failed }.map { $0.lastError ?? "?" }
        let status: StudyStatus =
            if let last = state.personReadings.last, last.id == (state.study.revision ?? 0) || state.openJobs.isEmpty {
                last.status == .preliminary ? .reviewed : .signed
            } else if failure != nil {
                .failed
            } else if !state.openJobs.isEmpty || state.modelReadings.count < state.instances.count {
                .waiting
            } else {
                .read
            }
        let dueClass = state.study.urgency == .stat ? "stat" : findings.first?.label ?? status.rawValue
        let minutes = ["stat": 0, "Pneumothorax": 10, "failed": 30, "waiting": 30, "read": 240][dueClass] ?? 120
        return Standing(
            status: status, due: state.study.received + Double(minutes * 60), dueClass: dueClass, findings: findings, failure: failure)
    }
}
