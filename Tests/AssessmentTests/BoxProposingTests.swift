import Assessment
import Datasets
import Detection
import Foundation
import Geometry
import Models
import PleuraTesting
import Radiographs
import Testing

@Suite(.timeLimit(.minutes(5))) struct BoxProposingTests {
    @Test func labelledImagesGetTheModelsBestBox() async throws {
        let work = try TemporaryFolder()
        let dataset = try DrawnDataset.write(to: work.file("set"), isBoxed: false)
        try TinyModel.write(to: work.file("tiny"))
        try FileManager.default.removeItem(at: work.file("set/images/\(DrawnDataset.name(0))"))
        // Boxes on a picture of another size would be elsewhere on the one that was labelled.
        try PixelImage(width: 32, height: 32, bits: 8, samples: [UInt16](repeating: 200, count: 1_024)).png()
            .write(to: work.file("set/images/\(DrawnDataset.name(4))"))
        let observer = WatchingObserver()
        let runner = ModelRunner(
            store: ModelStore(folders: [work.url]), decoders: DecoderRegistry(decoders: [PNGDecoder()]), observer: observer)
        let detector = try runner.detector("tiny", images: 6)
        let proposals = BoxProposals(refusedShare: 0, reader: "model tiny")
        let outcome = try await BoxProposing(proposals, leftOutFold: 1).run(on: dataset, called: "set", by: detector, runner)
        #expect(outcome.images == 6 && outcome.failed == 2 && outcome.counts == [4, 0])
        #expect(outcome.text == "4 boxes proposed on 6 images: 4 of Bright")
        #expect(observer.seen.failures.count == 2)
        for (number, image) in outcome.dataset.images.enumerated() {
            guard DrawnDataset.fold(number) == 0, number > 0, number != 4 else {
                #expect(image.boxes.isEmpty)
                continue
            }
            let box = try #require(image.boxes.first?.box)
            #expect(
                image.boxes.count == 1 && abs(box.x - DrawnDataset.box(number).x) < 0.1 && abs(box.y - DrawnDataset.box(number).y) < 0.1)
        }
        let error = await #expect(throws: AssessmentError.self) {
            try await BoxProposing(proposals, leftOutFold: 9).run(on: dataset, called: "set", by: detector, runner)
        }
        #expect(error?.description == "set: there is no fold 9")
    }
}
