import ArgumentParser
import Basics
import Console
import Evaluation
import Foundation
import Inference
import Models
import NoduleAssessment
import NoduleDetection
import Outputs

/// `evaluate --ct`: nodules by the rules of LUNA16.
extension EvaluateCommand {
    func validateNodules() throws {
        guard (model != nil) != (predictions != nil) else {
            throw ValidationError("--ct needs --model, for drawn scans, or --predictions, a list of marks.")
        }
        guard compare.isEmpty, crossValidated == nil, fold == nil, report == nil, !writeCard, cardOf == nil, !degraded, !explanations,
            secondReader == nil
        else {
            throw ValidationError("With --ct go --dataset, --model, --predictions, --irrelevant, --scans, --threshold, --draws and --seed.")
        }
        if model != nil, irrelevant != nil || scans != nil {
            throw ValidationError("--irrelevant and --scans go with --predictions.")
        }
    }

    func runNodules() throws {
        try reports.claim(inputs: [predictions, irrelevant, scans].compactMap { $0 })
        let report = try model.map(nodulesOfDrawnScans) ?? nodulesOfLists()
        try Failure.writing {
            if reports.printsText { StandardOutput.write(report.text) }
            if let file = reports.json {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
                try OutputFile.write(try encoder.encode(report) + Data("\n".utf8), toFileOrStandardOutput: file)
            }
        }
        if !report.failed.isEmpty { throw Failure(.someInputsFailed, "") }
    }

    private func nodulesOfDrawnScans(_ name: String) throws -> NoduleReport {
        let detector = try Failure.about(name, status: .somethingMissing) {
            let bundle = try ModelStore.standard.bundle(name)
            return NoduleDetector(
                try NoduleModel(
                    bundle, mask: NoduleModel.beside(bundle), settings: EngineSettings(precision: .f32, threads: engine.threads)),
                threshold: threshold, threads: engine.threads ?? 0)
        }
        return try Failure.about(dataset) {
            try DrawnScanAssessment(
                URL(fileURLWithPath: dataset), detector: detector, draws: draws, seed: seed,
                observer: ProgressBar(isQuiet: reports.quiet)
            ).run()
        }
    }

    private func nodulesOfLists() throws -> NoduleReport {
        let truths = try Failure.about(dataset) { try NoduleLists.truths(URL(fileURLWithPath: dataset)) }
        let further = try irrelevant.map { file in try Failure.about(file) { try NoduleLists.truths(URL(fileURLWithPath: file)) } }
        let series = try scans.map { file in try Failure.about(file) { try NoduleLists.series(URL(fileURLWithPath: file)) } }
        let place = predictions ?? ""
        let marks = try Failure.about(place) { try NoduleLists.marks(URL(fileURLWithPath: place)) }
        return try Failure.about(place) {
            try NoduleReport(
                NoduleLists.scans(truths: truths, irrelevant: further ?? [], marks: marks, series: series), draws: draws, seed: seed)
        }
    }
}
