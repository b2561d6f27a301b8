import Basics
import Foundation
import Results
import Terminology

/// Makes the resources of one result.
struct ResultResources {
    let result: StudyResult
    let terminology: Terminology
    let options: FHIROptions
    /// Whether the resources are those of the own server, which have ids, or those of a transaction: there the other server gives them.
    var isServed = false

    static let dicomUID = "urn:dicom:uid"
    static let identifierTypes = "http://terminology.hl7.org/CodeSystem/v2-0203"
    static let sections = "http://terminology.hl7.org/CodeSystem/v2-0074"
    static let categories = "http://terminology.hl7.org/CodeSystem/observation-category"
    static let absences = "http://terminology.hl7.org/CodeSystem/data-absent-reason"

    /// What a resource is known by: inside the transaction `urn:uuid:…`, on Pleura's own server `Type/id`. The same whenever it is made.
    func address(_ name: String) -> String {
        if !isServed { return "urn:uuid:" + FHIROptions.Systems.named("\(result.study.uid)\n\(result.identifier)\n\(name)") }
        let (type, identifier): (String, R4.Identifier?) =
            switch name {
            case "patient": ("Patient", patientIdentifier)
            case "device": ("Device", result.reader.model.map(modelIdentifier))
            case "study": ("ImagingStudy", studyIdentifier)
            case "report": ("DiagnosticReport", reportIdentifier)
            default: ("Observation", observationIdentifier(String(name.dropFirst("finding ".count))))
            }
        return "\(type)/" + FHIROptions.Systems.named("\(type)\n\(identifier?.system ?? "")\n\(identifier?.value ?? "")")
    }

    /// The logical id of a resource of Pleura's own server.
    func id(_ name: String) -> String { address(name).split(separator: "/").last.map(String.init) ?? "" }

    var research: R4.Coding {
        R4.Coding(system: terminology.scheme(CodingScheme.local)?.uri, code: "RESEARCHUSE", display: StudyResult.notice)
    }

    var meta: R4.Meta {
        var tags = [research]
        if result.isUrgent { tags.append(R4.Coding(system: research.system, code: "URGENT", display: "Wanted at once")) }
        return R4.Meta(tag: tags)
    }

    // MARK: The patient

    var patientIdentifier: R4.Identifier? {
        guard let id = PlainText.line(result.patient.id) else { return nil }
        let issuer = PlainText.line(result.patient.issuer)
        let system = issuer.flatMap { options.systems.issuers[$0] } ?? options.systems.patient
        return R4.Identifier(
            type: R4.CodeableConcept(coding: [R4.Coding(system: Self.identifierTypes, code: "MR", display: "Medical record number")]),
            system: system, value: id, assigner: issuer.map { R4.Identifier.Assigner(display: $0) })
    }

    /// A patient without a number cannot be found again, so none is made at the server.
    var makesPatient: Bool { (isServed || options.patients == .conditionalCreate) && patientIdentifier != nil }

    var subject: R4.Reference {
        if makesPatient {
            return R4.Reference(reference: address("patient"), type: "Patient", identifier: isServed ? patientIdentifier : nil)
        }
        guard let identifier = patientIdentifier else { return R4.Reference(type: "Patient", display: "patient without a number") }
        return R4.Reference(type: "Patient", identifier: identifier)
    }

    var patient: R4.Patient {
        var patient = R4.Patient()
        patient.identifier = patientIdentifier.map { [$0] }
        patient.name = result.patient.name.map(Self.names)?.orNil
        patient.gender =
            switch result.patient.sex {
            case "F": .female
            case "M": .male
            case "O": .other
            default: nil
            }
        patient.birthDate = result.patient.birthDate.flatMap { R4.CalendarDate($0) }
        return patient
    }

    /// The groups of a DICOM name: alphabetic, ideographic, phonetic (PS3.5, 6.2.1.1).
    static func names(_ text: String) -> [R4.HumanName] {
        text.split(separator: "=").compactMap { group in
            let parts = group.split(separator: "^", omittingEmptySubsequences: false).map { PlainText.line(String($0)) }
            func part(_ place: Int) -> String? { parts.indices.contains(place) ? parts[place] : nil }
            let shown = [part(3), part(1), part(2), part(0), part(4)].compactMap { $0 }
            if shown.isEmpty { return nil }
            return R4.HumanName(
                text: shown.joined(separator: " "), family: part(0), given: [part(1), part(2)].compactMap { $0 }.orNil,
                prefix: part(3).map { [$0] }, suffix: part(4).map { [$0] })
        }
    }

    // MARK: The order

    private func orderIdentifier(_ value: String?, _ code: String, _ display: String, _ system: String?) -> R4.Identifier? {
        PlainText.line(value).map {
            R4.Identifier(
                type: R4.CodeableConcept(coding: [R4.Coding(system: Self.identifierTypes, code: code, display: display)]), system: system,
                value: $0)
        }
    }

