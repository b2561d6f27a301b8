import AnnotationFormats
import Datasets
import DocumentFormats
import Findings
import Foundation
import Geometry
import Interchange
import PleuraTesting
import Testing

/// Random datasets out in a format and in again: all that the format says it carries is the same.
@Suite struct DocumentRoundTripTests {
    static let formats: [any AnnotationFormat] = [
        PascalVOCFormat(), CVATFormat(), COCOFormat(), YOLOFormat(), ChestXDet10Format(), LabelStudioFormat(),
    ]
    static let cases = formats.flatMap { format in (1...6).map { (format.name, UInt64($0)) } }

    @Test(arguments: cases)
    func everythingClaimedComesBack(name: String, seed: UInt64) throws {
        let format = try #require(AnnotationFormats.named(name))
        let root = try TemporaryFolder()
        var random = RandomDataset()
        random.hasImagesWithoutPart = seed % 2 == 0
        random.hasGapsInIDs = seed % 3 != 0
        let dataset = try random.make(seed: seed, in: root.file("dataset"))
        expectSame(dataset, try roundTrip(dataset, format, in: root), carrying: format.contents, tolerance: 1e-6)
    }

    @Test(arguments: cases)
    func aDatasetOfOnlyWhatTheFormatCarriesLosesNothing(name: String, seed: UInt64) throws {
        let format = try #require(AnnotationFormats.named(name))
        let root = try TemporaryFolder()
        var random = RandomDataset(format.contents.intersection(RandomDataset.everything))
        random.imageCount = 8
        let dataset = try random.make(seed: seed + 100, in: root.file("dataset"))
        #expect(DatasetExporter(format).lost(of: dataset).isEmpty)
        expectSame(dataset, try roundTrip(dataset, format, in: root), carrying: format.contents, tolerance: 1e-6)
        // Without parts at all.
        random.contents.remove(.parts)
        let whole = try random.make(seed: seed + 200, in: root.file("whole"))
        expectSame(whole, try roundTrip(whole, format, in: root), carrying: format.contents, tolerance: 1e-6)
    }

    @Test(arguments: formats.map(\.name))
    func wholePixelsAreHalfAPixelAwayAtMost(name: String) throws {
        let format = try #require(AnnotationFormats.named(name))
        let root = try TemporaryFolder()
        let dataset = try RandomDataset().make(seed: 77, in: root.file("dataset"))
        var options = ExportOptions()
        options.roundsToPixels = true
        options.copiesImages = true
        let back = try roundTrip(dataset, format, options: options, in: root)
        expectSame(dataset, back, carrying: format.contents.subtracting(.fractions), tolerance: 0.5 + 1e-6)
        for box in back.images.flatMap({ $0.boxes.map(\.box) }) {
            #expect([box.x, box.y, box.maxX, box.maxY].allSatisfy { abs($0 - $0.rounded()) < 1e-6 })
        }
    }

    /// A Pleura dataset directory is COCO's format with further keys.
    @Test func aDatasetDirectoryIsImportedWhole() throws {
        let root = try TemporaryFolder()
        let dataset = try RandomDataset().make(seed: 9, in: root.file("dataset"))
        let source = try AnnotationSource(dataset.directory)
        #expect(try AnnotationFormats.recognised(source).name == "coco")
        let again = try DatasetImporter().importDataset(source, format: COCOFormat(), to: root.file("again")).dataset
        #expect(again.images == dataset.images && again.findingClasses == dataset.findingClasses)
        #expect(try Dataset.read(directory: root.file("again")) == again)
    }
}
