import DICOM
import Foundation
import Results
import Terminology

/// A result as a Comprehensive SR or Comprehensive 3D SR by TID 1500, a TID 1410 group a finding.
struct StructuredReport {
    private let content: ResultContent
    private let predecessor: PredecessorReport?

    /// - Throws: `ResultObjectError` of code `badResult` where the predecessor cannot be referred to.
    init(_ content: ResultContent, predecessor: PredecessorReport?) throws {
        (self.content, self.predecessor) = (content, predecessor)
        guard let predecessor else { return }
        let uids = [predecessor.sopInstanceUID, predecessor.sopClassUID, predecessor.seriesInstanceUID, predecessor.studyInstanceUID]
        guard uids.allSatisfy(ConformantText.isUID) else { throw ResultObjectError(.badResult, "the predecessor's UIDs are none") }
    }

    func object() throws -> ResultObject {
        let draft = try ObjectDraft(
            .structuredReport, sopClassUID: content.options.is3D ? "1.2.840.10008.5.1.4.1.1.88.34" : "1.2.840.10008.5.1.4.1.1.88.33",
            content: content, image: nil, title: "AI findings",
            detail: "\(content.options.organization ?? "")|\(predecessor?.sopInstanceUID ?? "")")
        let dataset = draft.dataset
        draft.contentTime()
        dataset.setEmptySequence(.referencedPerformedProcedureStepSequence)
        describeScheme(dataset)
        describeStatus(dataset)
        describeOrder(dataset)
        describeEvidence(dataset)
        ReportTree(content).root.writeContent(to: dataset)
        return try draft.object()
    }

    /// Whose codes the private ones are (PS3.3 C.12.1.1.4.1).
    func describeScheme(_ dataset: DICOMWriter.Item) {
        guard let own = content.terminology.scheme(Code.reviewDecision.scheme) else { return }
        let item = dataset.append(.codingSchemeIdentificationSequence)
        item.set(.codingSchemeDesignator, own.designator)
        if let uid = own.uid { item.set(.codingSchemeUID, uid) }
        item.set(.codingSchemeName, content.own(own.name))
    }

    /// SR Document General module (PS3.3 C.17.2).
    func describeStatus(_ dataset: DICOMWriter.Item) {
        let result = content.result
        dataset.set(.completionFlag, "COMPLETE")
        dataset.set(.verificationFlag, result.isSigned ? "VERIFIED" : "UNVERIFIED")
        dataset.set(.preliminaryFlag, result.isSigned ? "FINAL" : "PRELIMINARY")
        if result.isSigned, let person = result.reader.person {
            let observer = dataset.append(.verifyingObserverSequence)
            if let organization = content.options.organization {
                observer.set(.verifyingOrganization, content.line(organization))
            } else {
                SourceText.set(observer, .verifyingOrganization, content.identity.institution ?? .text("Not stated"))
            }
            observer.set(.verificationDateTime, content.issued.date + content.issued.time)
            observer.set(.verifyingObserverName, ConformantText.personName(ofAccount: content.own(person)) ?? "-")
            observer.setEmptySequence(.verifyingObserverIdentificationCodeSequence)
        }
        if let predecessor {
            let study = dataset.append(.predecessorDocumentsSequence)
            study.set(.studyInstanceUID, predecessor.studyInstanceUID)
            let series = study.append(.referencedSeriesSequence)
            series.set(.seriesInstanceUID, predecessor.seriesInstanceUID)
            let report = series.append(.referencedSOPSequence)
            report.set(.referencedSOPClassUID, predecessor.sopClassUID)
            report.set(.referencedSOPInstanceUID, predecessor.sopInstanceUID)
        }
        dataset.setEmptySequence(.performedProcedureCodeSequence)
    }

    /// Referenced Request Sequence: the order that is fulfilled, where one is known.
    func describeOrder(_ dataset: DICOMWriter.Item) {
        guard let order = content.result.order else { return }
        let request = dataset.append(.referencedRequestSequence)
        func short(_ text: String?, _ limit: Int) -> String? {
            text.map(content.own).flatMap { ConformantText.identifier($0, limit: limit) }
        }
        request.set(.studyInstanceUID, content.result.study.uid)
        request.setEmptySequence(.referencedStudySequence)
        request.set(.accessionNumber, short(content.result.study.accessionNumber, 16))
        request.set(.placerOrderNumberImagingServiceRequest, short(order.placerNumber, 64))
        request.set(.fillerOrderNumberImagingServiceRequest, short(order.fillerNumber, 64))
        request.set(.requestedProcedureID, nil)
        request.set(.requestedProcedureDescription, order.procedureText.map(content.line))
        guard let value = short(order.procedureCode, 16), let scheme = short(order.procedureScheme, 16) else {
            return request.setEmptySequence(.requestedProcedureCodeSequence)
        }
        request.code(.requestedProcedureCodeSequence, Code(value, scheme, content.own(order.procedureText ?? value)))
    }

    /// Every image that is referred to, with its series and study: without them archives do not find the images.
    /// - Returns: The study's item, for series of others.
    @discardableResult
    func describeEvidence(_ dataset: DICOMWriter.Item) -> DICOMWriter.Item {
        let study = dataset.append(.currentRequestedProcedureEvidenceSequence)
        study.set(.studyInstanceUID, content.result.study.uid)
        var isListed = Set<String>()
        let images = content.images.filter { $0.sopClassUID != nil && isListed.insert($0.sopInstanceUID).inserted }
        var order: [String] = []
        for image in images where !order.contains(image.seriesInstanceUID) { order.append(image.seriesInstanceUID) }
        for uid in order {
            let series = study.append(.referencedSeriesSequence)
            series.set(.seriesInstanceUID, uid)
            for image in images where image.seriesInstanceUID == uid {
                let item = series.append(.referencedSOPSequence)
                item.set(.referencedSOPClassUID, image.sopClassUID)
                item.set(.referencedSOPInstanceUID, image.sopInstanceUID)
            }
        }
        return study
    }
}
