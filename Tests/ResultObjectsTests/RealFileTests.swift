import DICOM
import Findings
import Foundation
import Geometry
import PleuraTesting
import Radiographs
import ResultObjects
import Results
import Testing

/// Images of other makers, where this machine has them: the samples of the engines and pydicom's own files.
///
/// A conformant object that is proved, or an error that says why: never an object that is not.
@Suite struct RealFileTests {
    private static let out = ProcessInfo.processInfo.environment["PLEURA_OBJECTS_OUT"].map { URL(fileURLWithPath: $0) }

    static let files: [URL] = {
        let engines = Repository.root.appendingPathComponent(".engines")
        let python = engines.appendingPathComponent("oracles-venv/lib")
        let packages = (try? Files.names(in: python))?.first.map { python.appendingPathComponent("\($0)/site-packages") } ?? python
        let folders = [
            engines.appendingPathComponent("samples"), packages.appendingPathComponent("pydicom/data/test_files"),
            packages.appendingPathComponent("pydicom/data/charset_files"), packages.appendingPathComponent("data_store/data"),
        ]
        let limit = out == nil ? 100_000 : 40_000_000
        return folders.flatMap { folder in
            ((try? Files.names(in: folder)) ?? []).filter { $0.hasSuffix(".dcm") }.map(folder.appendingPathComponent)
        }.filter { ((try? $0.resourceValues(forKeys: [.fileSizeKey]))?.fileSize ?? .max) <= limit }
    }()

    /// The image as an archive would know it; `nil` of what is none that can be decoded.
    private static func sample(_ file: URL) throws -> SourceSample? {
        let bytes = try Data(contentsOf: file)
        guard let instance = try? DICOMInstance(bytes), (try? instance.radiograph(frame: min(2, instance.frameCount))) != nil,
            let header = try? instance.header()
        else { return nil }
        let name = file.deletingPathExtension().lastPathComponent
        // Intake gives UIDs to what has none.
        let image = ResultImage(
            sopInstanceUID: header.sopInstanceUID ?? SourceSamples.uid(name, "instance"), sopClassUID: header.sopClassUID,
            seriesInstanceUID: header.seriesInstanceUID ?? SourceSamples.uid(name, "series"), columns: instance.width,
            rows: instance.height,
            frame: instance.frameCount > 1 ? 2 : nil)
        return SourceSample(name: name, bytes: bytes, study: header.studyInstanceUID ?? SourceSamples.uid(name, "study"), image: image)
    }

    @Test(arguments: files) func objectsOfRealFilesAreProved(_ file: URL) throws {
        guard let sample = try Self.sample(file) else { return }
        let (width, height) = (Double(sample.image.columns), Double(sample.image.rows))
        var result = SampleResults.result([sample])
        for index in result.findings.indices {
            let box = result.findings[index].box
            result.findings[index].box = Box(
                x: box.x * width / 320, y: box.y * height / 280, width: box.width * width / 320, height: box.height * height / 280)
        }
        let sources = SampleResults.sources([sample])
        let objects: [ResultObject]
        do {
            objects = try ResultObjects().make(result, sources: sources)
        } catch let error as ResultObjectError {
            #expect(error.code == .badSource)
            return
        }
        try ResultProof().check(objects, against: result) { sources[$0] }
        guard let out = Self.out else { return }
        try ObjectFolder.write(objects, of: result, masks: [], samples: [sample], to: out.appendingPathComponent("real-\(sample.name)"))
    }
}
