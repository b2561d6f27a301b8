import Archive
import Basics
import DatasetImages
import Datasets
import DocumentFormats
import Findings
import Foundation
import Geometry
import Interchange
import Results

/// Writes studies out again: as the files that were received with what was said of them, or as a dataset with the boxes that persons signed.
///
/// Folders and files are named by the archive's identifiers, which tell nothing about a patient.
public struct ArchiveExport: Sendable {
    /// What was written.
    public struct Outcome: Hashable, Sendable, Codable {
        public var studies = 0
        public var images = 0
        public var boxes = 0
        /// Images that were left out, by why.
        public var leftOut: [String: Int] = [:]

        private enum CodingKeys: String, CodingKey {
            case studies, images, boxes
            case leftOut = "left_out"
        }
    }

    private let archive: any Archive
    private static let page = 500

    public init(_ archive: any Archive) { self.archive = archive }

    /// Each study in a folder of its own: its files, and `readings.json` with its whole history.
    /// - Parameters:
    ///   - folder: Made where it is missing; what stands there already and is the same is left.
    ///   - studies: Which ones; `nil` for all.
    ///   - statuses: Empty for all.
    /// - Throws: `ArchiveError`, `FileError`; `CancellationError`.
    public func files(
        to folder: URL, studies wanted: Set<StudyID>? = nil, statuses: Set<StudyStatus> = [], observer: some WorkObserver = SilentObserver()
    ) async throws -> Outcome {
        var outcome = Outcome()
        try await forEachStudy(wanted, statuses) { study in
            let place = folder.appendingPathComponent(study.id.rawValue)
            let instances = try await archive.instances(of: study.id)
            for instance in instances {
                try AtomicFile.write(archive.content.bytes(of: instance.digest), to: place.appendingPathComponent(Self.name(instance)))
                outcome.images += 1
            }
            let readings = try await archive.readings(of: study.id)
            try AtomicFile.write(try Self.json(readings, instances), to: place.appendingPathComponent("readings.json"))
            outcome.studies += 1
            observer.advance()
        }
        return outcome
    }

