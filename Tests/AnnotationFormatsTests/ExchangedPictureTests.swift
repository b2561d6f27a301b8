import AnnotationFormats
import Datasets
import Findings
import Foundation
import Geometry
import Interchange
import PleuraTesting
import Radiographs
import TableFormats
import Testing

/// Pictures that go to other tools use the whole range of their bits.
@Suite struct ExchangedPictureTests {
    private static let side = 8

    /// A grey ramp up to the largest sample of so many bits.
    private static func ramp(_ bits: Int) -> [UInt16] {
        let maximum = (1 << bits) - 1
        return (0..<side * side).map { UInt16($0 * maximum / (side * side - 1)) }
    }

    /// A dataset with a 16-bit picture whose samples use so many bits, and one of 8 bits.
    private static func dataset(_ work: TemporaryFolder, bits: Int) throws -> Dataset {
        let images = work.file("set/images")
        for (name, depth, used) in [("deep", 16, bits), ("flat", 8, 8)] {
            let picture = PixelImage(width: side, height: side, bits: depth, samples: ramp(used))
            try Files.write(picture.png(), to: images.appendingPathComponent("\(name).png"))
        }
        let box = Annotation(classID: 1, box: Box(x: 1, y: 1, width: 4, height: 4))
        return try Dataset(
            directory: work.file("set"), findingClasses: [FindingClass(id: 1, name: "Mass")],
            images: ["deep.png", "flat.png"].enumerated().map {
                DatasetImage(id: $0 + 1, fileName: $1, width: side, height: side, patient: $1, boxes: [box])
            }, folds: [:]
        ).write(to: work.file("set"))
    }

    /// Every picture below a folder, or in its records, by name.
    private static func pictures(_ folder: URL) throws -> [String: PixelImage] {
        var pictures: [String: PixelImage] = [:]
        let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        for name in names where name.hasSuffix(".png") {
            pictures[(name as NSString).lastPathComponent] = try DrawnPictures.decoded(
                Data(contentsOf: folder.appendingPathComponent(name)))
        }
        guard pictures.isEmpty else { return pictures }
        let opened = try TFRecordDataset.open(records: [folder]).dataset
        for image in opened.images { pictures[image.fileName] = try DrawnPictures.decoded(opened.encodedImage(of: image)) }
        return pictures
    }

    @Test(arguments: AnnotationFormats.all.map(\.name), [10, 12, 14]) func everyFormatUsesTheWholeRange(_ name: String, _ bits: Int) throws
    {
        let work = try TemporaryFolder()
        let dataset = try Self.dataset(work, bits: bits)
        let format = try #require(AnnotationFormats.named(name))
        let notes = try DatasetExporter(format).write(dataset, to: work.file("out"))
        let pictures = try Self.pictures(work.file("out"))
        let deep = try #require(pictures["deep.png"])
        let maximum = (1 << bits) - 1
        #expect(deep.bits == 16)
        #expect(deep.samples == Self.ramp(bits).map { UInt16((Double($0) * 65535 / Double(maximum)).rounded()) })
        #expect(pictures["flat.png"]?.samples == Self.ramp(8))
        #expect(notes == ["1 picture of \(bits) bits spread over the whole range of 16 bits: 0 to \(maximum) became 0 to 65535"])
        // The dataset itself stays as it was.
        #expect(try DrawnPictures.decoded(Data(contentsOf: dataset.url(of: dataset.images[0]))).samples == Self.ramp(bits))
        let left = try Files.names(in: work.url)
        #expect(left == ["out", "set"])
    }

    @Test(arguments: AnnotationFormats.all.map(\.name)) func eightBitsWhereAsked(_ name: String) throws {
        let work = try TemporaryFolder()
        let dataset = try Self.dataset(work, bits: 12)
        var options = ExportOptions()
        options.bitDepth = .eight
        let format = try #require(AnnotationFormats.named(name))
        try DatasetExporter(format, options: options).write(dataset, to: work.file("out"))
        let deep = try #require(Self.pictures(work.file("out"))["deep.png"])
        #expect(deep.bits == 8)
        #expect(deep.samples == Self.ramp(12).map { UInt16((Double($0) * 255 / 4095).rounded()) })
    }

    @Test func aPictureOfSixteenBitsGoesAsItIs() throws {
        let work = try TemporaryFolder()
        let dataset = try Self.dataset(work, bits: 16)
        #expect(try DatasetExporter(BoxTableFormat()).write(dataset, to: work.file("out")) == [])
        let link = work.file("out/images/deep.png").path
        #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: link)) != nil)
    }

    @Test(arguments: AnnotationFormats.all.map(\.name)) func picturesThatAreGoneAreNamedAndNothingIsWritten(_ name: String) throws {
        let work = try TemporaryFolder()
        let dataset = try Self.dataset(work, bits: 12)
        for image in dataset.images { try FileManager.default.removeItem(at: dataset.url(of: image)) }
        let format = try #require(AnnotationFormats.named(name))
        let error = #expect(throws: DatasetError.self) { try DatasetExporter(format).write(dataset, to: work.file("out")) }
        #expect(error?.code == .lost)
        #expect(
            error.map { Array($0.problems) } == [
                "images/deep.png is not there any more, or cannot be opened", "images/flat.png is not there any more, or cannot be opened",
            ])
        #expect(try Files.names(in: work.url) == ["set"])
        #expect(throws: DatasetError.self) { try dataset.write(copyTo: work.file("out")) }
    }
}
