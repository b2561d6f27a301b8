import AnnotationFormats
import Datasets
import Foundation
import Interchange
import PleuraTesting
import Testing

/// Random datasets written in one format, read, written in another and read again: what both carry comes back.
@Suite struct FormatPairTests {
    private static let names = AnnotationFormats.all.map(\.name)

    private static func format(_ name: String) throws -> any AnnotationFormat { try #require(AnnotationFormats.named(name)) }

    private static func passed(_ dataset: Dataset, through name: String, in root: TemporaryFolder) throws -> Dataset {
        let folder = root.file("\(name)-\(UUID().uuidString)")
        let format = try format(name)
        try DatasetExporter(format).write(dataset, to: folder)
        let source = try AnnotationSource(folder)
        #expect(try AnnotationFormats.recognised(source).name == name, "what is written is recognised")
        return try DatasetImporter().importDataset(source, format: format, to: root.file(UUID().uuidString)).dataset
    }

    /// 32-bit fractions of the side, decimals of a text, or none at all.
    private static func tolerance(_ names: [String]) -> Double { names.contains("tfrecord") ? 1e-4 : 1e-6 }

    @Test(arguments: names, names)
    func whatBothCarryComesBack(first: String, second: String) throws {
        let root = try TemporaryFolder()
        for seed in 1...3 as ClosedRange<UInt64> {
            var maker = RandomDataset(RandomDataset.everything.subtracting(seed == 2 ? [.parts, .readers] : []))
            maker.hasAwkwardNames = seed == 1
            maker.imageCount = 8
            let dataset = try maker.make(seed: seed, in: root.file(UUID().uuidString))
            let once = try Self.passed(dataset, through: first, in: root)
            let twice = try Self.passed(once, through: second, in: root)
            let carried = try Self.format(first).contents.intersection(Self.format(second).contents)
            expectSame(dataset, twice, carrying: carried, tolerance: Self.tolerance([first, second]))
        }
    }
}
