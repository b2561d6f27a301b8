import Archive
import Department
import Foundation
import Geometry
import Results

/// A study as the worklist gives it: `ROW` of the API.
struct StudyRowWire: Encodable {
    struct PatientWire: Encodable {
        var name: String?
        var id: String?
        var birthDate: String?
        var sex: String?

        init(_ patient: PatientIdentity) {
            (name, id, birthDate, sex) = (patient.name, patient.id, patient.birthDate, patient.sex)
        }
    }

    var id: String
    var patient: PatientWire
    var age: Double?
    var studyDate: String?
    var received: Date
    var due: Date
    var status: String
    var urgency: String
    var `protocol`: String
    var `class`: String
    var modality: String?
    var views: [String]
    var description: String?
    var accession: String?
    var instanceCount: Int
    var firstInstance: String?
    /// What its first file is called, for studies without a patient's name.
    var name: String?
    var findings: [FoundLabel]
    var failure: String?
    var signedBy: String?
    var signed: Date?
    var revision: Int64?

    init(_ study: Study, name: String? = nil) {
        self.name = name
        id = study.id.rawValue
        patient = PatientWire(study.patient)
        age = study.patientAge.map { $0 < 2 ? ($0 * 10).rounded() / 10 : $0.rounded(.down) }
        (studyDate, received, due) = (study.studyDate, study.received, study.standing.due)
        (status, urgency, `protocol`, `class`) = (
            study.standing.status.rawValue, study.urgency.rawValue, study.protocolName, study.standing.dueClass
        )
        (modality, views, description, accession) = (study.modality, study.views, study.studyDescription, study.accessionNumber)
        (instanceCount, firstInstance) = (study.instanceCount, study.firstInstance?.rawValue)
        (findings, failure) = (study.standing.findings, study.standing.failure)
        (signedBy, signed, revision) = (study.signedBy, study.signed, study.revision)
    }
}

struct ReaderWire: Encodable {
    var kind: String
    var name: String
    var version: String?
    var digest: String?
    var precision: String?

    init(_ reader: Reader) {
        switch reader {
        case .person(let name): (kind, self.name) = ("person", name)
        case .model(let name, let version, let digest, let precision):
            (kind, self.name, self.version, self.digest, self.precision) = ("model", name, version, digest, precision)
        }
    }
}

/// What one reader said: `READING` of the API.
struct ReadingWire: Encodable {
    let reading: Reading
    /// Only findings of this image are given; `nil` for all.
    var instance: InstanceID?

    private struct Head: Encodable {
        var id: Int64
        var study: String
        var instance: String?
        var reader: ReaderWire
        var status: String
        var made: Date
        var basedOn: Int64?
        var notice: String
    }

    func encode(to encoder: any Encoder) throws {
        try Head(
            id: reading.id, study: reading.study.rawValue, instance: reading.instance?.rawValue, reader: ReaderWire(reading.reader),
            status: reading.status.rawValue, made: reading.made, basedOn: reading.basedOn, notice: Self.notice
        ).encode(to: encoder)
        var content = reading.content
        if let instance {
            content.findings = content.findings.filter { $0.instance == nil || $0.instance == instance }
            content.rejected = content.rejected?.filter { $0.instance == nil || $0.instance == instance }
        }
        try content.encode(to: encoder)
    }

    private static let notice = "research use only"
}

struct InstanceWire: Encodable {
    var id: String
    var study: String
    var name: String
    var series: String
    var format: String
    var modality: String?
    var view: String?
    var laterality: String?
    var bodyPart: String?
    var orientation: [String]?
    var columns: Int
    var rows: Int
    var frames: Int
    var size: Int
    var received: Date
    var reading: ReadingWire?

    /// - Parameter readings: All of the study, oldest first.
    init(_ instance: Instance, readings: [Reading]) {
        (id, study, name) = (instance.id.rawValue, instance.study.rawValue, instance.name)
        // The UID may tell the machine and the day; the page needs to know only which images belong together.
        series = String(StudyID(ofUID: instance.seriesInstanceUID).rawValue.prefix(12))
        (format, modality, view, laterality) = (instance.format, instance.modality, instance.view, instance.laterality)
        (bodyPart, orientation) = (instance.bodyPart, instance.orientation)
        (columns, rows, frames) = (instance.columns, instance.rows, instance.frames)
        (size, received) = (instance.size, instance.received)
        let model = readings.last { $0.instance == instance.id }
        let person = readings.last { $0.reader.isPerson }
        // A person's reading is of the images that were there: one that was read by the model later is not covered by it.
        let latest = person.map { person in model.map { $0.id < person.id } ?? true } == true ? person : model
        reading = latest.map { ReadingWire(reading: $0, instance: instance.id) }
    }
}

struct JobWire: Encodable {
    var id: Int64
    var kind: String
    var study: String
    var instance: String?
    var state: String
    var attempts: Int
    var error: String?
    var nextTry: Date
    var made: Date

    init(_ job: Job) {
        (id, kind, study, instance, state) = (job.id, job.kind, job.study.rawValue, job.instance?.rawValue, job.state.rawValue)
        (attempts, error, nextTry, made) = (job.attempts, job.lastError, job.nextTry, job.made)
    }
}

/// A person's unfinished work. Its content is the page's own JSON, handed back as it came.
struct DraftWire: Encodable {
    var basedOn: Int64?
    var saved: Date
    var content: JSONValue
}

/// Any JSON, kept as it is.
enum JSONValue: Codable, Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .string(text)
        } else if let array = try? value.decode([JSONValue].self) {
            self = .array(array)
        } else {
            self = .object(try value.decode([String: JSONValue].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .null: try value.encodeNil()
        case .bool(let bool): try value.encode(bool)
        case .number(let number): try value.encode(number)
        case .string(let text): try value.encode(text)
        case .array(let array): try value.encode(array)
        case .object(let object): try value.encode(object)
        }
    }
}
