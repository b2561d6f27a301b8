import Foundation
import Results
import Terminology

/// Makes the resources that Pleura's own server shows of a result: with ids that stay the same through all results of a study.
public struct FHIRView: Sendable {
    private let terminology: Terminology
    private let options: FHIROptions

    public init(_ options: FHIROptions = FHIROptions(), terminology: Terminology = .standard) {
        (self.options, self.terminology) = (options, terminology)
    }

    /// The report first, then its observations, the images, the device, and the patient where the files have a number.
    /// - Parameter result: The newest of its study.
    /// - Throws: `FHIRError` of code `badResult`.
    public func resources(_ result: StudyResult) throws -> [R4.AnyResource] {
        try result.checkForResources()
        let make = ResultResources(result: result, terminology: terminology, options: options, isServed: true)
        var resources: [R4.AnyResource] = []
        var references: [R4.Reference] = []
        func observe(_ id: String, _ observation: R4.Observation) {
            var observation = observation
            observation.id = make.id("finding " + id)
            resources.append(.observation(observation))
            references.append(R4.Reference(reference: make.address("finding " + id), type: "Observation"))
        }
        for finding in result.findings { observe(finding.id, try make.observation(finding)) }
        if result.findings.isEmpty { observe("none", make.nothingFound) }
        for (id, image, ratio) in make.ratioObservations { observe(id, try make.observation(ratio, id: id, image: image)) }
        var report = make.report(results: references, pdf: nil)
        report.id = make.id("report")
        resources.insert(.diagnosticReport(report), at: 0)
        var study = make.study
        study.id = make.id("study")
        resources.append(.imagingStudy(study))
        if let model = result.reader.model {
            var device = make.device(model)
            device.id = make.id("device")
            resources.append(.device(device))
        }
        if make.makesPatient {
            var patient = make.patient
            patient.id = make.id("patient")
            resources.append(.patient(patient))
        }
        return resources
    }
}
