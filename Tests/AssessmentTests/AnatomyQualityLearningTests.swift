import Assessment
import Basics
import Datasets
import Findings
import Foundation
import Models
import PleuraTesting
import Radiographs
import Testing

@Suite struct AnatomyQualityLearningTests {
    /// Drawn chests without air beside the body, whose edge has a lung's grey.
    private func dataset(_ directory: URL, count: Int) throws {
        let images = directory.appendingPathComponent("images")
        try FileManager.default.createDirectory(at: images, withIntermediateDirectories: true)
        let entries = try (0..<count).map { number in
            var chest = DrawnChest.varied(number, side: 256)
            (chest.air, chest.noise) = (0, 0.015)
            try chest.pixels.png().write(to: images.appendingPathComponent("\(number).png"))
            return DatasetImage(
                id: number + 1, fileName: "\(number).png", width: 256, height: 256, patient: "patient \(number)", labels: [], boxes: [])
        }
        let dataset = Dataset(directory: directory, findingClasses: try TinyModel.labels().classes, images: entries, folds: [:])
        try dataset.writeAnnotations()
        try dataset.writeFolds()
        try "item { id: 1 name: 'Bright' }\nitem { id: 2 name: 'Dark' }\n".write(
            to: directory.appendingPathComponent("label_map.pbtxt"), atomically: true, encoding: .utf8)
    }

    @Test func limitsLieAroundTheFilmsAndNothingElseOfTheCardChanges() throws {
        let work = try TemporaryFolder()
        try dataset(work.file("dataset"), count: 40)
        try Data("no picture".utf8).write(to: work.file("dataset/images/7.png"))
        try TinyAnatomy.write(to: work.file("anatomy"))
        let before = try ModelBundle(directory: work.file("anatomy"))
        let runner = ModelRunner(decoders: DecoderRegistry(decoders: [PNGDecoder()]))
        let report = try AnatomyQualityLearningRun(
            of: work.file("anatomy").path, from: [work.file("dataset").path], by: runner
        ).run()
        let after = try ModelBundle(directory: work.file("anatomy"))
        #expect(report.failed == 1 && report.images + report.withoutMasks == 39 && report.images >= AnatomyQuality.leastImages)
        #expect(report.digest == after.digest && after.digest != before.digest && after.card.anatomyQuality == report.limits)
        // Lungs of 0.58 to 0.71 of the side's height, on both sides of a chest of 0.70 to 0.80.
        #expect((0.7...1.0).contains(report.limits.leastInspiration), "\(report.limits)")
        #expect((1...1.6).contains(report.limits.mostWidthRatio) && report.limits.mostRotation < 0.25, "\(report.limits)")
        var card = after.card
        card.anatomyQuality = nil
        #expect(card == before.card)
    }

    @Test func fewFilmsAreNotLearntFrom() throws {
        let work = try TemporaryFolder()
        try dataset(work.file("dataset"), count: 5)
        try TinyAnatomy.write(to: work.file("anatomy"))
        let runner = ModelRunner(decoders: DecoderRegistry(decoders: [PNGDecoder()]))
        let run = AnatomyQualityLearningRun(of: work.file("anatomy").path, from: [work.file("dataset").path], by: runner)
        let error = #expect(throws: AssessmentError.self) { try run.run() }
        let reason = error?.reason ?? ""
        #expect(reason.hasPrefix("limits of quality need 32 images whose masks pass their checks, and "), "\(reason)")
    }

    @Test func aLimitThatIsNoneIsADamagedCard() throws {
        let work = try TemporaryFolder()
        try TinyAnatomy.write(to: work.file("anatomy"))
        var card = try ModelBundle(directory: work.file("anatomy")).card
        card.anatomyQuality = .literature
        card.anatomyQuality?.mostRotation = -1
        let json = try card.json()
        let error = #expect(throws: ModelError.self) { try ModelCard(json: json) }
        let text = error?.description ?? ""
        #expect(text.contains("anatomy_quality"), "\(text)")
    }
}
