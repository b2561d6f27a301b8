import AnnotationFormats
import Datasets
import Findings
import Foundation
import Geometry
import Interchange
import PleuraTesting
import Radiographs
import Testing

private let python = OtherProgram.named(by: "PLEURA_TENSORFLOW")

/// Our records in TensorFlow's hands and its in ours. `make test-interop` lays TensorFlow and names its Python by `PLEURA_TENSORFLOW`;
/// without it the suite is left out.
@Suite(.enabled(if: python != nil, "PLEURA_TENSORFLOW names no Python; make test-interop does"))
struct TensorFlowInteropTests {

    /// What `tf.data` and `parse_single_example` make of a record, with the Object Detection API's feature specification.
    private struct Parsed: Decodable {
        var fileName, sourceID, format, digest, encodedDigest: String
        var size, decodedSize: [Int]
        /// Of all pixels, as TensorFlow decodes them.
        var sum: Int
        var xMin, xMax, yMin, yMax: [Double]
        var labels: [Int]
        var texts: [String]
    }

    /// What TensorFlow's side says that it wrote.
    private struct Written: Decodable {
        var fileName, part, encodedDigest: String
        var size: [Int]
        /// x0, y0, x1, y1 in pixels.
        var edges: [[Double]]
        var texts: [String]
    }

    private func tensorFlow<Value: Decodable>(_ arguments: String..., as type: Value.Type) throws -> Value {
        try tensorFlow(arguments, as: type)
    }

    private func tensorFlow<Value: Decodable>(_ arguments: [String], as type: Value.Type) throws -> Value {
        let script = Repository.root.appendingPathComponent("Tests/Interop/tensorflow_records.py")
        let result = try Shell.run(program: #require(python), ["-B", script.path] + arguments)
        try #require(result.status == 0, "\(result.errors.suffix(2000))")
        return try JSONDecoder().decode(Value.self, from: Data(result.output.utf8))
    }

    @Test(arguments: [11, 12] as [UInt64])
    func tensorFlowReadsOurShardsAndGetsTheSameValues(seed: UInt64) throws {
        let root = try TemporaryFolder()
        var maker = RandomDataset(RandomDataset.everything)
        maker.imageCount = 24
        let dataset = try maker.make(seed: seed, in: root.file("dataset"))
        var options = ExportOptions()
        options.shards = 3
        try DatasetExporter(TFRecordFormat(), options: options).write(dataset, to: root.file("shards"))
        let names = try Files.names(in: root.file("shards")).filter { $0.contains("-of-") }
        #expect(names.count == 9)
        let parsed = try tensorFlow(["read"] + names.map { root.file("shards/\($0)").path }, as: [Parsed].self)
        #expect(parsed.count == dataset.images.count)
        let images = Dictionary(uniqueKeysWithValues: dataset.images.map { ($0.fileName, $0) })
        let classes = Dictionary(uniqueKeysWithValues: dataset.findingClasses.map { ($0.id, $0.name) })
        for record in parsed {
            let image = try #require(images[record.fileName])
            let encoded = try dataset.encodedImage(of: image)
            #expect(record.sourceID == String(image.id) && record.format == "png")
            #expect(record.digest == record.encodedDigest)
            #expect(record.size == [image.width, image.height] && record.decodedSize == record.size)
            #expect(
                record.sum
                    == (try PNGDecoder().decode(encoded, frame: 1, limits: DecodingLimits())).pixels.samples.reduce(0) {
                        $0 + Int($1)
                    })
            #expect(record.labels == image.boxes.map(\.classID) && record.texts == image.boxes.map { classes[$0.classID] })
            // The nearest float of each fraction, and no other.
            let (width, height) = (Double(image.width), Double(image.height))
            #expect(record.xMin == image.boxes.map { Double(Float($0.box.x / width)) })
            #expect(record.xMax == image.boxes.map { Double(Float($0.box.maxX / width)) })
            #expect(record.yMin == image.boxes.map { Double(Float($0.box.y / height)) })
            #expect(record.yMax == image.boxes.map { Double(Float($0.box.maxY / height)) })
        }
    }

    @Test(arguments: [21, 22])
    func weReadTheShardsThatTensorFlowWrote(seed: Int) throws {
        let root = try TemporaryFolder()
        let shards = root.file("shards")
        try FileManager.default.createDirectory(at: shards, withIntermediateDirectories: true)
        let written = try tensorFlow("write", shards.path, String(seed), as: [Written].self)
        let source = try AnnotationSource(shards)
        #expect(try AnnotationFormats.recognised(source).name == "tfrecord")
        let outcome = try DatasetImporter().importDataset(source, format: TFRecordFormat(), to: root.file("dataset"))
        let dataset = outcome.dataset
        #expect(outcome.problems.isEmpty && outcome.notes.isEmpty)
        #expect(dataset.findingClasses.map(\.id) == [1, 3, 4] && dataset.findingClasses.map(\.name) == ["Effusion", "Mass", "Nodule"])
        #expect(dataset.images.count == written.count)
        let images = Dictionary(uniqueKeysWithValues: dataset.images.map { ($0.fileName, $0) })
        let classes = Dictionary(uniqueKeysWithValues: dataset.findingClasses.map { ($0.id, $0.name) })
        for record in written {
            let image = try #require(images[record.fileName])
            #expect([image.width, image.height] == record.size && image.part == record.part)
            #expect(image.boxes.map { classes[$0.classID] } == record.texts)
            for (annotation, edges) in zip(image.boxes, record.edges) {
                let box = annotation.box
                for (edge, other) in zip([box.x, box.y, box.maxX, box.maxY], edges) { #expect(abs(edge - other) <= 200 * 0x1p-25) }
            }
        }
        // The files are TensorFlow's to the byte: exported and parsed once more, they have the digests it wrote.
        try DatasetExporter(TFRecordFormat()).write(dataset, to: root.file("again"))
        let names = ["train.record-00000-of-00001", "validation.record-00000-of-00001"]
        let again = try tensorFlow(["read"] + names.map { root.file("again/\($0)").path }, as: [Parsed].self)
        #expect(
            Dictionary(uniqueKeysWithValues: again.map { ($0.fileName, $0.digest) })
                == Dictionary(uniqueKeysWithValues: written.map { ($0.fileName, $0.encodedDigest) }))
    }
}
