import Foundation
import PleuraTesting
import Testing

/// The released model on the demonstration's radiographs (NEMA's, from `pydicom-data`), as `make demo` runs it.
@Suite(.timeLimit(.minutes(20))) struct DemoTests {
    private struct Report: Decodable {
        struct Finding: Decodable, Equatable {
            var label: String
            var score: Double
            var box: [Double]
        }
        struct Image: Decodable {
            var image: String
            var findings: [Finding]
            var warnings: [String]?
        }
        var images: [Image]
    }

    private static func detect() throws -> [String: Report.Image] {
        let samples = Repository.root.appendingPathComponent(".engines/samples")
        let files = try Files.names(in: samples).filter { $0.hasSuffix(".dcm") }
        #expect(files.count == 8)
        let result = try ProgramUnderTest.run(
            ["detect"] + files.map { samples.appendingPathComponent($0).path }
                + ["--model", "./Models/nih8-fast", "--json", "-", "--threshold", "0.05", "--quiet"], in: Repository.root)
        #expect(result.status == 0)
        let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
        return Dictionary(uniqueKeysWithValues: report.images.map { (($0.image as NSString).lastPathComponent, $0) })
    }

    @Test func equalPixelsGiveEqualBoxesAndTheLossyPairAlmostTheSame() throws {
        let images = try Self.detect()
        let names = ["RG1_UNCR.dcm", "RG1_J2KR.dcm", "RG1_UNCI.dcm", "RG1_J2KI.dcm"]
        let findings = try names.map { try #require(images[$0]).findings }
        #expect(!findings[0].isEmpty)
        #expect(findings[0] == findings[1])
        #expect(findings[2] == findings[3])
        // Between the pairs the pixels differ a little. What the demonstration shows, at the card's threshold of 0.3, stays within one pixel
        // of the network's 320, which are 6 of the image's 1955; weaker boxes may wander further.
        #expect(findings[0].contains { $0.score >= 0.25 })
        for found in findings[0] where found.score >= 0.3 {
            let twin = findings[2].filter { $0.label == found.label }.map { other in
                zip(Self.corners(found), Self.corners(other)).map { abs($0 - $1) }.max() ?? .infinity
            }.min()
            #expect((twin ?? .infinity) <= 6, "\(found.label)")
        }
    }

    private static func corners(_ finding: Report.Finding) -> [Double] {
        let box = finding.box
        return [box[0], box[1], box[0] + box[2], box[1] + box[3]]
    }

    @Test func aTibiaIsNoChestAndAChestIs() throws {
        for (name, image) in try Self.detect() {
            let isWarned = image.warnings?.contains { $0.contains("not a chest image") } ?? false
            #expect(isWarned == name.hasPrefix("RG3"), "\(name)")
        }
    }
}