    /// A dataset of the images that a person has signed and called complete, with that person's boxes.
    ///
    /// An image that is not complete would teach that nothing else is on it, so it is left out. Patients become pseudonyms.
    /// - Parameter target: The dataset directory to make; it must not be there, or be empty.
    /// - Throws: `ArchiveError`, `DatasetError`; then nothing is written.
    public func dataset(to target: URL, labelMap: LabelMap?) async throws -> Outcome {
        var outcome = Outcome()
        let staging = FileManager.default.temporaryDirectory.appendingPathComponent("pleura-export-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: staging) }
        let images = staging.appendingPathComponent("images")
        try FileManager.default.createDirectory(at: images, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        var document = SignedBoxes(labelMap: labelMap)
        try await forEachStudy(nil, [.signed]) { study in
            outcome.studies += 1
            let readings = try await archive.readings(of: study.id)
            guard let signed = readings.last(where: { $0.reader.isPerson && $0.status != .preliminary }) else { return }
            for instance in try await archive.instances(of: study.id) {
                guard signed.content.isComplete == true else {
                    outcome.leftOut["not complete", default: 0] += 1
                    continue
                }
                guard instance.columns > 0, instance.rows > 0, instance.frames == 1 else {
                    outcome.leftOut["several frames", default: 0] += 1
                    continue
                }
                let own = signed.content.findings.filter { $0.instance == nil || $0.instance == instance.id }
                document.add(instance, of: study, findings: own, reader: signed.reader.name)
                try FileManager.default.createSymbolicLink(
                    at: images.appendingPathComponent(Self.name(instance)), withDestinationURL: archive.content.url(of: instance.digest))
                outcome.images += 1
                outcome.boxes += own.count
            }
        }
        guard outcome.images > 0 else { throw ArchiveError(.notFound, "no study is signed and called complete") }
        try AtomicFile.write(try document.json(), to: staging.appendingPathComponent("annotations.json"))
        var importer = DatasetImporter(inspector: RadiographInspector())
        importer.copiesImages = true
        importer.labelMap = labelMap
        let source = try AnnotationSource(staging, imageFolders: [images])
        _ = try importer.importDataset(source, format: COCOFormat(), further: [], to: target)
        return outcome
    }

    private func forEachStudy(
        _ wanted: Set<StudyID>?, _ statuses: Set<StudyStatus>, _ body: (Study) async throws -> Void
    ) async throws {
        var query = WorklistQuery(statuses: statuses, limit: Self.page)
        repeat {
            let page = try await archive.worklist(query)
            for study in page.studies where wanted?.contains(study.id) ?? true {
                try Task.checkCancellation()
                try await body(study)
            }
            query.after = page.next
        } while query.after != nil
    }

    /// What a study's patient is called in datasets: the same within this archive and another of the same issuer.
    package static func pseudonym(of study: Study) -> String {
        let patient = study.patient.id.map { "patient \(study.patient.issuer ?? "") \($0)" } ?? "study \(study.id.rawValue)"
        return String(Digest(of: patient).hexadecimal.prefix(16))
    }

    /// What an image's file is called when it is written out.
    package static func name(_ instance: Instance) -> String {
        instance.id.rawValue + (instance.format == "DICOM" ? ".dcm" : "." + instance.format.lowercased())
    }

    private struct ReadingEntry: Encodable {
        var id: Int64
        var instance: String?
        var reader: String
        var isPerson: Bool
        var status: ReadingStatus
        var made: Date
        var basedOn: Int64?
        var content: Reading.Content
    }

    private struct StudyEntry: Encodable {
        var notice: String
        var instances: [String: String]
        var readings: [ReadingEntry]
    }

    private static func json(_ readings: [Reading], _ instances: [Instance]) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        return try encoder.encode(
            StudyEntry(
                notice: Notice.researchUseOnly, instances: Dictionary(instances.map { ($0.id.rawValue, name($0)) }) { first, _ in first },
                readings: readings.map {
                    ReadingEntry(
                        id: $0.id, instance: $0.instance?.rawValue, reader: $0.reader.name, isPerson: $0.reader.isPerson, status: $0.status,
                        made: $0.made, basedOn: $0.basedOn, content: $0.content)
                }))
    }
}

/// Signed boxes as COCO's document (Lin et al., ECCV 2014), which the importer of datasets reads.
private struct SignedBoxes: Encodable {
    private struct Image: Encodable {
        var id: Int
        var fileName: String
        var width: Int
        var height: Int
        var patient: String
        var view: String?

        private enum CodingKeys: String, CodingKey {
            case id, width, height, patient, view
            case fileName = "file_name"
        }
    }
    private struct Annotation: Encodable {
        var id: Int
        var imageID: Int
        var categoryID: Int
        var bbox: [Double]
        var area: Double
        var iscrowd = 0
        var reader: String

        private enum CodingKeys: String, CodingKey {
            case id, bbox, area, iscrowd, reader
            case imageID = "image_id"
            case categoryID = "category_id"
        }
    }
    private struct Category: Encodable {
        var id: Int
        var name: String
    }

    private var images: [Image] = []
    private var annotations: [Annotation] = []
    private var categories: [Category]

    init(labelMap: LabelMap?) { categories = (labelMap?.classes ?? []).map { Category(id: $0.id, name: $0.name) } }

    mutating func add(_ instance: Instance, of study: Study, findings: [ReadFinding], reader: String) {
        let id = images.count + 1
        images.append(
            Image(
                id: id, fileName: ArchiveExport.name(instance), width: instance.columns, height: instance.rows,
                patient: ArchiveExport.pseudonym(of: study), view: instance.view))
        for finding in findings {
            if !categories.contains(where: { $0.name == finding.label }) {
                categories.append(Category(id: (categories.map(\.id).max() ?? 0) + 1, name: finding.label))
            }
            let category = categories.first { $0.name == finding.label }?.id ?? 1
            let box = finding.box
            annotations.append(
                Annotation(
                    id: annotations.count + 1, imageID: id, categoryID: category, bbox: [box.x, box.y, box.width, box.height],
                    area: box.area, reader: reader))
        }
    }

    func json() throws -> Data { try JSONEncoder().encode(self) }
}
