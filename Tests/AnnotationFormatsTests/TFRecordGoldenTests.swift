import AnnotationFormats
import Datasets
import Findings
import Foundation
import Geometry
import Interchange
import PleuraTesting
import Radiographs
import TFRecords
import Testing

/// A file that TensorFlow 2.21 wrote (`Tests/Interop/tensorflow_records.py golden`): two records as the Object Detection API's scripts
/// make them, one with two boxes and one with none.
@Suite struct TFRecordGoldenTests {
    @Test func readsWhatTensorFlowWrote() throws {
        let root = try TemporaryFolder()
        let file = root.file("golden.record")
        let golden = try #require(Data(base64Encoded: Self.golden, options: .ignoreUnknownCharacters))
        try golden.write(to: file)
        try Data("item { id: 1 name: 'Effusion' } item { id: 3 name: 'Mass' }".utf8).write(to: root.file("label_map.pbtxt"))
        let dataset = try DatasetImporter().importDataset(AnnotationSource(file), format: TFRecordFormat(), to: root.file("dataset"))
            .dataset
        #expect(dataset.findingClasses == [FindingClass(id: 1, name: "Effusion"), FindingClass(id: 3, name: "Mass")])
        #expect(dataset.images.map(\.fileName) == ["00000013_005.png", "00000014_000.png"])
        #expect(dataset.images.map(\.patient) == ["00000013", "00000014"])
        #expect(dataset.images.allSatisfy { $0.width == 8 && $0.height == 4 })
        #expect(
            dataset.images[0].boxes == [
                Annotation(classID: 1, box: Box(x: 2, y: 1, width: 2, height: 2)),
                Annotation(classID: 3, box: Box(x: 0.5, y: 0, width: 7.5, height: 3.25)),
            ])
        #expect(dataset.images[1].boxes.isEmpty)
        let pixels = try PNGDecoder().decode(
            dataset.encodedImage(of: dataset.images[0]), frame: 1, limits: DecodingLimits()
        ).pixels
        #expect(pixels.samples == (0..<32).map { UInt16($0) })
    }

    /// Around the same data we put the same bytes.
    @Test func framesRecordsAsTensorFlowDoes() throws {
        let root = try TemporaryFolder()
        let golden = try #require(Data(base64Encoded: Self.golden, options: .ignoreUnknownCharacters))
        try golden.write(to: root.file("golden.record"))
        let reader = try TFRecordReader(root.file("golden.record"))
        let writer = try TFRecordWriter(root.file("copy.record"))
        while try reader.read({ try writer.write($0.bytes) }) {}
        try writer.finish()
        #expect(try Data(contentsOf: root.file("copy.record")) == golden)
    }

    private static let golden = """
        SQIAAAAAAAAqhS1WCsYECmAKDWltYWdlL2VuY29kZWQSTwpNCkuJUE5HDQoaCgAAAA1JSERSAAAACAAAAAQIAAAAAJamISwAAAASSURBVAiZY2RghAIOKM2C
        wQAABFEAP6YXg/MAAAAASUVORK5CYIIKJgoOaW1hZ2UvZmlsZW5hbWUSFAoSChAwMDAwMDAxM18wMDUucG5nCiYKFmltYWdlL29iamVjdC9iYm94L3htaW4S
        DBIKCggAAIA+AACAPQoUCgtpbWFnZS93aWR0aBIFGgMKAQgKWAoQaW1hZ2Uva2V5L3NoYTI1NhJECkIKQDhjYjgwYmIwZjJkZDE4MmZlNzlhNmRlNjNlNjRm
        Zjk2MjkwYzI1MmU5NjM5ZTBhM2U2ZGJjZjdkZDk1MjJiMjgKJgoWaW1hZ2Uvb2JqZWN0L2Jib3gveG1heBIMEgoKCAAAAD8AAIA/CiYKFmltYWdlL29iamVj
        dC9iYm94L3ltaW4SDBIKCggAAIA+AAAAAAomChZpbWFnZS9vYmplY3QvYmJveC95bWF4EgwSCgoIAABAPwAAUD8KFwoMaW1hZ2UvZm9ybWF0EgcKBQoDcG5n
        Ci0KF2ltYWdlL29iamVjdC9jbGFzcy90ZXh0EhIKEAoIRWZmdXNpb24KBE1hc3MKIgoYaW1hZ2Uvb2JqZWN0L2NsYXNzL2xhYmVsEgYaBAoCAQMKJwoPaW1h
        Z2Uvc291cmNlX2lkEhQKEgoQMDAwMDAwMTNfMDA1LnBuZwoVCgxpbWFnZS9oZWlnaHQSBRoDCgEEC/jn4g0CAAAAAAAAQNeXwwqKBApgCg1pbWFnZS9lbmNv
        ZGVkEk8KTQpLiVBORw0KGgoAAAANSUhEUgAAAAgAAAAECAAAAACWpiEsAAAAEklEQVQImWNkYIQCDijNgsEAAARRAD+mF4PzAAAAAElFTkSuQmCCCiYKDmlt
        YWdlL2ZpbGVuYW1lEhQKEgoQMDAwMDAwMTRfMDAwLnBuZwocChZpbWFnZS9vYmplY3QvYmJveC94bWluEgISAAoUCgtpbWFnZS93aWR0aBIFGgMKAQgKWAoQ
        aW1hZ2Uva2V5L3NoYTI1NhJECkIKQDhjYjgwYmIwZjJkZDE4MmZlNzlhNmRlNjNlNjRmZjk2MjkwYzI1MmU5NjM5ZTBhM2U2ZGJjZjdkZDk1MjJiMjgKHAoW
        aW1hZ2Uvb2JqZWN0L2Jib3gveG1heBICEgAKHAoWaW1hZ2Uvb2JqZWN0L2Jib3gveW1pbhICEgAKHAoWaW1hZ2Uvb2JqZWN0L2Jib3gveW1heBICEgAKFwoM
        aW1hZ2UvZm9ybWF0EgcKBQoDcG5nCh0KF2ltYWdlL29iamVjdC9jbGFzcy90ZXh0EgIKAAoeChhpbWFnZS9vYmplY3QvY2xhc3MvbGFiZWwSAhoACicKD2lt
        YWdlL3NvdXJjZV9pZBIUChIKEDAwMDAwMDE0XzAwMC5wbmcKFQoMaW1hZ2UvaGVpZ2h0EgUaAwoBBFo+K4k=
        """
}
