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
struct DepartmentUnderTest {
    let folder: TemporaryFolder
    let archive: SQLiteArchive
    let department: Department

    /// - Parameters:
    ///   - folder: Where an earlier one worked; `nil` for a new one.
    ///   - starts: Whether jobs are done.
    init(in folder: TemporaryFolder? = nil, starts: Bool = true, decoders: DecoderRegistry = .standard) async throws {
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
        let detector = try Detector(bundle: ModelBundle(directory: model), settings: EngineSettings(precision: .f32, threads: 1))
        department = try await Department(
            archive: archive, folder: folder.file("archive"),
            model: ModelReader(service: DetectionService(soon: detector, decoders: decoders)), width: 2, logger: .silent)
        if starts { department.start() }
    }

    /// Adds a file as an upload would.
    func add(_ bytes: Data, name: String, protocolName: String? = nil) async throws -> IntakeResult {
        let file = try IncomingFile(in: archive.content)
        try file.write(bytes)
        return try await department.intake.take(file, name: name, protocolName: protocolName)
    }

    /// Waits until nothing is to be done, or for twenty seconds.
    func settle() async throws {
        for _ in 0..<400 {
            let open = try await archive.jobCount(state: .waiting) + archive.jobCount(state: .running)
            if open == 0 { return }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// The only study that there is.
    var study: Study {
        get async throws {
            let page = try await archive.worklist(WorklistQuery())
            guard page.studies.count == 1 else { throw DepartmentError(.notFound, "\(page.studies.count) studies") }
            return page.studies[0]
        }
    }

    /// A PNG of `TinyModel`'s cells.
    static func cell(_ column: Int, _ row: Int) throws -> Data { try DrawnPictures.cell(column: column, row: row).png() }

    /// A DICOM file with one bright cell.
    static func dicom(
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
