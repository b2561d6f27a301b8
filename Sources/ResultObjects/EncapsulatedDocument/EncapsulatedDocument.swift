import DICOM
import Foundation
import Results

/// The report for people as an Encapsulated PDF (PS3.3 A.45.1).
struct EncapsulatedDocument {
    private let content: ResultContent

    init(_ content: ResultContent) { self.content = content }

    func object() throws -> ResultObject {
        let document = try ReportDocument(content).pdf()
        let draft = try ObjectDraft(
            .encapsulatedDocument, sopClassUID: "1.2.840.10008.5.1.4.1.1.104.1", content: content, image: nil, title: "AI report",
            detail: "\(content.options.hasKeyPicture)|\(content.options.captureSide)|\(content.options.captureQuality)")
        let dataset = draft.dataset
        draft.contentTime()
        dataset.set(.conversionType, "WSD")
        dataset.set(.acquisitionDateTime, nil)
        // The patient's name stands on the pages.
        dataset.set(.burnedInAnnotation, "YES")
        var isListed = Set<String>()
        for image in content.images where image.sopClassUID != nil && isListed.insert(image.sopInstanceUID).inserted {
            let item = dataset.append(.sourceInstanceSequence)
            item.set(.referencedSOPClassUID, image.sopClassUID)
            item.set(.referencedSOPInstanceUID, image.sopInstanceUID)
        }
        dataset.set(.documentTitle, content.own(content.words.report))
        dataset.code(.conceptNameCodeSequence, .studyReport)
        dataset.set(.verificationFlag, content.result.isSigned ? "VERIFIED" : "UNVERIFIED")
        dataset.set(.mimeTypeOfEncapsulatedDocument, "application/pdf")
        dataset.set(.encapsulatedDocumentLength, document.count)
        dataset.set(.encapsulatedDocument, data: document)
        return try draft.object()
    }
}
