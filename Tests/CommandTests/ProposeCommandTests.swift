import Datasets
import Findings
import Foundation
import Geometry
import PleuraTesting
import Testing

/// `pleura dataset propose` with the tiny network on drawn cells.
@Suite(.timeLimit(.minutes(20))) struct ProposeCommandTests {
    /// Labels without boxes get the brightest cell's box, but for a fold that is left out.
    @Test func labelsWithoutBoxesGetTheModelsBest() throws {
        let work = try TemporaryFolder()
        let cells = CellDataset()
        try cells.write(to: work.file("set"))
        try TinyModel.write(to: work.file("tiny"))
        // Every image is said to have something bright; no box is kept.
        let file = work.file("set/annotations.json")
        var document = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        document["annotations"] = [Any]()
        document["images"] = (document["images"] as? [[String: Any]])?.map { $0.merging(["labels": ["Bright"]]) { $1 } }
        try JSONSerialization.data(withJSONObject: document).write(to: file)

        let result = try ProgramUnderTest.pleura(
            "dataset", "propose", "set", "--model", "./tiny", "--out", "more", "--leave-out-fold", "1", "--refused-share", "0", in: work.url
        )
        #expect(result.status == 0, "\(result.errors)")
        let dataset = try Dataset.read(directory: work.file("more"))
        for (index, image) in dataset.images.enumerated() {
            guard CellDataset.fold(index) == 0 else {
                #expect(image.boxes.isEmpty)
                continue
            }
            let box = try #require(image.boxes.first)
            let brightness = try #require(cells.cells[index].max())
            let cell = try #require(cells.cells[index].firstIndex(of: brightness))
            #expect(image.boxes.count == 1 && box.classID == 1 && box.reader == "model tiny")
            #expect(abs(box.box.x - Double(cell % 4 * 16)) < 0.1 && abs(box.box.y - Double(cell / 4 * 16)) < 0.1)
            #expect((0.1...0.7).contains(box.agreement ?? 0))
        }
        #expect(result.errors.contains("30 boxes proposed on 30 images: 30 of Bright"))
        let stranger = try ProgramUnderTest.pleura(
            "dataset", "propose", "set", "--model", "./tiny", "--out", "other", "--leave-out-fold", "9", in: work.url)
        #expect(stranger.status == 2 && !FileManager.default.fileExists(atPath: work.file("other").path))
    }
}
