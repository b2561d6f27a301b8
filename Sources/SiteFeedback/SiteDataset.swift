import Archive
import Basics
import ChangeGate
import DatasetImages
import Datasets
import Department
import DocumentFormats
import Feedback
import Findings
import Foundation
import Interchange

/// A dataset that grows from a site's feedback.
public struct SiteDataset: Sendable {
    private let archive: any Archive
    private let feedback: ArchiveFeedback

    public init(_ archive: any Archive, folder: SiteFolder) {
        (self.archive, feedback) = (archive, ArchiveFeedback(archive, folder: folder))
    }

    /// Writes it anew from all events: pictures as they lie in the archive (DICOM as PNG of 16 bits), patients by pseudonym.
    /// - Parameters:
    ///   - target: The dataset directory to make; it must not be there, or be empty.
    ///   - findingClasses: The model's.
    ///   - locked: Sets whose patients never enter.
    /// - Returns: What became of the events.
    /// - Throws: `FeedbackError` where there is nothing to learn from; `ChainError`, `ArchiveError`, `DatasetError`. Then nothing is written.
    public func write(to target: URL, findingClasses: [FindingClass], locked: [ReferenceSet]) async throws -> GrownDataset.Account {
        let events = try await feedback.catchUp()
        let (facts, files) = try await facts(of: Set(events.lazy.filter(\.context.isSigned).map(\.context.image)))
        let patients = Set(events.map(\.context.patient)).filter { patient in locked.contains { $0.contains(patient: patient) } }
        let grown = GrownDataset(events, facts: facts, locked: patients, findingClasses: findingClasses)
        guard !grown.images.isEmpty else {
            throw FeedbackError(.nothing, "no signed review says anything of an image that may be learnt from")
        }
        let staging = FileManager.default.temporaryDirectory.appendingPathComponent("pleura-improve-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: staging) }
        let images = staging.appendingPathComponent("images")
        try FileManager.default.createDirectory(at: images, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for image in grown.images {
            guard let file = files[image.fileName] else { continue }
            try FileManager.default.createSymbolicLink(at: images.appendingPathComponent(image.fileName), withDestinationURL: file)
        }
        // The importer measures the pictures, and makes PNG files of DICOM. What COCO cannot say is laid over it afterwards.
        let plain = Dataset(directory: staging, findingClasses: grown.findingClasses, images: grown.images.map(\.withoutPlaces), folds: [:])
        try plain.write(to: staging)
        var importer = DatasetImporter(inspector: RadiographInspector())
        importer.copiesImages = true
        importer.labelMap = try LabelMap(grown.findingClasses)
        let made = staging.appendingPathComponent("dataset")
        let outcome = try importer.importDataset(
            AnnotationSource(staging.appendingPathComponent("annotations.json"), imageFolders: [images]), format: COCOFormat(), further: [],
            to: made)
        var dataset = outcome.dataset
        let byStem = Dictionary(grown.images.map { ($0.stem, $0) }) { first, _ in first }
        for index in dataset.images.indices {
            guard let image = byStem[dataset.images[index].stem] else { continue }
            dataset.images[index].boxes = image.boxes
            dataset.images[index].absent = image.absent
            dataset.images[index].labels = nil
            dataset.images[index].attributes.merge(image.attributes) { $1 }
        }
        dataset.sources = grown.sources
        dataset.ontology = try grown.ontology
        try dataset.write(to: made)
        let parent = target.standardizedFileURL.deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        try AtomicFolder(target).fill { place in
            for name in try FileManager.default.contentsOfDirectory(atPath: made.path) {
                try FileManager.default.copyItem(at: made.appendingPathComponent(name), to: place.appendingPathComponent(name))
            }
        }
        return grown.account
    }

    /// What the archive knows of images, and where their files are, by the names that they get.
    private func facts(of digests: Set<String>) async throws -> ([String: GrownDataset.Facts], [String: URL]) {
        var (facts, files): ([String: GrownDataset.Facts], [String: URL]) = ([:], [:])
        try await feedback.forEachStudy { study in
            for instance in try await archive.instances(of: study.id) where digests.contains(instance.digest) {
                guard instance.columns > 0, instance.rows > 0, instance.frames == 1 else { continue }
                var attributes: [String: String] = [:]
                if let age = study.patientAge { attributes["age"] = String(Int(age)) }
                let name = ArchiveExport.name(instance)
                facts[instance.digest] = GrownDataset.Facts(
                    fileName: name, width: instance.columns, height: instance.rows, view: instance.view, attributes: attributes)
                files[name] = archive.content.url(of: instance.digest)
            }
        }
        return (facts, files)
    }
}

extension DatasetImage {
    /// As COCO can say it.
    fileprivate var withoutPlaces: DatasetImage {
        var plain = self
        (plain.absent, plain.attributes) = ([], [:])
        return plain
    }
}

extension GrownDataset {
    /// The standard one, and findings that it does not have by their own names.
    var ontology: FindingOntology {
        get throws {
            let strange = findingClasses.map(\.name).filter { FindingOntology.standard.name(of: $0) == nil }
            guard !strange.isEmpty else { return .standard }
            let json = try JSONEncoder().encode(["findings": strange.map { FindingOntology.Entry(name: $0) }])
            return try FindingOntology(json: json, file: "ontology.json")
        }
    }
}
