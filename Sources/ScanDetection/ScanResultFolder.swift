import Basics
import DICOM
import Foundation
import NoduleDetection
import NoduleReports
import Nodules
import Outputs
import Reports
import ResultObjects
import Results
import Volumes

/// A folder of DICOM objects of nodules: for each scan a segmentation and a structured report.
public struct ScanResultFolder: Sendable {
    private let folder: URL
    private let model: ModelIdentity
    private let maker: NoduleObjects

    public init(_ folder: URL, model: ModelIdentity) {
        (self.folder, self.model) = (folder, model)
        maker = NoduleObjects(options: ResultObjectOptions(productVersion: model.version))
    }

    /// - Parameters:
    ///   - number: Of the scan in the run, from 1; for the files' names.
    ///   - issued: When it was read.
    /// - Returns: The files' names; none of a scan that was not read.
    /// - Throws: `ResultObjectError`, `ReportError`.
    public func write(_ scan: ScanFindings, _ volume: Volume, number: Int, issued: Date) throws -> [String] {
        guard let reading = scan.reading, !volume.slices.isEmpty else { return [] }
        let (result, nodules, files) = Self.result(reading.nodules, volume, model: model, issued: issued)
        let objects = try maker.make(result, nodules: nodules) { uid in
            try files[uid].map { try Data(contentsOf: URL(fileURLWithPath: $0), options: .mappedIfSafe) }
        }
        return try objects.map { object in
            let name = String(format: "scan-%03d.%@.dcm", number, object.kind == .segmentation ? "seg" : "sr")
            try OutputFile.write(object.bytes, to: folder.appendingPathComponent(name))
            return name
        }
    }

    /// What a run found in a scan, and which file each slice is.
    static func result(
        _ found: [FoundNodule], _ volume: Volume, model: ModelIdentity, issued: Date
    ) -> (result: StudyResult, nodules: [ResultNodule], files: [String: String]) {
        let slices = volume.slices
        func uid(_ index: Int) -> String {
            slices[index].sopInstanceUID ?? UniqueIdentifier.derived(from: "instance \(slices[index].name)")
        }
        // Where one SOP instance holds several slices, each is a frame.
        let counts = Dictionary(grouping: slices.indices, by: uid).mapValues(\.count)
        func frame(_ index: Int) -> Int? { (counts[uid(index)] ?? 1) > 1 ? slices[index].frame : nil }
        var touched = Set<Int>()
        let nodules = found.map { found in
            let outlines = SliceOutlines.of(found.mask, on: slices, centre: found.nodule.centre)
            touched.formUnion(outlines.map(\.slice))
            let nodule = found.nodule
            return ResultNodule(
                id: found.identifier, score: nodule.score, meanDiameter: nodule.meanDiameter, longAxis: nodule.longAxis,
                shortAxis: nodule.shortAxis, volume: nodule.volume, kind: nodule.kind?.rawValue,
                place: ResultFinding.Place(
                    zone: nodule.third.flatMap { ResultFinding.Place.Zone(rawValue: $0.rawValue) },
                    side: nodule.side.flatMap { ResultFinding.Place.Side(rawValue: $0.rawValue) }),
                outlines: outlines.map { ResultNodule.Outline(image: uid($0.slice), frame: frame($0.slice), pixels: $0.pixels) })
        }
        if touched.isEmpty { touched.insert(slices.count / 2) }
        let record = volume.record
        let series = record.seriesInstanceUID ?? UniqueIdentifier.derived(from: "series \(uid(0))")
        let issued = Date(timeIntervalSince1970: issued.timeIntervalSince1970.rounded(.down))
        let identity = [series, model.digest, String(Int(issued.timeIntervalSince1970))].joined(separator: "\n")
        let result = StudyResult(
            identifier: String(Digest(of: identity).hexadecimal.prefix(32)), revision: Int64(issued.timeIntervalSince1970),
            status: .preliminary, issued: issued,
            reader: ResultReader(model: .init(name: model.name, version: model.version, digest: model.digest)),
            study: ResultStudy(
                uid: record.studyInstanceUID ?? UniqueIdentifier.derived(from: "study \(series)"), modality: "CT", received: issued),
            images: touched.sorted().map { index in
                ResultImage(
                    sopInstanceUID: uid(index), seriesInstanceUID: series, modality: "CT", columns: slices[index].columns,
                    rows: slices[index].rows, frame: frame(index))
            },
            findings: [])
        return (result, nodules, Dictionary(slices.indices.map { (uid($0), slices[$0].name) }) { first, _ in first })
    }
}
