import Foundation
import Geometry
import Results
import Terminology

/// Reads a bundle of `FHIRTransaction` back, for a proof of what was sent, or of what a server kept.
public struct FHIRReader: Sendable {
    private let terminology: Terminology
    private let systems: FHIROptions.Systems

    public init(_ options: FHIROptions = FHIROptions(), terminology: Terminology = .standard) {
        (systems, self.terminology) = (options.systems, terminology)
    }

    /// - Throws: `FHIRError`.
    public func read(_ data: Data) throws -> FHIRReading { try read(try FHIRJSON.decode(R4.Bundle.self, from: data)) }

    /// - Throws: `FHIRError` where something is missing, doubled, or changes the meaning of the rest and is not understood.
    public func read(_ bundle: R4.Bundle) throws -> FHIRReading {
        var reports: [R4.DiagnosticReport] = []
        var observations: [String: R4.Observation] = [:]
        var study: R4.ImagingStudy?
        var devices: [String: R4.Device] = [:]
        var patients: [String: R4.Patient] = [:]
        for entry in bundle.entry ?? [] {
            // A server's own address ends in type and id, as references may.
            let addresses = Set([entry.fullUrl, entry.resource.flatMap { one in one.id.map { "\(one.type)/\($0)" } }].compactMap { $0 })
            switch entry.resource {
            case .diagnosticReport(let report): reports.append(report)
            case .observation(let observation):
                for address in addresses {
                    if observations.updateValue(observation, forKey: address) != nil {
                        throw FHIRError(.unreadable, "two entries have one address")
                    }
                }
            case .imagingStudy(let resource): study = resource
            case .device(let device): for address in addresses { devices[address] = device }
            case .patient(let patient): for address in addresses { patients[address] = patient }
            default: continue
            }
        }
        guard let report = reports.first, reports.count == 1 else {
            throw FHIRError(.unreadable, "the bundle has \(reports.count) reports, not one")
        }
        try understood(report.modifierExtension, report.implicitRules)
        guard let uid = value(report.identifier, systems.report), let identifier = value(report.identifier, systems.result) else {
            throw FHIRError(.unreadable, "the report has no identifier of a study and a result")
        }
        if let study, value(study.identifier, ResultResources.dicomUID) != "urn:oid:" + uid {
            throw FHIRError(.unreadable, "the report and its images are of two studies")
        }
        var reading = FHIRReading(
            identifier: identifier, study: uid, status: report.status, issued: report.issued,
            patient: report.subject.flatMap { subject in
                subject.identifier?.value ?? subject.reference.flatMap { patients[$0]?.identifier?.first?.value }
            }, findings: [], saysNothingFound: false, conclusion: report.conclusion, model: nil)
        for reference in report.result ?? [] {
            guard let address = reference.reference, let observation = observations[address] else {
                throw FHIRError(.unreadable, "the report names an observation that is not there")
            }
            try understood(observation.modifierExtension, observation.implicitRules)
            guard observation.status.rawValue == report.status.rawValue else {
                throw FHIRError(.unreadable, "an observation's status is not its report's")
            }
            if let device = observation.device?.reference {
                reading.model = devices[device].flatMap { value($0.identifier, systems.model) }
            }
            if has(observation.code, .cardiothoracicRatio) {
                reading.ratios.append(try ratio(observation))
            } else if isNothing(observation) {
                reading.saysNothingFound = observation.value != nil
            } else {
                reading.findings.append(try finding(observation, of: uid))
            }
        }
        if reading.saysNothingFound, !reading.findings.isEmpty {
            throw FHIRError(.unreadable, "the report has findings and says that there is none")
        }
        return reading
    }

    private func understood(_ modifiers: [JSONTree]?, _ rules: String?) throws {
        if modifiers?.isEmpty == false || rules != nil {
            throw FHIRError(.notUnderstood, "a resource has a modifier extension or implicit rules, which change what it says")
        }
    }

    private func value(_ identifiers: [R4.Identifier]?, _ system: String) -> String? { identifiers?.first { $0.system == system }?.value }

    private func isNothing(_ observation: R4.Observation) -> Bool {
        if case .codeableConcept(let concept)? = observation.value { return has(concept, .noAbnormality) }
        return observation.value == nil && observation.dataAbsentReason != nil
    }

    private func has(_ concept: R4.CodeableConcept, _ name: ConceptName) -> Bool { has(concept, terminology.code(name)) }

    private func has(_ concept: R4.CodeableConcept, _ code: ConceptCode) -> Bool {
        terminology.scheme(code.scheme).map { concept.has(system: $0.uri, code: code.value) } ?? false
    }

    private func component(_ observation: R4.Observation, _ name: ConceptName) throws -> R4.ObservationValue? {
        let found = (observation.component ?? []).filter { has($0.code, name) }
        if found.count > 1 { throw FHIRError(.unreadable, "an observation has \(name.rawValue) twice") }
        return found.first?.value
    }

