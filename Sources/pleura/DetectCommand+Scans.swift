import ArgumentParser
import Basics
import Console
import Detection
import Findings
import Foundation
import Inference
import Models
import NoduleDetection
import NoduleReports
import Outputs
import Reports
import ScanDetection
import Volumes

/// CT series among what is named go to a model of nodules, as whole scans.
extension DetectCommand {
    /// Which model reads CT series where none was named.
    static let scanModel = "luna-nodules"

    /// The series, and what is left for the detector.
    struct ScanPlan {
        var series: [SeriesSearch.Series] = []
        var inputs: [InputSearch.Input]
        var model: NoduleModel?
    }

    /// - Throws: `Failure` where the named model reads series and there is none, or its networks cannot be run.
    func scanPlan(_ search: InputSearch) throws -> ScanPlan {
        let named = model.flatMap { try? ModelStore.standard.bundle($0) }
        let bundle: ModelBundle
        if model != nil {
            // One that is not there is told by whoever asks for it next.
            guard let named, NoduleModel.isOne(named) else { return ScanPlan(inputs: search.inputs) }
            bundle = named
        } else {
            guard let usual = try? ModelStore.standard.bundle(Self.scanModel), NoduleModel.isOne(usual) else {
                return ScanPlan(inputs: search.inputs)
            }
            bundle = usual
        }
        let found = SeriesSearch(search.inputs.filter { $0.failure == nil }.map(\.path))
        guard !found.series.isEmpty || named != nil else { return ScanPlan(inputs: search.inputs) }
        guard !found.series.isEmpty else {
            throw Failure(
                .someInputsFailed,
                "\(bundle.card.name) reads CT series of \(SeriesSearch.fewest) slices or more, and there is none among the files")
        }
        let model = try Failure.about(bundle.card.name, status: .somethingMissing) {
            try NoduleModel(
                bundle, mask: NoduleModel.beside(bundle), settings: EngineSettings(precision: .f32, threads: engine.threads))
        }
        let others = Set(found.others)
        var rest = search.inputs.filter { $0.failure != nil || others.contains($0.path) }
        if named != nil {
            for input in rest where input.failure == nil {
                StandardError.failure(input.path, "left out: it is no slice of a CT series, which \(bundle.card.name) reads")
            }
            rest = rest.filter { $0.failure != nil }
        }
        return ScanPlan(series: found.series, inputs: rest, model: model)
    }

    /// - Returns: What was found in each series, the model's name for reports, and whether every scan that was read has its objects.
    func readScans(
        _ plan: ScanPlan, observer: any WorkObserver, isInterrupted: @escaping @Sendable () -> Bool
    ) throws -> (scans: [ScanFindings], identity: ModelIdentity, isProved: Bool)? {
        var lacking: [String] = []
        guard let model = plan.model, !plan.series.isEmpty else { return nil }
        var batch = ScanBatch(detector: NoduleDetector(model, threshold: threshold, threads: engine.threads ?? 0))
        batch.options.threads = engine.threads ?? 0
        batch.pictures = out.map { URL(fileURLWithPath: $0) }
        (batch.observer, batch.isInterrupted) = (observer, isInterrupted)
        let folder = dicom.map { ScanResultFolder(URL(fileURLWithPath: $0), model: batch.identity) }
        var number = 0
        let scans = try Failure.writing {
            try batch.run(plan.series) { scan, volume in
                number += 1
                do {
                    _ = try folder?.write(scan, volume, number: number, issued: Date())
                } catch let error as ReportError {
                    throw error
                } catch {
                    lacking.append(scan.name)
                    StandardError.failure(scan.name, "no DICOM objects: \(Failure.reason(error))")
                }
            }
        }
        return (scans, batch.identity, lacking.isEmpty)
    }

    /// A run of scans alone.
    func write(_ scans: [ScanFindings], of identity: ModelIdentity) throws {
        if let json {
            let document = try FindingsJSON.document(model: identity, images: [], scans: scans.map(ScanJSON.text))
            try OutputFile.write(document, toFileOrStandardOutput: json)
        }
        if let csv { try OutputFile.write(NodulesCSV.table(scans), toFileOrStandardOutput: csv) }
        if json != "-", csv != "-" { StandardOutput.write(NodulesTable.text(scans)) }
    }
}
