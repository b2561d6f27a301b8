import DICOM
import Foundation
import Geometry
import Results

/// The file of an image, its header parsed once for all frames.
struct SourceFile {
    /// `nil` where there is none.
    let bytes: Data?
    /// `nil` where the file is none of DICOM's.
    let dataset: DICOMItem?

    /// - Throws: `ResultObjectError` of code `badSource` where the header is needed and cannot be read.
    init(_ bytes: Data?, isNeeded: Bool) throws {
        self.bytes = bytes
        // Pictures that were received as such.
        guard let bytes, !bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]), !bytes.starts(with: [0xFF, 0xD8]) else {
            dataset = nil
            return
        }
        do {
            let file = try DICOMFile(bytes)
            // Elements come in order: what breaks off before the pixels may lack the patient.
            if let error = file.parsingError, !file.dataset.has(.pixelData) { throw error }
            dataset = file.dataset
        } catch  where !isNeeded {
            dataset = nil
        } catch {
            throw ResultObjectError(.badSource, "an image's header cannot be read")
        }
    }
}

/// An image of the result, with what its header says.
struct SourceImage {
    let image: ResultImage
    /// From 1: which of the result's images it is.
    let number: Int
    /// The file; `nil` where there is none.
    let bytes: Data?
    /// The header; `nil` where the file is none of DICOM's.
    let dataset: DICOMItem?
    let sopClassUID: String?
    let sopInstanceUID: String
    let seriesInstanceUID: String
    let columns: Int
    let rows: Int
    /// From 1; `nil` where the file holds one image.
    let frame: Int?
    /// Inside the image.
    let findings: [ResultFinding]
    let masks: [ResultMask]

    /// What images are where nobody says it: Secondary Capture Image Storage.
    static let secondaryCapture = "1.2.840.10008.5.1.4.1.1.7"

    /// SOP classes whose objects hold one frame (PS3.3 A): references to them name none.
    private static let singleFrameClasses: Set<String> = Set(
        ["1", "1.1", "1.1.1", "1.2", "1.2.1", "1.3", "1.3.1", "2", "4", "6.1", "7", "128"].map { "1.2.840.10008.5.1.4.1.1.\($0)" })

    /// - Throws: `ResultObjectError` of code `badSource` where the header is another image's or cannot be referred to.
    init(_ image: ResultImage, number: Int, file: SourceFile, studyUID: String, findings: [ResultFinding], masks: [ResultMask]) throws {
        (self.image, self.number) = (image, number)
        (bytes, dataset) = (file.bytes, file.dataset)
        sopInstanceUID = try Self.uid(image.sopInstanceUID, header: dataset, .sopInstanceUID, "SOP Instance UID")
        seriesInstanceUID = try Self.uid(image.seriesInstanceUID, header: dataset, .seriesInstanceUID, "Series Instance UID")
        _ = try Self.uid(studyUID, header: dataset, .studyInstanceUID, "Study Instance UID")
        let said = dataset?.text(.sopClassUID) ?? image.sopClassUID
        sopClassUID = said.flatMap { ConformantText.isUID($0) ? $0 : nil } ?? (image.wasRead ? Self.secondaryCapture : nil)
        columns = dataset?.integer(.columns) ?? image.columns
        rows = dataset?.integer(.rows) ?? image.rows
        let count = dataset?.integer(.numberOfFrames) ?? 1
        let wanted = count > 1 ? image.frame ?? 1 : 1
        let holdsOne = Self.singleFrameClasses.contains(sopClassUID ?? "")
        // A file that should hold one image: its frames cannot be told apart by a reference.
        guard !holdsOne || wanted == 1 || !image.wasRead else {
            throw ResultObjectError(.badSource, "image \(number) holds several frames, but its SOP class allows one")
        }
        frame = count > 1 && !holdsOne ? wanted : nil
        if image.wasRead {
            guard (1...65_535).contains(columns), (1...65_535).contains(rows) else {
                throw ResultObjectError(.badSource, "image \(number) has no size")
            }
            guard columns == image.columns, rows == image.rows else {
                throw ResultObjectError(.badSource, "image \(number) has another size than the result says")
            }
            guard (1...max(1, count)).contains(frame ?? 1) else {
                throw ResultObjectError(.badSource, "image \(number) has no frame \(frame ?? 1)")
            }
        }
        let (width, height) = (Double(columns), Double(rows))
        self.findings = try findings.map { try Self.checked($0, width: width, height: height) }
        guard masks.allSatisfy({ $0.rows == image.rows && $0.columns == image.columns && $0.pixels.count == $0.rows * $0.columns }) else {
            throw ResultObjectError(.badResult, "a mask has another size than its image")
        }
        self.masks = masks
    }

