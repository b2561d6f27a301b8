import Foundation
import PleuraTesting
import Radiographs
import Testing

/// What programs get of places, the ratio and quality, as `openapi.json` says.
@Suite struct AnatomyContractTests {
    private func reading(_ pixels: PixelImage) throws -> [String: Any] {
        let models = try TemporaryFolder()
        try TinyAnatomy.write(to: models.file("anatomy"))
        let room = try Room(["--anatomy-model", models.file("anatomy").path])
        let (study, _) = try room.addAndRead(try pixels.png())
        return try room.get("/api/v1/studies/\(study)").list("instances").first?.object("reading")
            ?? [:]
    }

    /// What an object has that its description has not, by names; nothing of lists of numbers.
    private func undescribed(_ value: Any, _ schema: [String: Any], _ schemas: [String: Any])
        -> [String]
    {
        if let name = schema.text("$ref")?.split(separator: "/").last.map(String.init) {
            return undescribed(value, schemas.object(name), schemas)
        }
        if let list = value as? [Any] {
            return list.flatMap { undescribed($0, schema.object("items"), schemas) }
        }
        guard let object = value as? [String: Any], schema["additionalProperties"] == nil else {
            return []
        }
        let known = schema.object("properties")
        return object.flatMap { key, value in
            known[key] == nil ? [key] : undescribed(value, known.object(key), schemas)
        }
    }

    @Test func aReadingHasPlacesTheRatioAndBorders() throws {
        var chest = DrawnChest()
        chest.air = 0
        let reading = try reading(chest.pixels)
        let ratio = reading.object("ratio")
        let (heart, thorax) = (ratio.object("heart"), ratio.object("thorax"))
        let widths = [heart, thorax].map { ($0.number("right") ?? 0) - ($0.number("left") ?? 0) }
        #expect(
            abs((ratio.number("value") ?? 0) - 0.5) < 0.02 && abs(widths[0] / widths[1] - 0.5) < 0.02)
        #expect((ratio.number("error") ?? 0) > 0)
        let anatomy = reading.object("anatomy")
        #expect(anatomy["measurable"] as? Bool == true && anatomy.list("outlines").count == 5)
        #expect(anatomy.list("notes").map { $0.text("code") } == ["view_unknown"])
        #expect(reading.list("candidates").contains { $0.object("place").text("zone") != nil })
        let description = try JSONSerialization.jsonObject(
            with: Data(
                contentsOf: Repository.root.appendingPathComponent(
                    "Sources/CWorkstationPage/Assets/openapi.json")))
        let schemas = (description as? [String: Any] ?? [:]).object("components").object("schemas")
        #expect(undescribed(reading, schemas.object("Reading"), schemas).sorted() == [])
    }

    @Test func whereMasksAreNotToBeTrustedNothingIsMadeUp() throws {
        var chest = DrawnChest()
        chest.lungGreys.left = 0.6
        let reading = try reading(chest.pixels)
        #expect(reading["ratio"] == nil && reading.object("anatomy")["measurable"] as? Bool == false)
        #expect(reading.object("anatomy").list("outlines").isEmpty)
        #expect(reading.object("anatomy").list("notes").contains { $0.text("code") == "lung_missing" })
        #expect(reading.list("candidates").allSatisfy { $0.object("place").isEmpty })
    }
}