    var orderIdentifiers: [R4.Identifier] {
        [
            orderIdentifier(result.order?.placerNumber, "PLAC", "Placer Identifier", options.systems.placer),
            orderIdentifier(result.order?.fillerNumber, "FILL", "Filler Identifier", options.systems.filler),
            orderIdentifier(result.study.accessionNumber, "ACSN", "Accession ID", options.systems.accession),
        ].compactMap { $0 }
    }

    var makesOrder: Bool { !isServed && options.orders == .conditionalCreate && !orderIdentifiers.isEmpty }

    var basedOn: [R4.Reference]? {
        guard let first = orderIdentifiers.first else { return nil }
        if makesOrder { return [R4.Reference(reference: address("order"), type: "ServiceRequest")] }
        return [R4.Reference(type: "ServiceRequest", identifier: first)]
    }

    var encounter: R4.Reference? {
        guard let number = PlainText.line(result.order?.visitNumber) else { return nil }
        return R4.Reference(type: "Encounter", identifier: R4.Identifier(system: options.systems.encounter, value: number))
    }

    var order: R4.ServiceRequest {
        var order = R4.ServiceRequest(status: .active, intent: .order, subject: subject)
        order.identifier = orderIdentifiers.orNil
        order.code = procedure
        order.encounter = encounter
        order.reasonCode = PlainText.line(result.order?.indication).map { [R4.CodeableConcept(text: $0)] }
        return order
    }

    /// What was ordered, in the ordering system's own words, or what Pleura reads.
    var procedure: R4.CodeableConcept {
        let text = PlainText.line(result.order?.procedureText)
        guard let code = PlainText.line(result.order?.procedureCode) else {
            var standard = R4.CodeableConcept(terminology.codes(.chestRadiograph), text: text, terminology)
            standard.text = text
            return standard
        }
        let scheme = PlainText.line(result.order?.procedureScheme)
        let system = scheme.flatMap { terminology.scheme($0)?.uri ?? options.systems.procedures[$0] }
        return R4.CodeableConcept(coding: [R4.Coding(system: system, code: code, display: text)], text: text)
    }

    // MARK: The study and the model

    var studyIdentifier: R4.Identifier {
        R4.Identifier(use: .official, system: Self.dicomUID, value: "urn:oid:" + result.study.uid)
    }

    var study: R4.ImagingStudy {
        var study = R4.ImagingStudy(status: .available, subject: subject)
        var identifiers = [studyIdentifier]
        if let accession = orderIdentifiers.first(where: { $0.type?.has(system: Self.identifierTypes, code: "ACSN") == true }) {
            identifiers.append(accession)
        }
        study.identifier = identifiers
        study.basedOn = basedOn
        study.encounter = encounter
        study.started = started
        study.description = PlainText.line(result.study.description)
        study.procedureCode = [procedure]
        var series: [R4.ImagingStudy.Series] = []
        for image in result.images {
            let modality = R4.Coding(
                system: terminology.scheme("DCM")?.uri,
                code: PlainText.line(image.modality) ?? PlainText.line(result.study.modality) ?? "OT")
            let place =
                series.firstIndex { $0.uid == image.seriesInstanceUID }
                ?? {
                    series.append(R4.ImagingStudy.Series(uid: image.seriesInstanceUID, modality: modality))
                    return series.count - 1
                }()
            guard let sopClass = image.sopClassUID, !(series[place].instance ?? []).contains(where: { $0.uid == image.sopInstanceUID })
            else { continue }
            let instance = R4.ImagingStudy.Instance(
                uid: image.sopInstanceUID, sopClass: R4.Coding(system: "urn:ietf:rfc:3986", code: "urn:oid:" + sopClass))
            series[place].instance = (series[place].instance ?? []) + [instance]
        }
        study.series = series.orNil
        var modalities: [R4.Coding] = []
        for one in series where !modalities.contains(one.modality) { modalities.append(one.modality) }
        study.modality = modalities.orNil
        return study
    }

    var started: R4.DateTime? { result.study.date.flatMap { R4.DateTime($0) } }

    func device(_ model: ResultReader.Model) -> R4.Device {
        var device = R4.Device()
        device.identifier = [modelIdentifier(model)]
        device.status = .active
        device.meta = R4.Meta(tag: [research])
        device.deviceName = [R4.Device.Name(PlainText.line(model.name) ?? "model", .model)]
        device.version = PlainText.line(model.version).map { [R4.Device.Version($0)] }
        device.note = [R4.Annotation(text: StudyResult.notice)]
        return device
    }

    func modelIdentifier(_ model: ResultReader.Model) -> R4.Identifier { R4.Identifier(system: options.systems.model, value: model.digest) }

    var deviceReference: R4.Reference? {
        result.reader.model.map { R4.Reference(reference: address("device"), type: "Device", display: PlainText.line($0.name)) }
    }

    /// A person stands before the model whose boxes they had.
    var readers: [R4.Reference] {
        [PlainText.line(result.reader.person).map { R4.Reference(type: "Practitioner", display: $0) }].compactMap { $0 }
    }
}
