import Assessment
import Basics
import Datasets
import Foundation
import Models
import PleuraTesting
import Radiographs
import Testing

@Suite(.timeLimit(.minutes(10))) struct ModelQuantisationTests {
    @Test func theLossIsMeasuredAndDecidesWhetherTheBundleIsWritten() async throws {
        let work = try TemporaryFolder()
        let images = try AssessedImages(of: try DrawnDataset.write(to: work.file("set")), called: "set", fold: 1)
        try TinyModel.write(to: work.file("convolutions"), network: "convolutions")
        let observer = WatchingObserver()
        let runner = ModelRunner(
            store: ModelStore(folders: [work.url]), decoders: DecoderRegistry(decoders: [PNGDecoder()]), observer: observer)
        let target = work.file("out").path
        let quantisation = try ModelQuantisation(of: "convolutions", to: target, by: runner)
        let trial = try await quantisation.trial(on: images, calibrationImages: 4)
        #expect(trial.calibrationImages == 4 && trial.before.images == 6 && trial.split == "fold 1")
        #expect(trial.text.hasPrefix("mAP50 f32   ") && trial.text.hasSuffix("on fold 1: 6 images, 6 boxes; ranges from 4 images\n"))
        #expect(observer.seen.notes.first == "measuring mAP50 of the f32 network on 6 images")

        let error = #expect(throws: AssessmentError.self) { try trial.write(allowingLoss: -2) }
        #expect(error?.code == .lossTooLarge && !FileManager.default.fileExists(atPath: target))
        let written = try trial.write(allowingLoss: 1)
        #expect(written.int8ModelFile != nil && written.card.quantised?.map50After == trial.after.map50)
        #expect(written.card.quantised?.calibrationSplit == "all folds but 1")

        let taken = #expect(throws: AssessmentError.self) { try ModelQuantisation(of: "convolutions", to: target, by: runner) }
        #expect(taken?.description == "\(target): it is there already; choose another folder" && taken?.exitStatus == .wrongUse)
        let again = #expect(throws: AssessmentError.self) { try ModelQuantisation(of: target, to: target + "2", by: runner) }
        #expect(again?.reason == "it has an INT8 network already")
    }
}
