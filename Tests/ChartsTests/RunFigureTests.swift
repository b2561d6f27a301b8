import Charts
import Findings
import Foundation
import Geometry
import PleuraTesting
import Radiographs
import Testing

@Suite struct RunFigureTests {
    private let names = ["Atelectasis", "Effusion", "Mass"]

    /// Means of a Gaussian as `scipy.ndimage.gaussian_filter1d(x, 1.5)` gives them (SciPy 1.x), away from the ends, where both agree.
    @Test func smoothingIsSciPys() {
        let values = (0..<40).map { (index: Int) -> Double in
            let square = Double(index * index) / 100
            return Double(index * 37 % 23) / 10 + square
        }
        let expected = [
            2.0642713855, 2.3249905842, 2.6699996826, 2.9707188812, 3.1824951334, 3.4142713855, 3.7749905842, 4.2197944741, 4.6183540291,
            4.9150211083, 5.1814843849, 5.4735058818, 5.7799691584, 6.1566362376, 6.6751957927, 7.2799996826, 7.8407188812, 8.3124951334,
            8.8042713855, 9.4249905842,
        ]
        for (value, other) in zip(CurveSmoothing.gaussian(values, sigma: 1.5)[10..<30], expected) { #expect(abs(value - other) < 1e-9) }
    }

    /// A constant stays one to its ends and beside gaps, gaps stay gaps, and a long curve keeps its shape in fewer points.
    @Test func smoothingMakesNothingUp() {
        let values = [2.0, 2, .nan, 2, 2, .infinity, 2]
        for (value, smooth) in zip(values, CurveSmoothing.gaussian(values, sigma: 3)) {
            #expect(value.isFinite ? abs(smooth - 2) < 1e-12 : smooth.isNaN)
        }
        #expect(CurveSmoothing.gaussian([], sigma: 3).isEmpty)
        let line = (0..<50_000).map { SIMD2(Double($0), 3 * Double($0)) }
        let smooth = CurveSmoothing.curve(line)
        #expect(smooth.count == 1_000)
        for point in smooth[100..<900] { #expect(abs(point.y - 3 * point.x) < 1e-6 * point.y) }
    }

    @Test func everyColumnOfResultsHasItsChart() throws {
        let columns = (0..<7).map { RunFigures.Column("train/loss_\($0)", values: [3, 2, .nan, 1]) }
        let picture = try DrawnPictures.decoded(RunFigures.results(columns: columns, x: [1, 2, 3, 4]))
        #expect(picture.width == 2 * 4 * 260 && picture.height == 2 * (2 * 240 + 50))
        // There is ink in each of the seven cells, and none in the eighth.
        for cell in 0..<8 {
            let (left, top) = (cell % 4 * 520 + 20, cell / 4 * 480 + 130)
            let dark = (0..<300).reduce(0) { sum, row in
                sum + picture.samples[((top + row) * picture.width + left)...].prefix(440).count { $0 < 160 }
            }
            #expect(cell < 7 ? dark > 500 : dark == 0, "cell \(cell): \(dark)")
        }
        #expect(try DrawnPictures.decoded(RunFigures.results(columns: [], x: [])).width == 840)
    }

    @Test func curvesNameFindingsWithTheirPrecision() throws {
        let x = (0...10).map { Double($0) / 10 }
        let classes = names.enumerated().map { index, name in
            RunFigures.Curve(name, x: x, y: x.map { 1 - $0 }, averagePrecision: index == 1 ? nil : 0.1234 + Double(index))
        }
        let mean = RunFigures.Curve("", x: x, y: x.map { 4 * $0 * (1 - $0) * 0.5 }, averagePrecision: 0.5)
        let chart = RunFigures.chart(.precisionRecall, classes: classes, mean: mean, protocolName: "IoU 0.5")
        let svg = try SVGElement.parse(chart.svg())
        #expect(try #require(svg.groups("legend").first).texts == ["mean AP 0.500", "Atelectasis 0.123", "Effusion –", "Mass 2.123"])
        #expect(svg.texts.contains("Precision and recall (IoU 0.5)") && svg.texts.contains("Recall") && svg.texts.contains("Precision"))
        let widths = svg.groups("series").map { $0.children[0].number("stroke-width") }
        #expect(widths == [1.2, 1.2, 1.2, 3])
        let f1 = try SVGElement.parse(RunFigures.chart(.f1, classes: classes, mean: mean).svg())
        #expect(try #require(f1.groups("legend").first).texts == ["mean, 0.50 at 0.500", "Atelectasis", "Effusion", "Mass"])
        #expect(
            RunFigures.CurveKind.allCases.map(\.fileName) == ["PR_curve.png", "P_curve.png", "R_curve.png", "F1_curve.png"])
        for kind in RunFigures.CurveKind.allCases {
            #expect(try DrawnPictures.decoded(RunFigures.curve(kind, classes: classes, mean: nil)).width == 1_440)
        }
    }

    /// Columns of the normalised matrix add up to one; one without boxes shows nothing.
    @Test func confusionIsNormalisedByColumns() throws {
        let counts: [[Double]] = [[8, 1, 0, 3], [2, 2, 0, 1], [0, 0, 0, 4], [10, 1, 0, 0]]
        let plain = RunFigures.confusionChart(counts: counts, names: names, isNormalised: false)
        #expect(plain.values == counts && plain.columns == names + ["nothing there"] && plain.rows == names + ["missed"])
        let shares = RunFigures.confusionChart(counts: counts, names: names, isNormalised: true)
        #expect(shares.values.map { $0[0] } == [0.4, 0.1, 0, 0.5])
        #expect(shares.values.map { $0[1] } == [0.25, 0.5, 0, 0.25])
        #expect(shares.values.allSatisfy { $0[2].isNaN })
        #expect(shares.values.map { $0[3] } == [0.375, 0.125, 0.5, 0])
        for isNormalised in [false, true] {
            _ = try DrawnPictures.decoded(RunFigures.confusionMatrix(counts: counts, names: names, isNormalised: isNormalised))
        }
    }

    @Test func labelsStandWhereBoxesAre() throws {
        let boxes = [
            RunFigures.LabelBox(classIndex: 0, box: Box(x: 100, y: 50, width: 200, height: 100), width: 1_000, height: 500),
            RunFigures.LabelBox(classIndex: 2, box: Box(x: 0.5, y: 0.6, width: 0.3, height: 0.2)),
            RunFigures.LabelBox(classIndex: 7, box: Box(x: 0, y: 0, width: 1, height: 1)),
        ]
        #expect(boxes[0].box == Box(x: 0.1, y: 0.1, width: 0.2, height: 0.2))
        let svg = try SVGElement.parse(RunFigures.labelsChart(names: names, boxes: boxes).svg(width: 1_000, height: 800))
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
        let crowded = try SVGElement.parse(RunFigures.labelsChart(names: names, boxes: many).svg(width: 1_000, height: 800))
        #expect(crowded.texts.contains("Box centres (4000 of 9000)"))
        #expect(try DrawnPictures.decoded(RunFigures.labels(names: names, boxes: many)).width == 2_000)
    }

    /// Tiles keep their shape, boxes lie where they are, and nothing of a tile is drawn on its neighbour.
    @Test func batchesShowTilesSideBySide() throws {
        func tile(_ width: Int, _ height: Int, _ marks: [PictureSheet.Mark]) -> PictureSheet.Tile {
            PictureSheet.Tile(
                pixels: DrawnPictures.flat(width: width, height: height, grey: 60),
                marks: marks)
        }
        let name = String(repeating: "A long name ", count: 20)
        let white = FindingClass(id: 8, name: name)
        let tiles = [
            tile(400, 200, [.init(box: Box(x: 100, y: 50, width: 200, height: 100), findingClass: white, score: 0.5)]),
            tile(100, 100, []),
            tile(200, 400, [.init(box: Box(x: .nan, y: 0, width: 5, height: 5), findingClass: white)]),
        ]
        let picture = try DrawnPictures.decoded(RunFigures.batch(tiles, columns: 2, side: 400))
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
        #expect(try DrawnPictures.decoded(RunFigures.batch([], columns: 0, side: 0)).width == 16)
    }
}
