import Charts
import Findings
import Foundation
import Geometry
import PleuraTesting
import Radiographs
import RunRecords
import Testing

@Suite struct RunChartTests {
    private let names = ["Atelectasis", "Effusion", "Mass"]

    @Test func everyColumnOfResultsHasItsChart() throws {
        let columns = (0..<7).map { RunCharts.Column("train/loss_\($0)", values: [3, 2, .nan, 1]) }
        let picture = try DrawnPictures.decoded(RunCharts.results(columns: columns, x: [1, 2, 3, 4]))
        #expect(picture.width == 2 * 4 * 260 && picture.height == 2 * (2 * 240 + 50))
        // There is ink in each of the seven cells, and none in the eighth.
        for cell in 0..<8 {
            let (left, top) = (cell % 4 * 520 + 20, cell / 4 * 480 + 130)
            let dark = (0..<300).reduce(0) { sum, row in
                sum + picture.samples[((top + row) * picture.width + left)...].prefix(440).count { $0 < 160 }
            }
            #expect(cell < 7 ? dark > 500 : dark == 0, "cell \(cell): \(dark)")
        }
        #expect(try DrawnPictures.decoded(RunCharts.results(columns: [], x: [])).width == 840)
    }

    @Test func everyCurveHasItsFile() throws {
        #expect(DetectionCurves.Kind.allCases.map(RunCharts.fileName) == ["PR_curve.png", "P_curve.png", "R_curve.png", "F1_curve.png"])
        let classes = names.map { DetectionCurves.Curve($0, x: [0, 1], y: [1, 0]) }
        for kind in DetectionCurves.Kind.allCases {
            #expect(try DrawnPictures.decoded(RunCharts.curve(kind, classes: classes, mean: nil)).width == 1_440)
        }
    }

    /// Columns of the normalised matrix add up to one; one without boxes shows nothing.
    @Test func confusionIsNormalisedByColumns() throws {
        let counts: [[Double]] = [[8, 1, 0, 3], [2, 2, 0, 1], [0, 0, 0, 4], [10, 1, 0, 0]]
        let plain = RunCharts.confusionChart(counts: counts, names: names, isNormalised: false)
        #expect(plain.values == counts && plain.columns == names + ["nothing there"] && plain.rows == names + ["missed"])
        let shares = RunCharts.confusionChart(counts: counts, names: names, isNormalised: true)
        #expect(shares.values.map { $0[0] } == [0.4, 0.1, 0, 0.5])
        #expect(shares.values.map { $0[1] } == [0.25, 0.5, 0, 0.25])
        #expect(shares.values.allSatisfy { $0[2].isNaN })
        #expect(shares.values.map { $0[3] } == [0.375, 0.125, 0.5, 0])
        for isNormalised in [false, true] {
            _ = try DrawnPictures.decoded(RunCharts.confusionMatrix(counts: counts, names: names, isNormalised: isNormalised))
        }
    }

    @Test func labelsStandWhereBoxesAre() throws {
        let boxes = [
            RunCharts.LabelBox(classIndex: 0, box: Box(x: 100, y: 50, width: 200, height: 100), width: 1_000, height: 500),
            RunCharts.LabelBox(classIndex: 2, box: Box(x: 0.5, y: 0.6, width: 0.3, height: 0.2)),
            RunCharts.LabelBox(classIndex: 7, box: Box(x: 0, y: 0, width: 1, height: 1)),
        ]
        #expect(boxes[0].box == Box(x: 0.1, y: 0.1, width: 0.2, height: 0.2))
        let svg = try SVGElement.parse(RunCharts.labelsChart(names: names, boxes: boxes).svg(width: 1_000, height: 800))
        #expect(try #require(svg.groups("chart", name: "Boxes").first).texts.filter { ["0", "1"].contains($0) }.count >= 3)
        let centres = try #require(svg.groups("chart", name: "Box centres").first)
        let field = try DrawnField(centres)
        #expect(abs(field.width - field.height) < 0.02)
        #expect(centres.circles.count == 2)
        for (circle, centre) in zip(centres.circles, [SIMD2(0.2, 0.2), SIMD2(0.65, 0.7)]) {
            // y counts downwards, as in the image.
            #expect(isNear(circle, field.point(SIMD2(centre.x, 1 - centre.y), x: 0...1, y: 0...1)))
        }
        let sizes = try #require(svg.groups("chart", name: "Box sizes").first)
        let sizeField = try DrawnField(sizes)
        for (circle, size) in zip(sizes.circles, [SIMD2(0.2, 0.2), SIMD2(0.3, 0.2)]) {
            #expect(isNear(circle, sizeField.point(size, x: 0...1, y: 0...1)))
        }
        let many = Array(repeating: boxes[1], count: 9_000)
        let crowded = try SVGElement.parse(RunCharts.labelsChart(names: names, boxes: many).svg(width: 1_000, height: 800))
        #expect(crowded.texts.contains("Box centres (4000 of 9000)"))
        #expect(try DrawnPictures.decoded(RunCharts.labels(names: names, boxes: many)).width == 2_000)
    }

    /// Tiles keep their shape, boxes lie where they are, and nothing of a tile is drawn on its neighbour.
    @Test func batchesShowTilesSideBySide() throws {
        func tile(_ width: Int, _ height: Int, _ marks: [PictureSheet.Mark]) -> PictureSheet.Tile {
            PictureSheet.Tile(
                pixels: PixelImage(width: width, height: height, bits: 8, samples: Array(repeating: 60, count: width * height)),
                marks: marks)
        }
        let name = String(repeating: "A long name ", count: 20)
        let white = FindingClass(id: 8, name: name)
        let tiles = [
            tile(400, 200, [.init(box: Box(x: 100, y: 50, width: 200, height: 100), findingClass: white, score: 0.5)]),
            tile(100, 100, []),
            tile(200, 400, [.init(box: Box(x: .nan, y: 0, width: 5, height: 5), findingClass: white)]),
        ]
        let picture = try DrawnPictures.decoded(RunCharts.batch(tiles, columns: 2, side: 400))
        #expect(picture.width == 800 && picture.height == 825)
        func grey(_ x: Int, _ y: Int) -> Int { Int(picture.samples[y * picture.width + x]) }
        // The first is 400 x 200 in the middle of its tile, black above and below.
        #expect(grey(20, 50) < 6 && grey(20, 350) < 6 && abs(grey(20, 200) - 60) < 6)
        for (x, y) in [(200, 150), (200, 250), (100, 200), (300, 200)] { #expect(grey(x, y) > 150, "(\(x), \(y))") }
        // The second has no boxes; the first's long name stops at its edge.
        for y in stride(from: 4, to: 396, by: 4) {
            for x in stride(from: 408, to: 796, by: 4) { #expect(abs(grey(x, y) - 60) < 8, "(\(x), \(y))") }
        }
        // The third is upright; the fourth is missing.
        #expect(grey(50, 600) < 6 && abs(grey(200, 600) - 60) < 6 && grey(600, 600) < 6)
        #expect(try DrawnPictures.decoded(RunCharts.batch([], columns: 0, side: 0)).width == 16)
    }
}