    private func number(_ observation: R4.Observation, _ name: ConceptName, _ unit: ConceptName) throws -> R4.Decimal? {
        guard let value = try component(observation, name) else { return nil }
        guard case .quantity(let quantity) = value, let decimal = quantity.value, quantity.comparator == nil,
            quantity.code == terminology.code(unit).value, quantity.system == terminology.scheme(terminology.code(unit).scheme)?.uri
        else { throw FHIRError(.unreadable, "\(name.rawValue) of an observation is no quantity in \(unit.rawValue)") }
        return decimal
    }

    private func text(_ observation: R4.Observation, _ name: ConceptName) throws -> String? {
        guard let value = try component(observation, name) else { return nil }
        guard case .string(let text) = value else { throw FHIRError(.unreadable, "\(name.rawValue) of an observation is no text") }
        return text
    }

    private func ratio(_ observation: R4.Observation) throws -> FHIRReading.Ratio {
        func line(_ name: ConceptName) throws -> ResultRatio.Line {
            let numbers = try text(observation, name)?.split(separator: " ").compactMap { Double($0) } ?? []
            guard numbers.count == 3 else { throw FHIRError(.unreadable, "\(name.rawValue) of an observation is no line") }
            return ResultRatio.Line(left: numbers[0], right: numbers[1], y: numbers[2])
        }
        guard case .quantity(let quantity)? = observation.value, let value = quantity.value,
            let error = try number(observation, .ratioError, .noUnits), let image = try text(observation, .imageReference)
        else { throw FHIRError(.unreadable, "a cardiothoracic ratio has no value, no error or no image") }
        return FHIRReading.Ratio(
            image: image,
            ratio: ResultRatio(value: value.double, error: error.double, heart: try line(.heartLine), thorax: try line(.thoraxLine)))
    }

    private func finding(_ observation: R4.Observation, of study: String) throws -> ResultFinding {
        guard case .codeableConcept(let concept)? = observation.value else { throw FHIRError(.unreadable, "an observation has no finding") }
        guard let name = value(observation.identifier, systems.observation), name.hasPrefix(study + "/") else {
            throw FHIRError(.unreadable, "an observation is of another study, or has no identifier")
        }
        let codes = (concept.coding ?? []).compactMap { $0.concept(terminology) }
        let coded = codes.lazy.compactMap { self.terminology.label(of: $0) }.first
        guard let label = concept.text ?? coded ?? codes.first?.meaning, !label.isEmpty else {
            throw FHIRError(.unreadable, "an observation's finding has no name")
        }
        // Two systems that read the one by the code and the other by the text must read the same.
        let expected = terminology.finding(label).preferred
        guard codes.first.map({ $0.value == expected.value && $0.scheme == expected.scheme }) ?? false else {
            throw FHIRError(.unreadable, "code and text of a finding do not mean the same")
        }
        guard let image = try text(observation, .imageReference),
            let x = try number(observation, .boxLeft, .pixels), let y = try number(observation, .boxTop, .pixels),
            let width = try number(observation, .boxWidth, .pixels), let height = try number(observation, .boxHeight, .pixels)
        else { throw FHIRError(.unreadable, "an observation has no box or no image") }
        let decision = try text(observation, .decision).map { word -> ResultFinding.Decision in
            guard let decision = ResultFinding.Decision(rawValue: word) else { throw FHIRError(.unreadable, "a decision is not known") }
            return decision
        }
        func share(_ name: ConceptName) throws -> Double? {
            try number(observation, name, .percent).map { R4.Decimal($0.value / 100).double }
        }
        return ResultFinding(
            id: String(name.dropFirst(study.count + 1)), label: label, image: image,
            box: Box(x: x.double, y: y.double, width: width.double, height: height.double), score: try share(.score),
            probability: try share(.probability), place: try place(observation), alternativeTo: try text(observation, .alternativeTo),
            decision: decision)
    }

    /// The zone by the site's code, the side by its component.
    private func place(_ observation: R4.Observation) throws -> ResultFinding.Place? {
        var side: ResultFinding.Place.Side?
        if let value = try component(observation, .laterality) {
            guard case .codeableConcept(let concept) = value else { throw FHIRError(.unreadable, "a side is no code") }
            side = ResultFinding.Place.Side.allCases.first { terminology.laterality(side: $0.rawValue).map { has(concept, $0) } ?? false }
            if side == nil { throw FHIRError(.unreadable, "a side is not known") }
        }
        let zone = ResultFinding.Place.Zone.allCases.first { zone in
            guard let site = observation.bodySite, let code = terminology.site(zone: zone.rawValue, side: side?.rawValue) else {
                return false
            }
            return has(site, code)
        }
        return zone == nil && side == nil ? nil : ResultFinding.Place(zone: zone, side: side)
    }
}
