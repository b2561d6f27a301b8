import AnnotationFormats
import ArgumentParser
import Basics
import Console
import DatasetImages
import Datasets
import Domains
import Findings
import Foundation
import Interchange
import LabelMaps
import Outputs
import Reports

private let foldCountRange = OptionRange<Int>.whole(1...10_000)
private let strippedRange = OptionRange<Int>.whole(0...1_000)

/// Any tool's annotations, as a dataset directory.
struct DatasetImport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Make a dataset of boxes in any tool's format.",
        discussion: """
            The format is recognised, or named by --format: \(AnnotationFormats.names). Images are found beside the annotations or in the \
            folders named by --images. Paths of another machine mean the file that fits their ending, where only one does. DICOM \
            images become PNG of --bit-depth bits; others are linked, or copied with --copy-images.
            """)

    @Argument(help: ArgumentHelp("The folder or file with the boxes.", valueName: "path"))
    var source: String
    @Option(help: ArgumentHelp("The dataset directory to write.", valueName: "dir"))
    var out: String
    @Option(help: ArgumentHelp("The annotations' format.", valueName: "name"))
    var format: String?
    @Option(help: ArgumentHelp("A folder with the images (may be given more than once).", valueName: "dir"))
    var images: [String] = []
    @Option(help: ArgumentHelp("A folder of images without findings (may be given more than once).", valueName: "dir"))
    var normal: [String] = []
    @Option(
        help: ArgumentHelp(
            "A folder whose images only have findings of the whole image, for joint training (may be given more than once).",
            valueName: "dir"))
    var labelled: [String] = []
    @Option(
        help: ArgumentHelp(
            "Boxes come from several sources: which tables are whose and what each says, nih14 or a file like sources.json. Tables are "
                + "looked for in all folders.",
            valueName: "name|file"))
    var sources: String?
    @Option(help: ArgumentHelp("With --sources: findings with their names and parents, over the standard ones.", valueName: "file"))
    var ontology: String?
    @Option(help: ArgumentHelp("The findings and their ids.", valueName: "file"))
    var labelMap: String?
    @Option(
        help: ArgumentHelp(
            "Another name for a finding, such as Infiltration=Infiltrate (may be given more than once).", valueName: "old=new"))
    var rename: [String] = []
    @Option(
        help: ArgumentHelp("A regular expression for image names without suffix, whose first group is the patient.", valueName: "pattern"))
    var patientPattern: String?
    @Option(help: ArgumentHelp("The column or key that names the patient.", valueName: "name"))
    var patientColumn: String?
    @Option(
        help: foldCountRange.help(
            "How many folds patients are spread over who have none yet. Without it only patients whose names are numbers get one", "n"),
        transform: foldCountRange.parse)
    var folds: Int?
    @Option(
        help: strippedRange.help("How many folders are left out at the beginning of every image's path", "n", usual: 0),
        transform: strippedRange.parse)
    var stripPath = 0
    @Option(help: ArgumentHelp("Bits a sample of pictures that are made of DICOM files.", valueName: "bits"))
    var bitDepth = PictureDepth.sixteen
    @Option(
        help: ArgumentHelp(
            "The kind of image, built in or a file: DICOM is shown through its window, in Hounsfield units.", valueName: "name|file"))
    var domain: String?
    @Flag(help: "The source is a folder of images/ and masks/ of lungs, heart and clavicles, to learn anatomy from; there are no boxes.")
    var masks = false
    @Flag(help: "Copy the images; else the dataset holds links to them.")
    var copyImages = false
    @Flag(help: "Leave out what is wrong and go on; else nothing is written then.")
    var skipInvalid = false
    @OptionGroup var reports: ReportOptions

    func validate() throws {
        if let format, AnnotationFormats.named(format) == nil {
            throw ValidationError("--format is one of \(AnnotationFormats.names).")
        }
        if rename.contains(where: { $0.split(separator: "=", omittingEmptySubsequences: true).count != 2 }) {
            throw ValidationError("--rename is OLD=NEW.")
        }
        if ontology != nil, sources == nil { throw ValidationError("--ontology needs --sources.") }
        if patientPattern != nil, patientColumn != nil { throw ValidationError("give --patient-pattern or --patient-column, not both.") }
    }

    func run() throws {
        try reports.claim(inputs: [source, labelMap, sources, ontology, domain].compactMap { $0 })
        if masks { return try importMasks() }
        try Failure.about(source) {
            let folders = images.map { URL(fileURLWithPath: $0) }
            var source = try AnnotationSource(
                URL(fileURLWithPath: source), imageFolders: folders, labelMap: labelMap.map { URL(fileURLWithPath: $0) })
            source.strippedFolders = stripPath
            let format = try format.flatMap(AnnotationFormats.named) ?? AnnotationFormats.recognised(source)
            var importer = DatasetImporter(inspector: RadiographInspector(window: try domain.flatMap { try DomainFile.read($0).window }))
            importer.copiesImages = copyImages
            importer.skipsInvalid = skipInvalid
            importer.foldCount = folds
            importer.bitDepth = bitDepth
            importer.patientAttribute = patientColumn
            if let patientPattern {
                importer.patients = try PatientNames(pattern: patientPattern)
                importer.patientsAreChosen = true
            }
            if let labelMap { importer.labelMap = try LabelMap(contentsOf: URL(fileURLWithPath: labelMap)) }
            importer.sources = try sourcesFile()
            for pair in rename.map({ $0.split(separator: "=").map(String.init) }) { importer.renames[pair[0]] = pair[1] }
            let outcome = try importer.importDataset(
                source, format: format, normals: normal.map { try AnnotationSource(URL(fileURLWithPath: $0)) },
                labelled: labelled.map { try AnnotationSource(URL(fileURLWithPath: $0)) }, to: URL(fileURLWithPath: out))
            for note in outcome.notes { reports.note(note) }
            let report = DatasetImportReport(
                out: out, format: format.title, dataset: outcome.dataset, notes: Array(outcome.notes), problems: outcome.problems)
            reports.note(report.text)
            for note in outcome.dataset.sourceNotes { reports.note(note) }
            if reports.printsText { StandardOutput.write(SourcesTable.text(outcome.dataset)) }
            try reports.write("dataset import", report)
            if !outcome.problems.isEmpty {
                for problem in outcome.problems { StandardError.line("pleura: left out: \(problem)") }
                throw Failure(.someInputsFailed, "\(self.source): \(outcome.problems.total) things were left out")
            }
        }
    }
}

extension DatasetImport {
    private struct MaskReport: Encodable {
        var out: String
        var images: Int
        var unmasked: Int
        var folds: Int
    }

    private func importMasks() throws {
        try Failure.about(source) {
            var folder = MaskFolder(URL(fileURLWithPath: source))
            folder.copiesImages = copyImages
            let outcome = try folder.importDataset(to: URL(fileURLWithPath: out), inspector: RadiographInspector())
            let folds = Set(outcome.dataset.folds.values).count
            reports.note(
                "\(out): \(outcome.dataset.images.count) images with masks, \(folds) folds, \(outcome.unmasked) without a mask left out")
            try reports.write(
                "dataset import",
                MaskReport(out: out, images: outcome.dataset.images.count, unmasked: outcome.unmasked, folds: folds))
        }
    }

    private func sourcesFile() throws -> SourcesFile? {
        guard let sources else { return nil }
        var file = try SourcesFile(named: sources)
        if let ontology {
            guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: ontology)) else {
                throw DatasetError(.missing, "\(ontology) cannot be opened")
            }
            file.ontology = try FindingOntology(json: bytes, file: URL(fileURLWithPath: ontology).lastPathComponent)
        }
        return file
    }
}

extension PictureDepth: ExpressibleByArgument {}
