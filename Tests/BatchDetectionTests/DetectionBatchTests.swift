import Basics
import BatchDetection
import Detection
import Findings
import Foundation
import Models
import Outputs
import Pages
import PleuraTesting
import Radiographs
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct DetectionBatchTests {
    private final class Failures: WorkObserver {
        private let state = Mutex([String]())
        var names: [String] { state.withLock { $0 } }
        func begin(_ total: Int) {}
        func advance() {}
        func end() {}
        func failed(_ name: String, _ reason: String) { state.withLock { $0.append(name) } }
        func note(_ text: String) {}
        func warn(_ text: String) {}
    }

    private let work: TemporaryFolder
    private let decoders = DecoderRegistry(decoders: [PNGDecoder()])
    private let failures = Failures()
    private var batch: DetectionBatch

    init() throws {
        work = try TemporaryFolder()
        try TinyModel.write(to: work.file("tiny"))
        batch = DetectionBatch(detector: try Detector(bundle: ModelBundle(directory: work.file("tiny"))), decoders: decoders)
        batch.observer = failures
        for number in 0..<3 {
            let samples = (0..<64 * 64).map { UInt16($0 % 64 / 16 == number ? 230 : 50) }
            try PixelImage(width: 64, height: 64, bits: 8, samples: samples).png().write(to: work.file("image_\(number).png"))
        }
    }

    private func search(_ names: String...) -> InputSearch {
        InputSearch(names.map { work.file($0).path }, decoders: decoders)
    }

    @Test func everyImageIsInTheGalleryAndABrokenOneFailsAlone() async throws {
        try Data("\u{89}PNG no more".utf8).write(to: work.file("broken.png"))
        let inputs = search("image_0.png", "broken.png", "nowhere*.png", "image_2.png").inputs
        var gallery: FindingsGallery? = try FindingsGallery(
            directory: work.file("out"), model: batch.identity, classes: batch.detector.bundle.labelMap.classes,
            threshold: batch.lowestScore, places: OutputPlaces())
        let outcome = try await batch.run(inputs, into: &gallery)
        try gallery?.finish()
        #expect(outcome.images.count == 4 && outcome.tried == 3 && !outcome.isIncomplete && outcome.times.images == 3)
        #expect(outcome.images.map { $0.error == nil } == [true, false, false, true])
        #expect(outcome.images[0].findings.contains { $0.findingClass.name == "Bright" })
        #expect(Set(failures.names) == [work.file("broken.png").path, work.file("nowhere*.png").path])
        let files = try FileManager.default.contentsOfDirectory(atPath: work.file("out").path)
        #expect(files.contains("index.html") && files.count { $0.hasSuffix(".jpg") } == 2)
    }

    @Test func whatIsNotBegunIsInNoReport() async throws {
        var batch = batch
        batch.isInterrupted = { true }
        var gallery: FindingsGallery?
        let outcome = try await batch.run(search("image_0.png", "nowhere*.png", "image_1.png").inputs, into: &gallery)
        #expect(outcome.isIncomplete && outcome.tried == 2 && outcome.times.images == 0)
        #expect(outcome.images.map(\.reference.name) == [work.file("nowhere*.png").path])
    }
}
