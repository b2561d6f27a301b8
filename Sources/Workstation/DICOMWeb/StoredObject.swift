import Archive
import DICOMWeb
import Department
import Foundation
import Hummingbird

/// A DICOM object of a study, as DICOMweb knows it: an image that came, or a result that was made of it.
struct StoredObject: Hashable, Sendable {
    var study: Study
    var sopInstanceUID: String
    var sopClassUID: String?
    var seriesInstanceUID: String
    var digest: String
    var size: Int
    /// What pictures are made of.
    var instance: Instance

    init(_ instance: Instance, of study: Study) {
        (self.study, self.instance) = (study, instance)
        (sopInstanceUID, sopClassUID) = (instance.sopInstanceUID, instance.sopClassUID)
        (seriesInstanceUID, digest, size) = (instance.seriesInstanceUID, instance.digest, instance.size)
    }

    /// `nil` for what is no DICOM object, such as a message.
    init?(_ file: ResultFile, of study: Study) {
        guard let sopClass = file.sopClassUID, let series = file.seriesInstanceUID else { return nil }
        self.init(
            Instance(
                id: InstanceID(ofContent: file.digest), study: study.id, sopInstanceUID: file.identifier, sopClassUID: sopClass,
                seriesInstanceUID: series, name: file.kind, format: "DICOM", size: file.size, digest: file.digest, received: file.made),
            of: study)
    }

    func address(_ web: DICOMWebAddress) -> String { web.instance(sopInstanceUID, series: seriesInstanceUID, study: study.uid) }
}

extension WorkstationAPI {
    /// The objects of a study: images in the order in which they came, then results. Pictures that are no DICOM files are none.
    func objects(of study: Study) async throws -> [StoredObject] {
        let images = try await archive.instances(of: study.id).filter { $0.format == "DICOM" }.map { StoredObject($0, of: study) }
        return images + (try await archive.resultFiles(of: study.id).compactMap { StoredObject($0, of: study) })
    }

    /// The objects of an address: of a study, a series, or one.
    /// - Throws: `Problem`, 404; `DICOMWebError` for what is no UID.
    func objects(_ context: WorkstationContext) async throws -> [StoredObject] {
        let uid = try DICOMWebAddress.uid(context.parameters.get("study") ?? "")
        let series = try context.parameters.get("series").map { try DICOMWebAddress.uid($0) }
        let instance = try context.parameters.get("instance").map { try DICOMWebAddress.uid($0) }
        guard let study = try await archive.study(StudyID(ofUID: uid)) else { throw Problem.notFound("study") }
        let found = try await objects(of: study).filter { object in
            (series.map { $0 == object.seriesInstanceUID } ?? true) && (instance.map { $0 == object.sopInstanceUID } ?? true)
        }
        guard !found.isEmpty else { throw Problem.notFound(instance != nil ? "instance" : series != nil ? "series" : "study") }
        return found
    }

    /// - Throws: `Problem`, 404.
    func object(_ context: WorkstationContext) async throws -> StoredObject {
        guard let object = try await objects(context).first else { throw Problem.notFound("instance") }
        return object
    }

    /// The header of each object, in their order.
    /// - Parameter web: Where large binary values are found; `nil` where nobody asks for them.
    /// - Throws: `DICOMWebError`, `ArchiveError`.
    func metadata(_ objects: [StoredObject], _ web: DICOMWebAddress?) async throws -> [InstanceMetadata] {
        let content = archive.content
        return try await department.work.run {
            try objects.map { object in
                let address = web?.bulkData(object.sopInstanceUID, series: object.seriesInstanceUID, study: object.study.uid) ?? ""
                return try InstanceMetadata(content.bytes(of: object.digest), bulkDataURI: address)
            }
        }
    }
}
