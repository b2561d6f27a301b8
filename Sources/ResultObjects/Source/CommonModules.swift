import DICOM
import Foundation
import Results
import Terminology

/// An object being filled: the modules that all kinds have.
struct ObjectDraft {
    let writer: DICOMWriter
    let kind: ResultObject.Kind
    let sopClassUID: String
    let sopInstanceUID: String
    let seriesInstanceUID: String
    let content: ResultContent
    let image: SourceImage?

    var dataset: DICOMWriter.Item { writer.dataset }

    /// Patient, General Study, series and equipment modules, SOP Common.
    /// - Parameters:
    ///   - image: The one that it is about; `nil` for all.
    ///   - detail: What its bytes depend on beside result and image.
    init(_ kind: ResultObject.Kind, sopClassUID: String, content: ResultContent, image: SourceImage?, title: String, detail: String) throws
    {
        (self.kind, self.sopClassUID, self.content, self.image) = (kind, sopClassUID, content, image)
        writer = try DICOMWriter()
        seriesInstanceUID = content.seriesUID(kind)
        sopInstanceUID = content.instanceUID(kind, image: image, detail: "\(sopClassUID)|\(detail)")
        let dataset = writer.dataset
        dataset.set(.specificCharacterSet, content.identity.characters.names)
        dataset.set(.sopClassUID, sopClassUID)
        dataset.set(.sopInstanceUID, sopInstanceUID)
        dataset.set(.instanceCreationDate, content.issued.date)
        dataset.set(.instanceCreationTime, content.issued.time)
        if let offset = content.identity.zoneOffset { dataset.set(.timezoneOffsetFromUTC, offset) }
        content.identity.describe(dataset)
        dataset.set(.studyInstanceUID, content.result.study.uid)
        dataset.set(.modality, kind.modality)
        dataset.set(.seriesInstanceUID, seriesInstanceUID)
        dataset.set(.seriesNumber, kind.seriesNumber)
        // No date: the series takes up results of other days.
        dataset.set(.seriesDescription, content.line(title))
        dataset.set(.instanceNumber, Self.instanceNumber(content, image))
        dataset.set(.manufacturer, content.line(content.options.manufacturer))
        dataset.set(.manufacturerModelName, content.line(content.algorithmName))
        dataset.set(.deviceSerialNumber, String((content.result.reader.model?.digest ?? content.options.product).prefix(32)))
        dataset.set(.softwareVersions, content.line(content.algorithmVersion))
    }

    /// Later results of a study come behind earlier ones, images in their order. IS holds 31 bits.
    private static func instanceNumber(_ content: ResultContent, _ image: SourceImage?) -> Int {
        Int(content.result.revision.clamped(to: 0...2_000_000)) * 1_000 + min(999, image?.number ?? 1)
    }

    func contentTime() {
        dataset.set(.contentDate, content.issued.date)
        dataset.set(.contentTime, content.issued.time)
    }

    /// Body parts of which there is one (PS3.16 annex L).
    private static let unpaired: Set<String> = [
        "CHEST", "ABDOMEN", "HEAD", "NECK", "PELVIS", "SPINE", "CSPINE", "TSPINE", "LSPINE", "SSPINE", "SKULL", "HEART",
    ]

    /// Laterality is wanted unless the body part is known to be one of which there is one (PS3.3 C.7.3.1). Headers name parts that no
    /// table has: these are left out, and whether one is paired stays open.
    func bodyPart() {
        if let part = image?.bodyPart, Self.unpaired.contains(part) {
            dataset.set(.bodyPartExamined, part)
        } else {
            dataset.set(.laterality, image?.laterality)
        }
    }

    /// - Throws: `ResultObjectError` of code `cannotWrite`; its text names an element's tag, never its value.
    func object(transferSyntax: String = "1.2.840.10008.1.2.1") throws -> ResultObject {
        do {
            return ResultObject(
                kind: kind, sopClassUID: sopClassUID, sopInstanceUID: sopInstanceUID, seriesInstanceUID: seriesInstanceUID,
                studyInstanceUID: content.result.study.uid, transferSyntaxUID: transferSyntax, image: image?.sopInstanceUID,
                bytes: try writer.file())
        } catch {
            throw ResultObjectError(.cannotWrite, "\(error)")
        }
    }
}

extension Comparable {
    fileprivate func clamped(to range: ClosedRange<Self>) -> Self { min(max(self, range.lowerBound), range.upperBound) }
}

extension DICOMWriter.Item {
    /// A sequence of one code (PS3.3 8.8); long values have an element of their own.
    func code(_ tag: Tag, _ code: Code) {
        let item = append(tag)
        item.set(code.value.utf8.count > 16 ? .longCodeValue : .codeValue, code.value)
        item.set(.codingSchemeDesignator, code.scheme)
        item.set(.codeMeaning, ConformantText.words(code.meaning) ?? code.value)
    }

    /// Numbers with backslashes between them.
    func numbers(_ tag: Tag, _ values: [Float]) { set(tag, values.map { "\($0)" }.joined(separator: "\\")) }
}
