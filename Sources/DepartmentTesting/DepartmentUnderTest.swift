import Archive
import DICOM
import Department
import Detection
import Findings
import Foundation
import Inference
import Logging
import Models
import PleuraTesting
import Radiographs

/// A department of its own in a temporary folder, whose model is `TinyModel`.
package struct DepartmentUnderTest: Sendable {
    package let folder: TemporaryFolder
    package let archive: SQLiteArchive
    package let department: Department

    /// - Parameters:
    ///   - folder: Where an earlier one worked; `nil` for a new one.
    ///   - starts: Whether jobs are done.
    ///   - anatomy: A bundle that says where lungs and heart are; `nil` for without.
    ///   - destinations: Where results go.
    package init(
        in folder: TemporaryFolder? = nil, starts: Bool = true, width: Int = 2, decoders: DecoderRegistry = .standard,
        anatomy: URL? = nil,
        destinations: [any Destination] = [], delivery: DeliverySettings? = nil
    ) async throws {
        let folder = try folder ?? TemporaryFolder()
        self.folder = folder
        let model = folder.file("tiny")
        if !FileManager.default.fileExists(atPath: model.path) {
            var card = TinyModel.card()
            card.operatingPoints = [("Bright", 1.0, 0.9), ("Bright", 10.0, 0.3), ("Dark", 1.0, 0.9), ("Dark", 10.0, 0.45)].map {
                ModelCard.OperatingPoint(
                    finding: $0.0, falseBoxesPer100Images: $0.1, threshold: $0.2, measuredFalseBoxesPer100Images: $0.1, sensitivity: 0.5,
                    boxes: 10, images: 100, split: "none", protocol: "IoU 0.5")
            }
            try TinyModel.write(to: model, card: card)
        }
        archive = try SQLiteArchive(folder: folder.file("archive"))
        var detector = try Detector(bundle: ModelBundle(directory: model), settings: EngineSettings(precision: .f32, threads: 1))
        detector.anatomy = try anatomy.map { try AnatomySegmenter(bundle: ModelBundle(directory: $0)) }
        department = try await Department(
            archive: archive, folder: folder.file("archive"),
            model: ModelReader(service: DetectionService(soon: detector, decoders: decoders)), width: width,
            delivery: delivery
                ?? DeliverySettings(
                    destinations: destinations, patience: DeliveryPatience(shortest: 0.05, longest: 0.2, mostAttempts: 5),
                    link: { "https://room.example/#/study/\($0.rawValue)" }),
            logger: .silent)
        if starts { department.start() }
    }

    /// Adds a file as an upload would.
    package func add(_ bytes: Data, name: String, protocolName: String? = nil) async throws -> IntakeResult {
        let file = try IncomingFile(in: archive.content)
        try file.write(bytes)
        return try await department.intake.take(file, name: name, protocolName: protocolName)
    }

    /// Waits until nothing is to be done, or for two minutes.
    package func settle() async throws {
        for _ in 0..<2_400 {
            // In one look: between two a job may have been done and another noted.
            let jobs = try await archive.jobs(state: nil, study: nil, limit: 10_000)
            if jobs.allSatisfy({ $0.state != .waiting && $0.state != .running }) { return }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Waits until nothing lies in the outbox, or for two minutes.
    package func deliver() async throws {
        try await settle()
        for _ in 0..<2_400 {
            let counts = try await archive.deliveryCounts().values
            if counts.allSatisfy({ ($0[.waiting] ?? 0) + ($0[.running] ?? 0) == 0 }) { return }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// The only study that there is.
    package var study: Study {
        get async throws {
            let page = try await archive.worklist(WorklistQuery())
            guard page.studies.count == 1 else { throw DepartmentError(.notFound, "\(page.studies.count) studies") }
            return page.studies[0]
        }
    }

    /// A PNG of `TinyModel`'s cells.
    package static func cell(_ column: Int, _ row: Int) throws -> Data { try DrawnPictures.cell(column: column, row: row).png() }

    /// A DICOM file with one bright cell.
    package static func dicom(
        column: Int = 1, row: Int = 2, uid: String = "1.2.3.4", study: String = "1.2.3", change: (inout DICOMBytes) -> Void = { _ in }
    ) -> Data {
        let pixels = DrawnPictures.cell(column: column, row: row)
        var file = DICOMBytes(rows: 64, columns: 64, samples: Data(pixels.samples.map { UInt8($0) }))
        file.set(0x0008, 0x0018, "UI", uid)
        file.set(0x0020, 0x000D, "UI", study)
        file.set(0x0020, 0x000E, "UI", study + ".1")
        file.set(0x0010, 0x0010, "PN", "DOE^JANE")
        file.set(0x0010, 0x0020, "LO", "P1")
        file.set(0x0018, 0x5101, "CS", "PA")
        change(&file)
        return file.file()
    }
}
