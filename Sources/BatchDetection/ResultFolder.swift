import Basics
import DICOM
import Findings
import Foundation
import Models
import Outputs
import Radiographs
import Reports
import ResultObjects
import Results

/// A folder of DICOM objects of what was found: reports, presentation states, secondary captures, each read back before it is written.
public struct ResultFolder: Sendable {
    private let folder: URL
    private let model: ModelIdentity
    private let maker: ResultObjects
    private var names: PictureFolder

    /// What is shown beside an image; a document of one image says no more.
    private static let kinds: Set<ResultObject.Kind> = [.structuredReport, .presentationState, .secondaryCapture]

    /// - Parameter places: Where the run's inputs and other outputs lie.
    package init(_ folder: URL, model: ModelIdentity, labelMap: LabelMap, places: OutputPlaces) {
        (self.folder, self.model) = (folder, model)
        maker = ResultObjects(options: ResultObjectOptions(kinds: Self.kinds, productVersion: model.version, labelMap: labelMap))
        names = PictureFolder(directory: folder, places: places)
    }

    /// Writes the objects of one image. One that could not be read has none.
    /// - Parameter issued: When it was read.
    /// - Returns: The files' names.
    /// - Throws: `ResultObjectError`, also where an object does not say what was found; `ReportError`.
    public mutating func write(_ image: ImageFindings, issued: Date) throws -> [String] {
        guard image.error == nil, case .file(let path) = image.reference.source else { return [] }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
        let result = Self.result(image, digest: Digest(of: bytes).hexadecimal, model: model, issued: issued)
        let objects = try maker.make(result) { _ in bytes }
        try ResultProof().check(objects, against: result) { _ in bytes }
        let stem = (names.name(for: image.reference) as NSString).deletingPathExtension
        return try objects.map { object in
            let name = "\(stem).\(object.kind.word).dcm"
            try OutputFile.write(object.bytes, to: folder.appendingPathComponent(name))
            return name
        }
    }

    /// What a run found on an image. UIDs that the file does not say are made from its bytes.
    static func result(_ image: ImageFindings, digest: String, model: ModelIdentity, issued: Date) -> StudyResult {
        let header = image.header
        let uid = header.sopInstanceUID ?? UniqueIdentifier.derived(from: "instance \(digest)")
        let issued = Date(timeIntervalSince1970: issued.timeIntervalSince1970.rounded(.down))
        let view: String? =
            switch header.view {
            case .posteroanterior: "PA"
            case .anteroposterior: "AP"
            case .lateral: "LL"
            case .other(let text): text
            case nil: nil
            }
        let doubt = image.warnings.first { [.notAChest, .unlikeDomain, .headerOutsideUse, .ageOutsideUse].contains($0.code) }
        return StudyResult(
            identifier: String(
                Digest(of: [digest, model.digest, String(Int(issued.timeIntervalSince1970))].joined(separator: "\n")).hexadecimal.prefix(32)
            ),
            revision: Int64(issued.timeIntervalSince1970), status: .preliminary, issued: issued,
            reader: ResultReader(model: .init(name: model.name, version: model.version, digest: model.digest)),
            study: ResultStudy(
                uid: header.studyInstanceUID ?? UniqueIdentifier.derived(from: "study \(digest)"), modality: header.modality,
                received: issued),
            images: [
                ResultImage(
                    sopInstanceUID: uid, sopClassUID: header.sopClassUID,
                    seriesInstanceUID: header.seriesInstanceUID ?? UniqueIdentifier.derived(from: "series \(digest)"),
                    modality: header.modality, view: view, columns: image.width, rows: image.height,
                    frame: header.frameCount > 1 ? header.frame ?? 1 : nil, doubt: doubt?.description)
            ],
            findings: image.findings.map { finding in
                ResultFinding(
                    id: finding.id, label: finding.findingClass.name, image: uid, box: finding.boundingBox,
                    score: Rounding.score(finding.score), probability: finding.probability.map(Rounding.score),
                    place: place(of: finding, on: image, view: view),
                    alternativeTo: finding.alternativeTo, isExperimental: finding.findingClass.isExperimental)
            })
    }

    /// By masks where lungs and heart were looked for; else by thirds and halves of the image.
    private static func place(of finding: Finding, on image: ImageFindings, view: String?) -> ResultFinding.Place? {
        guard image.anatomy != nil else {
            return ResultFinding.Place(
                of: finding.boundingBox, columns: image.width, rows: image.height, view: view, orientation: nil)
        }
        // Where the masks are not to be trusted, no place is made up.
        guard let place = finding.place, place.region != .outside else { return nil }
        return ResultFinding.Place(
            zone: place.zone.flatMap { ResultFinding.Place.Zone(rawValue: $0.rawValue) },
            side: place.side.flatMap { ResultFinding.Place.Side(rawValue: $0.rawValue) })
    }
}
