import Foundation
import Results
import Terminology

/// Makes the transaction that brings a result to a server.
///
/// A study has one report there. A later result of the study takes its place: preliminary, final, amended.
/// Images, orders and patients belong to other systems; nothing of theirs is overwritten.
public struct FHIRTransaction: Sendable {
    private let terminology: Terminology
    private let options: FHIROptions

    public init(_ options: FHIROptions = FHIROptions(), terminology: Terminology = .standard) {
        (self.options, self.terminology) = (options, terminology)
    }

    /// - Parameters:
    ///   - result: What is told.
    ///   - previous: What was sent of the study before: its findings that are not in the result any more are withdrawn.
    ///   - pdf: The report for people, of media type `application/pdf`.
    /// - Throws: `FHIRError` of code `badResult`.
    public func bundle(_ result: StudyResult, replacing previous: StudyResult? = nil, pdf: Data? = nil) throws -> R4.Bundle {
        try result.checkForResources()
        let make = ResultResources(result: result, terminology: terminology, options: options)
        var entries: [R4.Bundle.Entry] = []
        func create(_ name: String, _ resource: R4.AnyResource, _ identifier: R4.Identifier) {
            entries.append(
                R4.Bundle.Entry(
                    fullUrl: make.address(name), resource: resource,
                    request: R4.Bundle.Entry.Request(.post, resource.type, ifNoneExist: "identifier=" + identifier.token)))
        }
        func update(_ name: String, _ resource: R4.AnyResource, _ identifier: R4.Identifier) {
            entries.append(
                R4.Bundle.Entry(
                    fullUrl: make.address(name), resource: resource,
                    request: R4.Bundle.Entry.Request(.put, resource.type + "?identifier=" + identifier.token)))
        }
        if make.makesPatient, let identifier = make.patientIdentifier { create("patient", .patient(make.patient), identifier) }
        if make.makesOrder, let identifier = make.orderIdentifiers.first { create("order", .serviceRequest(make.order), identifier) }
        if let model = result.reader.model { create("device", .device(make.device(model)), make.modelIdentifier(model)) }
        create("study", .imagingStudy(make.study), make.studyIdentifier)

        var references: [R4.Reference] = []
        func observe(_ id: String, _ observation: R4.Observation) {
            update("finding " + id, .observation(observation), make.observationIdentifier(id))
            references.append(R4.Reference(reference: make.address("finding " + id), type: "Observation"))
        }
        for finding in result.findings { observe(finding.id, try make.observation(finding)) }
        if result.findings.isEmpty { observe("none", make.nothingFound) }
        for (id, image, ratio) in make.ratioObservations { observe(id, try make.observation(ratio, id: id, image: image)) }
        if let previous, previous.study.uid == result.study.uid {
            func names(_ result: StudyResult) -> [String] {
                let ratios = ResultResources(result: result, terminology: terminology, options: options).ratioObservations
                return (result.findings.isEmpty ? ["none"] : result.findings.map(\.id)) + ratios.map(\.id)
            }
            let now = Set(names(result))
            let before = names(previous)
            for id in before where !now.contains(id) {
                update(
                    "finding " + id, .observation(make.withdrawn(id, wasSigned: previous.isSigned)), make.observationIdentifier(id))
            }
        }
        let report = make.report(results: references, pdf: pdf)
        update("report", .diagnosticReport(report), make.reportIdentifier)
        var bundle = R4.Bundle(type: .transaction, entry: entries)
        bundle.meta = R4.Meta(tag: [make.research])
        bundle.timestamp = R4.Instant(result.issued)
        return bundle
    }
}