    /// The header's, which must be the result's; the result's where the header has none.
    private static func uid(_ known: String, header: DICOMItem?, _ tag: Tag, _ name: String) throws -> String {
        guard ConformantText.isUID(known) else { throw ResultObjectError(.badSource, "an image's \(name) is no UID") }
        guard let said = header?.text(tag), said != known else { return known }
        throw ResultObjectError(.badSource, "an image's \(name) is another in its header than in the result")
    }

    private static func checked(_ finding: ResultFinding, width: Double, height: Double) throws -> ResultFinding {
        var finding = finding
        let box = finding.box
        finding.box = box.clipped(toWidth: width, height: height)
        guard box.x.isFinite, box.y.isFinite, !box.isEmpty, !finding.box.isEmpty else {
            throw ResultObjectError(.badResult, "a box is empty or lies outside its image")
        }
        for share in [finding.score, finding.probability] {
            if let share, !(0...1).contains(share) { throw ResultObjectError(.badResult, "a score is not between 0 and 1") }
        }
        return finding
    }

    /// An item of Image SOP Instance Reference Macro (PS3.3 10.3).
    func reference(_ item: DICOMWriter.Item) {
        item.set(.referencedSOPClassUID, sopClassUID ?? Self.secondaryCapture)
        item.set(.referencedSOPInstanceUID, sopInstanceUID)
        if let frame { item.set(.referencedFrameNumber, frame) }
    }

    /// The functional group of its frame (PS3.3 C.7.6.16), or the dataset itself.
    func group(_ macro: Tag) -> DICOMItem? {
        let own = dataset?.item(.perFrameFunctionalGroupsSequence, at: (frame ?? 1) - 1)?.filledItem(macro)
        return own ?? dataset?.item(.sharedFunctionalGroupsSequence)?.filledItem(macro) ?? dataset
    }

    /// Photometric Interpretation (PS3.3 C.7.6.3.1.2).
    private var photometric: String { dataset?.text(.photometricInterpretation)?.uppercased() ?? "MONOCHROME2" }
    /// Whether low values are white.
    var isInverted: Bool { photometric == "MONOCHROME1" }
    var isColour: Bool { !photometric.hasPrefix("MONOCHROME") }
    /// Of the image or its series: `L` or `R`.
    var laterality: String? {
        [dataset?.text(.laterality), dataset?.text(.imageLaterality)].compactMap { $0?.uppercased() }.first { ["L", "R"].contains($0) }
    }
    var bodyPart: String? { dataset?.text(.bodyPartExamined).flatMap(ConformantText.codeString) }

    /// Patient Orientation: what is made of the image lies as it does.
    var orientation: String? {
        let said = (0..<2).compactMap { dataset?.text(.patientOrientation, at: $0) }
        let values = said.count == 2 ? said : image.orientation ?? []
        let areValid = values.allSatisfy { $0.wholeMatch(of: #/[ALRPHF]{1,3}/#) != nil }
        return values.count == 2 && areValid ? values.joined(separator: "\\") : nil
    }
}
