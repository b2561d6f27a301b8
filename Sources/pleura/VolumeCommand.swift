import ArgumentParser
import Basics
import Console
import Foundation
import Nodules
import Outputs
import Volumes

/// A CT series as one block whose place in the patient is known.
struct VolumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "volume",
        abstract: "Make one volume of the slices of a CT series, and say what was done to each of them.",
        discussion: """
            Slices are put together by where they say that they lie, never by their names or numbers. What was left out, doubled, missing \
            or straightened is a line each. Documentation/CT.md has the rules. Prints a summary unless --json - takes standard output. \
            Research use only, not a diagnosis.
            """)

    @Argument(help: ArgumentHelp("Folders or files of DICOM slices.", valueName: "path"))
    var paths: [String]
    @Option(help: ArgumentHelp("Write the volume as NIfTI, Hounsfield units; compressed where the name ends in .gz.", valueName: "nii"))
    var nifti: String?
    @Option(help: ArgumentHelp("Write both lungs as NIfTI on voxels of 1 mm: 1 right, 2 left.", valueName: "nii"))
    var lungs: String?
    @Option(help: ArgumentHelp("Write places where nodules may be as JSON; most are vessels. - is standard output.", valueName: "file"))
    var candidates: String?
    @Option(help: ArgumentHelp("The series that is meant, where the folder has several.", valueName: "uid"))
    var series: String?
    @Option(help: "Slices that are missing inside the lungs: refuse the series, or bridge them by interpolation.")
    var missing: VolumeOptions.Repair = .refuse
    @Option(help: "Slices that cannot be decoded: refuse the series, or bridge them by interpolation.")
    var damaged: VolumeOptions.Repair = .refuse
    @OptionGroup var reports: ReportOptions

    private struct Done: Encodable {
        var geometry: VolumeGeometry
        var record: VolumeRecord
        var lungs: LungReport?
    }

    private struct LungReport: Encodable {
        /// Litres.
        var right: Double
        var left: Double
        var remarks: [String]
    }

    private struct CandidateReport: Encodable {
        struct Entry: Encodable {
            var number: Int
            /// Millimetres LPS.
            var centre: [Double]
            var radius: Double
            var strength: Double
            var side: LungSide?
            var slicePlace: SlicePlace?

            private enum CodingKeys: String, CodingKey {
                case number, centre, radius, strength, side
                case slicePlace = "slice_place"
            }
        }
        var seriesInstanceUID: String?
        var candidates: [Entry]

        private enum CodingKeys: String, CodingKey {
            case seriesInstanceUID = "series_instance_uid"
            case candidates
        }
    }

    func validate() throws {
        if paths.contains(where: \.isEmpty) { throw ValidationError("A path must not be empty.") }
        if candidates == "-", reports.json == "-" { throw ValidationError("--candidates and --json cannot both have standard output.") }
        if [nifti, lungs, candidates, series].contains(where: { $0?.isEmpty == true }) {
            throw ValidationError("An option's text must not be empty.")
        }
    }

    func run() throws {
        let files = try Self.files(paths)
        try reports.claim(inputs: files, beside: [("--nifti", nifti), ("--lungs", lungs), ("--candidates", candidates)])
        let options = VolumeOptions(series: series, missing: missing, damaged: damaged)
        let volume = try VolumeAssembler(options).assemble(files.map { SliceSource(file: URL(fileURLWithPath: $0), name: $0) })
        if let nifti { try Self.write(try NIfTIFile.bytes(of: volume, isCompressed: nifti.hasSuffix(".gz")), to: nifti) }
        // A scan that is no chest is told after what it is was written.
        let found = lungs != nil || candidates != nil ? Result { try Lungs(volume) } : nil
        let chest = try? found?.get()
        if reports.printsText, candidates != "-" { StandardOutput.write(VolumeTextTable.text(volume, chest)) }
        let report = chest.map { LungReport(right: Self.rounded($0.rightVolume), left: Self.rounded($0.leftVolume), remarks: $0.remarks) }
        try Failure.writing { try reports.write("volume", Done(geometry: volume.geometry, record: volume.record, lungs: report)) }
        guard let chest = try found?.get() else { return }
        if let lungs { try Self.write(try NIfTIFile.bytes(of: chest.mask, isCompressed: lungs.hasSuffix(".gz")), to: lungs) }
        if let candidates { try write(CandidateFinder().candidates(in: chest), of: volume, to: candidates) }
    }

    private func write(_ found: [Candidate], of volume: Volume, to path: String) throws {
        let entries = found.map { candidate in
            CandidateReport.Entry(
                number: candidate.number, centre: [candidate.centre.x, candidate.centre.y, candidate.centre.z].map(Self.rounded),
                radius: Self.rounded(candidate.radius), strength: Self.rounded(candidate.strength), side: candidate.side,
                slicePlace: volume.slicePlace(of: candidate.centre))
        }
        let report = CandidateReport(seriesInstanceUID: volume.record.seriesInstanceUID, candidates: entries)
        try Failure.writing { try OutputFile.write(CommandReport.json("volume", report), toFileOrStandardOutput: path) }
    }

    private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }

    /// Every file that was named, and those below folders that were.
    private static func files(_ paths: [String]) throws -> [String] {
        try paths.flatMap { path -> [String] in
            let url = URL(fileURLWithPath: path)
            switch FolderWalk.kind(of: url) {
            case .file: return [path]
            case .folder: return FolderWalk.files(in: url).map(\.path)
            case .other: throw Failure(.someInputsFailed, "\(path): no such file or folder")
            }
        }
    }

    private static func write(_ bytes: Data, to path: String) throws {
        try Failure.writing { try OutputFile.write(bytes, to: URL(fileURLWithPath: path)) }
    }
}

extension VolumeOptions.Repair: ExpressibleByArgument {}
