import Archive
import Basics
import FHIR
import Foundation
import Results
import Synchronization

/// The resources of a study with the ids that this server finds them by. A report, its images and its order have the study's own id; an observation has it
/// before a point. No id tells of the patient.
struct ServedResources: Sendable {
    let study: StudyID
    private let patient: String?
    private let order: ClinicalOrder?

    /// - Parameter order: That the study fulfils.
    init(_ study: Study, order: ClinicalOrder?) {
        (self.study, self.order) = (study.id, order)
        patient = Self.patientID(study)
    }

    /// `nil` where the files have no number of the patient.
    static func patientID(_ study: Study) -> String? {
        guard let number = study.patient.id, !number.isEmpty else { return nil }
        return String(Digest(of: "fhir patient\n\(study.patient.issuer ?? "")\n\(number)").hexadecimal.prefix(32))
    }

    /// The study that an id names; `nil` for an id that is none of this server's.
    static func study(ofID id: String) -> StudyID? { StudyID(rawValue: String(id.prefix(32))) }

    /// - Parameter made: As they are made of a result, with ids of their own.
    /// - Throws: `FHIRError`.
    func callAsFunction(_ made: [R4.AnyResource]) throws -> [R4.AnyResource] {
        // Every id is a UUID that stands for one thing, so its text is replaced wherever it stands.
        let ids = made.compactMap { resource in resource.id.map { ($0, name(resource, $0)) } }
        let renamed = try made.map { resource -> R4.AnyResource in
            var text = String(decoding: try FHIRJSON.encode(resource), as: UTF8.self)
            for (old, new) in ids where old != new { text = text.replacing(old, with: new) }
            return try FHIRJSON.decode(from: Data(text.utf8))
        }
        guard let request = request(for: renamed) else { return renamed }
        return renamed.map(naming) + [.serviceRequest(request)]
    }

    private func name(_ resource: R4.AnyResource, _ id: String) -> String {
        switch resource {
        case .diagnosticReport, .imagingStudy: study.rawValue
        // Ids have 64 characters at most.
        case .observation: study.rawValue + "." + id.filter { $0 != "-" }.prefix(31)
        case .patient: patient ?? id
        default: id
        }
    }

    /// The order, where the ordering system has told it.
    private func request(for resources: [R4.AnyResource]) -> R4.ServiceRequest? {
        guard let order else { return nil }
        for case .diagnosticReport(let report) in resources {
            guard let subject = report.subject else { return nil }
            var request = R4.ServiceRequest(status: order.isCancelled ? .revoked : .active, intent: .order, subject: subject)
            request.id = study.rawValue
            request.meta = report.meta
            request.identifier = report.basedOn?.compactMap(\.identifier)
            request.priority = order.urgency == .stat ? .stat : .routine
            request.encounter = report.encounter
            if let indication = order.details.indication, !indication.isEmpty {
                request.reasonCode = [R4.CodeableConcept(text: indication)]
            }
            for case .imagingStudy(let images) in resources { request.code = images.procedureCode?.first }
            return request
        }
        return nil
    }

    /// With the order by its address, besides its number.
    private func naming(_ resource: R4.AnyResource) -> R4.AnyResource {
        func named(_ references: [R4.Reference]?) -> [R4.Reference] {
            [R4.Reference(reference: "ServiceRequest/\(study.rawValue)", type: "ServiceRequest", identifier: references?.first?.identifier)]
        }
        switch resource {
        case .diagnosticReport(var report):
            report.basedOn = named(report.basedOn)
            return .diagnosticReport(report)
        case .imagingStudy(var images):
            images.basedOn = named(images.basedOn)
            return .imagingStudy(images)
        default: return resource
        }
    }
}

/// Remembers in which study a patient or a model was seen. What is forgotten is looked for again.
final class FHIRDirectory: Sendable {
    private let places = Mutex<[String: StudyID]>([:])
    private static let most = 200_000

    subscript(type: String, id: String) -> StudyID? { places.withLock { $0["\(type)/\(id)"] } }

    func note(_ type: String, _ id: String, in study: StudyID) {
        places.withLock { places in
            if places.count >= Self.most { places = [:] }
            places["\(type)/\(id)"] = study
        }
    }
}
