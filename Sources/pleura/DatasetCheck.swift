import AnnotationFormats
import ArgumentParser
import Basics
import Console
import DICOM
import DatasetChecks
import DatasetImages
import Datasets
import Findings
import Foundation
import Interchange
import LabelMaps
import Outputs
import Radiographs
import Reports

/// Everything that is wrong with a dataset.
struct DatasetCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Look for leaks between parts, damaged images and boxes that cannot be.",
        discussion: """
            A path is a dataset directory, or boxes in any tool's format. Several are taken as the parts of one whole: a patient or a \
            picture that is in two of them is a leak. Pictures are compared by what they show, so that a copy is found that was \
            compressed, made smaller or brightened. Every problem is a line; exit code 1 where there is a failure, warnings alone give 0.
            """)

    @Argument(help: ArgumentHelp("Dataset directories, or folders or files with boxes.", valueName: "path"))
    var paths: [String]
    @Option(help: ArgumentHelp("The format of paths that are no dataset directory.", valueName: "name"))
    var format: String?
    @Option(help: ArgumentHelp("A folder with the images of such paths (may be given more than once).", valueName: "dir"))
    var images: [String] = []
    @Option(help: ArgumentHelp("The findings and their ids, for such paths.", valueName: "file"))
    var labelMap: String?
    @Flag(help: "Read the images' headers only: much faster, but finds neither copies nor damaged pixels.")
    var headersOnly = false
    @OptionGroup var reports: ReportOptions

    func validate() throws {
        if let format, AnnotationFormats.named(format) == nil { throw ValidationError("--format is one of \(AnnotationFormats.names).") }
    }

    func run() throws {
        try reports.claim(inputs: paths + [labelMap].compactMap { $0 } + paths.map { "\($0)/annotations.json" })
        let whole = paths.count == 1 ? paths[0] : "\(paths.count) datasets"
        try Failure.about(whole) {
            let subjects = try paths.map { (path: $0, subject: try subject($0)) }
            var checker = DatasetChecker(
                inspector: RadiographInspector(), decoders: DecoderRegistry.standard)
            checker.readsPixels = !headersOnly
            let bar = ProgressBar(isQuiet: reports.quiet)
            checker.onImage = { bar.advance(of: $0) }
            let report = try checker.check(subjects)
            bar.end()
            if reports.printsText { StandardOutput.write(CheckReport.text(report)) }
            if let json = reports.json { try OutputFile.write(CheckReport.json(report), toFileOrStandardOutput: json) }
            // All has been said.
            if !report.failures.isEmpty { throw Failure(.someInputsFailed, "") }
        }
    }

    private func subject(_ path: String) throws -> DatasetChecker.Subject {
        let url = URL(fileURLWithPath: path)
        if format == nil, DatasetChecker.isDataset(url) { return .directory(url) }
        let map = labelMap.map { URL(fileURLWithPath: $0) }
        let source = try AnnotationSource(url, imageFolders: images.map { URL(fileURLWithPath: $0) }, labelMap: map)
        let format = try format.flatMap(AnnotationFormats.named) ?? AnnotationFormats.recognised(source)
        var importer = DatasetImporter(inspector: RadiographInspector())
        if let map { importer.labelMap = try LabelMap(contentsOf: map) }
        return .annotations(source, format, importer)
    }
}
