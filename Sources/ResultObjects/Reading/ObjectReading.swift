import DICOM
import Foundation
import Results
import Terminology

/// Reads an object by its SOP class.
enum ObjectReading {
    static func read(_ bytes: Data) throws -> ResultReading {
        let file: DICOMFile
        do {
            file = try DICOMFile(bytes)
        } catch {
            throw ResultObjectError(.unreadable, "the file cannot be read as DICOM")
        }
        guard file.parsingError == nil else { throw ResultObjectError(.unreadable, "the file is damaged or cut off") }
        let dataset = file.dataset
        guard let sopClass = dataset.text(.sopClassUID), let kind = kinds[sopClass] else {
            throw ResultObjectError(
                .unreadable, "the file is no result object: no report, presentation state, capture, segmentation or document")
        }
        var reading = try common(dataset, kind: kind, sopClass: sopClass)
        switch kind {
        case .structuredReport: ReportReading(dataset).read(into: &reading)
        case .presentationState: PresentationReading(dataset).read(into: &reading)
        case .secondaryCapture: try readCapture(dataset, into: &reading)
        case .segmentation: try SegmentationReading(dataset).read(into: &reading)
        case .encapsulatedDocument: try DocumentReading(dataset).read(into: &reading)
        }
        return reading
    }

    private static let kinds: [String: ResultObject.Kind] = [
        "1.2.840.10008.5.1.4.1.1.88.22": .structuredReport, "1.2.840.10008.5.1.4.1.1.88.33": .structuredReport,
        "1.2.840.10008.5.1.4.1.1.88.34": .structuredReport, "1.2.840.10008.5.1.4.1.1.11.1": .presentationState,
        "1.2.840.10008.5.1.4.1.1.11.2": .presentationState, "1.2.840.10008.5.1.4.1.1.7": .secondaryCapture,
        "1.2.840.10008.5.1.4.1.1.66.4": .segmentation, "1.2.840.10008.5.1.4.1.1.104.1": .encapsulatedDocument,
    ]

    private static func common(_ dataset: DICOMItem, kind: ResultObject.Kind, sopClass: String) throws -> ResultReading {
        guard let instance = dataset.text(.sopInstanceUID), let series = dataset.text(.seriesInstanceUID),
            let study = dataset.text(.studyInstanceUID)
        else { throw ResultObjectError(.unreadable, "the object lacks one of its UIDs") }
        let birth = dataset.text(.patientBirthDate).map { text in
            text.utf8.count == 8 ? "\(text.prefix(4))-\(text.dropFirst(4).prefix(2))-\(text.suffix(2))" : text
        }
        let patient = PatientIdentity(
            name: dataset.unicodeText(.patientName), id: dataset.unicodeText(.patientID), issuer: dataset.unicodeText(.issuerOfPatientID),
            birthDate: birth, sex: dataset.text(.patientSex))
        return ResultReading(
            kind: kind, sopClassUID: sopClass, sopInstanceUID: instance, seriesInstanceUID: series, studyInstanceUID: study,
            patient: patient, accessionNumber: dataset.unicodeText(.accessionNumber), status: nil, verifier: nil, algorithm: nil,
            images: [],
            findings: [], texts: [])
    }

    /// What is burnt in cannot be read; the comments say it.
    private static func readCapture(_ dataset: DICOMItem, into reading: inout ResultReading) throws {
        guard dataset.text(.conversionType) != nil || dataset.has(.sourceImageSequence) else {
            throw ResultObjectError(.unreadable, "the capture names no source image")
        }
        reading.images = dataset.items(.sourceImageSequence).compactMap { image($0) }
        if let comments = dataset.unicodeText(.imageComments) {
            reading.findings = FindingLines.findings(comments)
            reading.texts = comments.split(whereSeparator: \.isNewline).map(String.init).filter { FindingLines.findings($0).isEmpty }
        }
        let frame = reading.images.first?.frame
        for index in reading.findings.indices { reading.findings[index].frame = frame }
    }

    /// An item of a reference macro (PS3.3 10.3).
    static func image(_ item: DICOMItem, series: String? = nil) -> ResultReading.Image? {
        guard let uid = item.text(.referencedSOPInstanceUID) else { return nil }
        return ResultReading.Image(
            sopInstanceUID: uid, sopClassUID: item.text(.referencedSOPClassUID), seriesInstanceUID: series,
            frame: item.integer(.referencedFrameNumber))
    }

    /// The first code of a sequence (PS3.3 8.8).
    static func code(_ item: DICOMItem, _ tag: Tag) -> Code? {
        guard let found = item.item(tag) else { return nil }
        guard let value = found.text(.codeValue) ?? found.unicodeText(.longCodeValue) else { return nil }
        return Code(value, found.text(.codingSchemeDesignator) ?? "", found.unicodeText(.codeMeaning) ?? value)
    }
}
