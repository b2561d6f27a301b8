import Archive
import Department
import Foundation
import Results

/// A result on its way to a destination: `DELIVERY` of the API.
struct DeliveryWire: Encodable {
    var id: Int64
    var destination: String
    var study: String
    /// Such as `sr` or `oru`.
    var kind: String
    /// SOP Instance UID, or the control id of a message.
    var identifier: String
    var size: Int
    var state: String
    var attempts: Int
    var nextTry: Date
    var lastError: String?
    var proof: String?
    var made: Date
    var ended: Date?

    init(_ delivery: Delivery) {
        (id, destination, study) = (delivery.id, delivery.destination, delivery.file.study.rawValue)
        (kind, identifier, size) = (delivery.file.kind, delivery.file.identifier, delivery.file.size)
        (state, attempts, nextTry) = (delivery.state.rawValue, delivery.attempts, delivery.nextTry)
        (lastError, proof, made, ended) = (delivery.lastError, delivery.proof, delivery.made, delivery.ended)
    }
}

/// Where results go, and how it is there.
struct DestinationWire: Encodable {
    var name: String
    /// Whether the site's configuration still names it; results for one that it no longer names stay where they are.
    var configured: Bool
    var counts: [String: Int]
    var awaySince: Date?
    var reason: String?
    var lastReached: Date?

    init(_ name: String, isConfigured: Bool, counts: [Delivery.State: Int], condition: DestinationCondition?) {
        (self.name, configured) = (name, isConfigured)
        self.counts = Dictionary(uniqueKeysWithValues: Delivery.State.allCases.map { ($0.rawValue, counts[$0] ?? 0) })
        (awaySince, reason, lastReached) = (condition?.awaySince, condition?.reason, condition?.lastReached)
    }
}

/// The order that a study fulfils.
struct OrderWire: Encodable {
    var placer: String?
    var filler: String?
    var accession: String?
    var procedure: String?
    var indication: String?
    var urgency: String
    var received: Date

    init(_ order: ClinicalOrder) {
        (placer, filler, accession) = (order.details.placerNumber, order.details.fillerNumber, order.accessionNumber)
        procedure = order.details.procedureText ?? order.details.procedureCode
        (indication, urgency, received) = (order.details.indication, order.urgency.rawValue, order.received)
    }
}

/// A change of the patient of a study.
struct PatientChangeWire: Encodable {
    struct PatientWire: Encodable {
        var name: String?
        var id: String?
        var issuer: String?
        var birthDate: String?
        var sex: String?

        init(_ patient: PatientIdentity) {
            (name, id, issuer, birthDate, sex) = (patient.name, patient.id, patient.issuer, patient.birthDate, patient.sex)
        }
    }

    var id: Int64
    var time: Date
    var kind: String
    var study: String
    var before: PatientWire
    var after: PatientWire
    var undone: Bool

    init(_ change: PatientChange) {
        (id, time, kind, study) = (change.id, change.time, change.kind.rawValue, change.study.rawValue)
        (before, after, undone) = (PatientWire(change.before), PatientWire(change.after), change.isUndone)
    }
}
