import ArgumentParser
import Basics
import Console
import Foundation
import Geometry
import Outputs
import ResultObjects
import Results
import Terminology

struct ResultsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "results", abstract: "DICOM objects that carry results.", subcommands: [ResultsCheckCommand.self])
}

struct ResultsCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Read result objects back: what they say, and whether they can be understood.",
        discussion: "Structured reports (TID 1500, other makers' too), presentation states, secondary captures, segmentations, documents.")

    @Argument(help: ArgumentHelp("Files, and folders with all that is below them.", valueName: "path"))
    var paths: [String]
    @OptionGroup var reports: ReportOptions

    private struct Report: Encodable {
        struct Found: Encodable {
            var label: String
            var code: String?
            var image: String?
            var frame: Int?
            var box: [Double]?
            var score: Double?
            var probability: Double?
        }

        var file: String
        var kind: String?
        var sopInstanceUID: String?
        var studyInstanceUID: String?
        var status: String?
        var algorithm: String?
        var images: [String]
        var findings: [Found]
        var error: String?

        enum CodingKeys: String, CodingKey {
            case file, kind, status, algorithm, images, findings, error
            case sopInstanceUID = "sop_instance_uid"
            case studyInstanceUID = "study_instance_uid"
        }
    }

    func run() throws {
        let files = try paths.flatMap(FilesBelow.files)
        var all: [Report] = []
        for file in files { all.append(Self.report(file)) }
        if reports.printsText {
            for report in all where report.error == nil {
                let head = [report.kind, report.status, report.algorithm].compactMap { $0 }.joined(separator: ", ")
                StandardOutput.write("\(report.file): \(head), \(report.findings.count) findings on \(report.images.count) images\n")
                for finding in report.findings {
                    let box = finding.box.map { " [" + $0.map { String(format: "%.2f", $0) }.joined(separator: ", ") + "]" } ?? ""
                    let score = finding.score.map { String(format: " %.4f", $0) } ?? ""
                    StandardOutput.write("  \(finding.label)\(finding.code.map { " (\($0))" } ?? "")\(box)\(score)\n")
                }
            }
        }
        for report in all { if let error = report.error { StandardError.failure(report.file, error) } }
        try reports.write("results check", ["files": all])
        guard all.allSatisfy({ $0.error == nil }) else { throw Failure(.someInputsFailed, "") }
    }

    private static func report(_ file: String) -> Report {
        do {
            let reading = try ResultReading(try Data(contentsOf: URL(fileURLWithPath: file), options: .mappedIfSafe))
            return Report(
                file: file, kind: reading.kind.rawValue, sopInstanceUID: reading.sopInstanceUID,
                studyInstanceUID: reading.studyInstanceUID, status: reading.status?.rawValue,
                algorithm: reading.algorithm.map { "\($0.name) \($0.version)" }, images: reading.images.map(\.sopInstanceUID),
                findings: reading.findings.map { finding in
                    Report.Found(
                        label: finding.label, code: finding.code.map { "\($0.scheme) \($0.value)" }, image: finding.image,
                        frame: finding.frame, box: finding.box.map { [$0.x, $0.y, $0.width, $0.height] }, score: finding.score,
                        probability: finding.probability)
                })
        } catch {
            return Report(file: file, images: [], findings: [], error: Failure.reason(error))
        }
    }
}
