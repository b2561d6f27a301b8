import Archive
import Basics
import DICOM
import Findings
import Foundation
import Radiographs
import Results

/// What is known of a file that was received, before anything is done with it: enough to index it.
struct ReceivedImage: Sendable {
    var instance: Instance
    var study: Study
    /// Read from the header where the sender asked for it (Requested Procedure Priority).
    var urgency: StudyUrgency

    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - digest: Its SHA-256, in hexadecimal.
    ///   - name: What the sender calls it.
    /// - Throws: `RadiographError` for what is no image that can be kept: unknown content, damaged header, too large.
    init(_ bytes: Data, digest: String, name: String, received: Date, protocolName: String, limits: DecodingLimits) throws {
        guard !bytes.isEmpty else { throw RadiographError(.empty, "the file has no bytes") }
        let id = InstanceID(ofContent: digest)
        if DICOMDecoder().recognises(bytes) {
            let found = try DICOMDescription(bytes, limits: limits)
            // Another node's picture of what it found would be read as an image, and its boxes as findings.
            guard !found.isDrawn else { throw RadiographError(.unsupported, "a picture that Pleura drew: a result, not an image") }
            let uid = found.header.studyInstanceUID ?? Self.uid(of: "study " + digest)
            let studyID = StudyID(ofUID: uid)
            instance = Instance(
                id: id, study: studyID, sopInstanceUID: found.header.sopInstanceUID ?? Self.uid(of: digest),
                sopClassUID: found.header.sopClassUID,
                seriesInstanceUID: found.header.seriesInstanceUID ?? Self.uid(of: "series " + digest),
                name: name, format: "DICOM", modality: found.header.modality, view: found.view, laterality: found.header.laterality,
                bodyPart: found.header.bodyPart, orientation: found.orientation, columns: found.columns, rows: found.rows,
                frames: found.frames, size: bytes.count,
                digest: digest, received: received)
            urgency = found.urgency
            study = Study(
                id: studyID, uid: uid, patient: found.patient, patientAge: found.header.patientAge, studyDate: found.studyDate,
                accessionNumber: found.accessionNumber, studyDescription: found.studyDescription, received: received,
                urgency: found.urgency,
                protocolName: protocolName, standing: Standing(status: .waiting, due: received, dueClass: "waiting"),
                modality: found.header.modality, views: found.view.map { [$0] } ?? [], instanceCount: 1, firstInstance: id)
        } else {
            let (format, columns, rows) = try Self.picture(bytes, limits: limits)
            let uid = Self.uid(of: "study " + digest)
            let studyID = StudyID(ofUID: uid)
            instance = Instance(
                id: id, study: studyID, sopInstanceUID: Self.uid(of: digest), seriesInstanceUID: Self.uid(of: "series " + digest),
                name: name, format: format, columns: columns, rows: rows, size: bytes.count, digest: digest, received: received)
            urgency = .routine
            study = Study(
                id: studyID, uid: uid, received: received, protocolName: protocolName,
                standing: Standing(status: .waiting, due: received, dueClass: "waiting"), instanceCount: 1, firstInstance: id)
        }
    }

    /// A UID of 128 bits of a digest, as PS3.5 B.2 makes them of UUIDs.
    static func uid(of text: String) -> String {
        var value: UInt128 = 0
        for byte in Digest(of: text).bytes.prefix(16) { value = value << 8 | UInt128(byte) }
        return "2.25.\(value)"
    }

    /// Its size as it is to be seen, by its header.
    private static func picture(_ bytes: Data, limits: DecodingLimits) throws -> (format: String, columns: Int, rows: Int) {
        let decoders: [any RadiographDecoder] = [PNGDecoder(), JPEGDecoder()]
        guard let decoder = decoders.first(where: { $0.recognises(bytes) }) else {
            throw RadiographError(.unknownFormat, "the content is none of DICOM, PNG, JPEG")
        }
        let header = try RasterHeader(bytes)
        try limits.check(width: header.width, height: header.height)
        return (decoder.name, header.width, header.height)
    }
}

/// What a DICOM file says of its patient, study and image, in Unicode.
private struct DICOMDescription {
    var header: ImageHeader
    var patient: PatientIdentity
    var view: String?
    var orientation: [String]?
    var studyDate: String?
    var accessionNumber: String?
    var studyDescription: String?
    var urgency: StudyUrgency
    var columns: Int
    var rows: Int
    var frames: Int
    /// A secondary capture of a result.
    var isDrawn: Bool

    init(_ bytes: Data, limits: DecodingLimits) throws {
        let instance = try DICOMInstance(bytes, limits: limits)
        let dataset = instance.dataset
        header = try instance.header()
        (columns, rows, frames) = (instance.width, instance.height, instance.frameCount)
        isDrawn = dataset.text(.derivationDescription)?.contains(StudyResult.notice) == true
        view = dataset.text(.viewPosition)
        // Letters of PS3.3 C.7.6.1.1.1, such as L or FR; anything else says nothing.
        let directions = (0...1).compactMap { dataset.text(.patientOrientation, at: $0)?.uppercased() }
        let isKnown = directions.count == 2 && directions.allSatisfy { (1...3).contains($0.count) && $0.allSatisfy("LRAPHF".contains) }
        orientation = isKnown ? directions : nil
        patient = PatientIdentity(
            name: dataset.unicodeText(.patientName), id: dataset.unicodeText(.patientID), issuer: dataset.unicodeText(.issuerOfPatientID),
            birthDate: Self.date(dataset.text(.patientBirthDate)), sex: dataset.text(.patientSex))
        studyDate = Self.date(dataset.text(.studyDate))
        accessionNumber = dataset.unicodeText(.accessionNumber)
        studyDescription = dataset.unicodeText(.studyDescription)
        urgency =
            switch dataset.text(.requestedProcedurePriority)?.uppercased() {
            case "STAT", "HIGH": .stat
            default: .routine
            }
    }

    /// `YYYYMMDD`, or the older `YYYY.MM.DD` (PS3.5 6.2), as `YYYY-MM-DD`; `nil` for what is no date.
    private static func date(_ text: String?) -> String? {
        let digits = (text ?? "").filter { $0 != "." && $0 != "-" }
        guard digits.utf8.count == 8, digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        let numbers = Array(digits)
        let (month, day) = (Int(String(numbers[4...5])) ?? 0, Int(String(numbers[6...7])) ?? 0)
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        return "\(String(numbers[0...3]))-\(String(numbers[4...5]))-\(String(numbers[6...7]))"
    }
}
