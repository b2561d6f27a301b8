import Archive
import Department
import DepartmentTesting
import Foundation
import Models
import PleuraTesting
import Radiographs
import Results
import Testing

/// What masks and the look at quality say, in readings, reports and results.
@Suite struct AnatomyReadingTests {
    private func read(
        _ pixels: PixelImage, language: String = "en"
    ) async throws -> (room: DepartmentUnderTest, study: Study, reading: Reading) {
        let folder = try TemporaryFolder()
        try TinyAnatomy.write(to: folder.file("anatomy"))
        var card = TinyModel.card(threshold: 0.3)
        card.quality = QualityLimits.fit(images: (0..<80).map { DrawnChest.varied($0, side: 512).pixels })
        try TinyModel.write(to: folder.file("tiny"), card: card)
        let room = try await DepartmentUnderTest(
            in: folder, anatomy: folder.file("anatomy"), delivery: DeliverySettings(destinations: [], language: language))
        _ = try await room.add(pixels.png(), name: "chest.png")
        try await room.settle()
        let study = try await room.study
        return (room, study, try #require(try await room.archive.readings(of: study.id).last))
    }

    private var chest: DrawnChest {
        var chest = DrawnChest()
        (chest.noise, chest.air) = (0.015, 0)
        return chest
    }

    @Test func theRatioItsLinesAndTheBordersAreKeptAndTold() async throws {
        let (room, study, reading) = try await read(chest.pixels)
        let content = reading.content
        let ratio = try #require(content.ratio)
        let (heart, thorax) = (try #require(ratio.heart), try #require(ratio.thorax))
        #expect(abs(ratio.value - 0.5) < 0.02 && abs((heart.right - heart.left) / (thorax.right - thorax.left) - ratio.value) < 1e-3)
        #expect(content.anatomy?.isMeasurable == true && content.anatomy?.outlines.map(\.structure).contains("Heart") == true)
        #expect(content.findings.contains { $0.place?.zone != nil })
        // A PNG does not say its view.
        #expect(content.anatomy?.notes.map(\.code) == ["view_unknown"] && content.quality != nil)
        #expect(try JSONDecoder().decode(Reading.Content.self, from: JSONEncoder().encode(content)) == content)
        let result = try #require(try await room.department.results(of: study.id))
        let told = try #require(result.images.first?.ratio)
        #expect(
            told.value == ratio.value && told.error == ratio.error
                && told.ends == [heart.left, heart.right, heart.y, thorax.left, thorax.right, thorax.y])
        #expect(result.text.contains("Cardiothoracic ratio 0.") && result.text.contains("The view is not known"))
        #expect(result.images[0].remarks.first == "The view is not known: the cardiothoracic ratio holds for a PA view.")
        // A person's reading has it in the report or not at all.
        _ = try await room.department.review(
            ReviewRequest(basedOn: study.revision, findings: [], isComplete: true, signs: true), of: study.id, by: "ann")
        let signed = try #require(try await room.department.results(of: study.id))
        #expect(signed.images[0].ratio == nil && signed.images[0].remarks == [])
    }

    @Test func whatIsWrongWithAFilmIsToldInTheSitesLanguage() async throws {
        var chest = chest
        chest.clavicleEnds = (0.01, 0.09)
        let (room, study, reading) = try await read(chest.pixels.inverted(), language: "de")
        #expect(reading.content.ratio == nil)
        #expect(reading.content.quality?.first { $0.code == "inverted" }?.isMended == true)
        #expect(reading.content.quality?.contains { $0.code == "rotated" } == true)
        let result = try #require(try await room.department.results(of: study.id))
        #expect(result.images[0].ratio == nil)
        #expect(result.text.contains("Bildqualität: Schwarz und Weiß waren vertauscht und wurden berichtigt"))
        #expect(
            result.text.contains("Der Patient ist vielleicht verdreht")
                && result.text.contains("der Herz-Thorax-Quotient wird nicht genannt"))
        #expect(result.images[0].remarks.contains { $0.hasPrefix("Der Patient ist verdreht: die Enden der Schlüsselbeine") })
    }

    @Test func aRefusedFilmKeepsItsRecord() async throws {
        let (_, _, reading) = try await read(DrawnPictures.flat(width: 300, height: 300, grey: 200))
        #expect(reading.content.error != nil && reading.content.quality?.map(\.level) == ["refused"])
        #expect(reading.content.ratio == nil && reading.content.anatomy == nil && reading.content.findings.isEmpty)
    }
}
