import Findings
import Foundation
import Geometry
import Outputs
import PleuraTesting
import Reports
import Testing

/// The record of an image's quality in every list: JSON, CSV, table.
@Suite struct QualityReportTests {
    private let images: [ImageFindings] = {
        var image = SampleFindings.images[0]
        image.quality = [
            ImageQuality(.turned, value: 0.512_34, limit: 0.04, isMended: true, details: ["90"]),
            ImageQuality(.child, value: 0.3, limit: 0.2),
        ]
        return [image, SampleFindings.images[1]]
    }()

    @Test func jsonHasValueLimitLevelAndSentence() throws {
        let bytes = try FindingsJSON.document(model: SampleFindings.model, images: images)
        let document = try #require(JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        let entries = try #require(document["images"] as? [[String: Any]])
        let quality = try #require(entries[0]["quality"] as? [[String: Any]])
        #expect(quality.count == 2 && entries[1]["quality"] == nil)
        #expect(quality[0]["code"] as? String == "turned" && quality[0]["value"] as? Double == 0.5123)
        #expect(quality[0]["limit"] as? Double == 0.04 && quality[0]["mended"] as? Bool == true)
        #expect(quality[1]["level"] as? String == "told" && quality[1]["mended"] == nil)
        #expect(
            quality[1]["sentence"] as? String == "the proportions may be a child's (likeness 0.3, limit 0.2); look at the age")
    }

    @Test func csvHasACodesColumnWhereThereIsAnything() throws {
        let text = String(decoding: FindingsCSV.table(images), as: UTF8.self)
        let lines = text.split(separator: "\r\n")
        #expect(lines[0].hasSuffix(",alternative_to,quality") && lines[1].hasSuffix(",turned child"))
        #expect(!String(decoding: FindingsCSV.table(SampleFindings.images), as: UTF8.self).contains("quality"))
        let folder = try TemporaryFolder()
        try Data(text.utf8).write(to: folder.file("a.csv"))
        // The next run may replace it.
        #expect(OwnFile.isOurs(folder.file("a.csv").path))
    }

    @Test func theTableTellsEachCodeOnce() {
        var twice = images
        twice[1].quality = [ImageQuality(.notAChest, value: 0.9, limit: 0.6)]
        let text = FindingsTable.text(twice)
        #expect(text.contains("warning: the image was turned by 90 degrees and was put upright"))
        #expect(text.components(separatedBy: "not a chest image").count == 2 && !text.contains("unlike the chests"))
    }
}
