import Foundation
import PleuraTesting
import Radiographs
import Testing

/// What `pleura detect` says of DICOM files beside what it finds, and what it takes for one.
@Suite(.timeLimit(.minutes(20))) struct DICOMHeaderTests {
    private struct Report: Decodable {
        struct Image: Decodable {
            var image: String
            var frame: Int?
            var warnings: [String]
        }
        var images: [Image]
    }

    private static let samples = Data(DrawnPictures.cell(column: 0, row: 2).samples.map { UInt8($0) })

    /// A file of 64 x 64 pixels with other elements in its header.
    private static func file(_ change: (inout DICOMBytes) -> Void = { _ in }) -> DICOMBytes {
        var bytes = DICOMBytes(rows: 64, columns: 64, samples: samples)
        change(&bytes)
        return bytes
    }

    private static func run(_ files: [String: Data], _ arguments: [String]) throws -> Shell.Result {
        let work = try TemporaryFolder()
        try TinyModel.write(to: work.file("tiny"))
        try FileManager.default.createDirectory(at: work.file("in"), withIntermediateDirectories: true)
        for (name, bytes) in files { try bytes.write(to: work.file("in/\(name)")) }
        return try ProgramUnderTest.run(["detect", "in", "--model", "./tiny"] + arguments, in: work.url)
    }

    private static let hand = file { $0.set(0x0018, 0x0015, "CS", "HAND") }.file()
    private static let handIsTold = "the header says body part HAND; the model is for frontal chest radiographs"

    @Test func headersAreToldInTheReport() throws {
        let files = [
            "a-hand.dcm": Self.hand,
            "b-lateral.dcm": Self.file { $0.set(0x0018, 0x5101, "CS", "LL") }.file(),
            "c-frames.dcm": Self.file {
                $0.set(0x0028, 0x0008, "IS", "2")
                $0.set(0x7FE0, 0x0010, "OB", Self.samples + Self.samples)
            }.file(),
            "d-chest.dcm": Self.file {
                $0.set(0x0018, 0x0015, "CS", "CHEST")
                $0.set(0x0018, 0x5101, "CS", "PA")
            }.file(),
            "e-tiny.dcm": DICOMBytes(rows: 3, columns: 3, samples: Data(0..<10)).file(),
        ]
        let result = try Self.run(files, ["--json", "-"])
        let images = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8)).images
        #expect(result.status == 0)
        #expect(
            images.map(\.warnings) == [
                [Self.handIsTold], ["the header says a left lateral view (LL); the model is for frontal chest radiographs"],
                ["frame 1 of 2; --frame takes another"], [], ["not a chest image: 3 x 3 pixels are too few to show one"],
            ])
        #expect(images.map(\.frame) == [nil, nil, 1, nil, nil])
        // The same in the table, and on standard error where the table gives way.
        #expect(try Self.run(["hand.dcm": Self.hand], []).output.contains("warning: \(Self.handIsTold)\n"))
        #expect(try Self.run(["hand.dcm": Self.hand], ["--csv", "-"]).errors.contains("in/hand.dcm: warning: \(Self.handIsTold)\n"))
        #expect(try !Self.run(["hand.dcm": Self.hand], ["--csv", "-", "--quiet"]).errors.contains("warning"))
    }

    /// By what they hold: a UID or nothing for a name, a suffix of something else, no preamble, no meta information.
    @Test func filesAreKnownByWhatTheyHold() throws {
        let whole = Self.file().file()
        let meta = whole.dropFirst(132)
        let files = [
            "1.2.276.0.1.101": whole, "IM0001": whole, "scan.txt": whole, "scan.png": whole, "no-preamble": Data(meta),
            "bare": Self.file().dataset, "notes.txt": Data("a line of text".utf8),
        ]
        let result = try Self.run(files, ["--json", "-"])
        let images = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8)).images
        #expect(result.status == 0 && images.allSatisfy { $0.warnings.isEmpty })
        #expect(images.map(\.image) == ["1.2.276.0.1.101", "IM0001", "bare", "no-preamble", "scan.png", "scan.txt"].map { "in/\($0)" })
        #expect(result.errors.contains("1 other file skipped"))
    }
}
