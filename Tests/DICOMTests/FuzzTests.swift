import Basics
import DICOM
import Foundation
import PleuraTesting
import Radiographs
import Testing

/// Damaged files of every kind give an image of the size they say, or a `RadiographError` that names the place; never a crash, never a wait
/// without end, and never more memory than the limit of pixels asks for.
///
/// Every run does a thousand files. `make fuzz` does 100,000.
@Suite(.timeLimit(.minutes(60))) struct FuzzTests {
    /// Of small files, that many are done; those with the most to spoil in their headers stand for the rest.
    private static let files: [String] = {
        let names = Set(DICOMCorpus.shared.images.map(\.file) + DICOMCorpus.shared.refused.map(\.file))
        return names.sorted().filter { name in
            let size = (try? DICOMCorpus.oracle.file(name).resourceValues(forKeys: [.fileSizeKey]))?.fileSize
            return size.map { $0 < 80_000 } ?? false
        }
    }()

    /// Headers of items, delimiters, and lengths of all kinds, in both byte orders; and tags that lead to more of the file being read.
    private static let tokens: [Data] = {
        let little: [[UInt8]] = [
            [0xFE, 0xFF, 0x00, 0xE0], [0xFE, 0xFF, 0x0D, 0xE0], [0xFE, 0xFF, 0xDD, 0xE0], [0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF],
            [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0], [0xE0, 0x7F, 0x10, 0x00], [0x88, 0x00, 0x00, 0x02], [0x28, 0x00, 0x00, 0x30],
            [0x00, 0x52, 0x30, 0x92], [0x09, 0x00, 0x10, 0x10],
        ]
        let big: [[UInt8]] = [[0xFF, 0xFE, 0xE0, 0x00], [0xFF, 0xFE, 0xE0, 0xDD, 0, 0, 0, 0], [0x7F, 0xE0, 0x00, 0x10]]
        let types =
            ["SQ", "OB", "OW", "UN", "UT", "US", "SQ\0\0\u{1}\0\0\0"].map { Array($0.utf8) } + [[0x53, 0x51, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]]
        return (little + big + types).map { Data($0) }
    }()

    private static let shares = 8

    @Test(arguments: 0..<shares)
    func damagedFilesAreErrorsThatNameThePlaceOrImages(_ share: Int) throws {
        try #require(Self.files.count > 200)
        let folder = try TemporaryFolder()
        let place = try Regex(#"\([0-9A-F]{4},[0-9A-F]{4}\)|byte [0-9]+"#)
        let isLong = Fuzzing.isLong
        var (images, refusals) = (0, [String: Int]())
        for round in stride(from: share, to: Fuzzing.rounds(usual: 1_000), by: Self.shares) {
            // A round is one seed, so that any can be done again alone.
            var mutator = Mutator(seed: UInt64(round), tokens: Self.tokens)
            let file = Self.files[mutator.below(Self.files.count)]
            let bytes = mutator.mutate(try DICOMCorpus.bytes(file))
            // What a crash leaves behind.
            if isLong { try bytes.write(to: folder.file("round-\(round).dcm")) }
            do {
                let radiograph = try DICOMDecoder().decode(bytes, frame: 1, limits: DecodingLimits(maximumPixels: 4_000_000))
                let (width, height) = (radiograph.pixels.width, radiograph.pixels.height)
                #expect(radiograph.pixels.samples.count == width * height && width > 0 && height > 0, "round \(round), \(file)")
                #expect(radiograph.pixels.samples.allSatisfy { Int($0) <= radiograph.pixels.maximum }, "round \(round), \(file)")
                #expect(radiograph.warnings.map(\.description).allSatisfy(Self.isClean), "round \(round), \(file)")
                images += 1
            } catch let error as RadiographError {
                #expect(error.description.firstMatch(of: place) != nil, "round \(round), \(file): \(error)")
                #expect(Self.isClean(error.description), "round \(round), \(file): \(error)")
                refusals[error.code.rawValue, default: 0] += 1
            }
            _ = try? DICOMHeader(bytes)
            if isLong { try FileManager.default.removeItem(at: folder.file("round-\(round).dcm")) }
        }
        if isLong { print("fuzz: share \(share): \(images) images, \(refusals.sorted { $0.key < $1.key })") }
        #expect(images > 0 && refusals.count > 2)
    }

    /// One line, and nothing of the patient.
    private static func isClean(_ text: String) -> Bool { !text.contains(where: \.isNewline) && !text.uppercased().contains("SECRET") }
}
