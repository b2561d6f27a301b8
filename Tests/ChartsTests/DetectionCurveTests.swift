import Charts
import PleuraTesting
import Testing

@Suite struct DetectionCurveTests {
    private let names = ["Atelectasis", "Effusion", "Mass"]

    @Test func curvesNameFindingsWithTheirPrecision() throws {
        let x = (0...10).map { Double($0) / 10 }
        let classes = names.enumerated().map { index, name in
            DetectionCurves.Curve(name, x: x, y: x.map { 1 - $0 }, averagePrecision: index == 1 ? nil : 0.1234 + Double(index))
        }
        let mean = DetectionCurves.Curve("", x: x, y: x.map { 4 * $0 * (1 - $0) * 0.5 }, averagePrecision: 0.5)
        let chart = DetectionCurves.chart(.precisionRecall, classes: classes, mean: mean, protocolName: "IoU 0.5")
        let svg = try SVGElement.parse(chart.svg())
        #expect(try #require(svg.groups("legend").first).texts == ["mean AP 0.500", "Atelectasis 0.123", "Effusion –", "Mass 2.123"])
        #expect(svg.texts.contains("Precision and recall (IoU 0.5)") && svg.texts.contains("Recall") && svg.texts.contains("Precision"))
        let widths = svg.groups("series").map { $0.children[0].number("stroke-width") }
        #expect(widths == [1.2, 1.2, 1.2, 3])
        let f1 = try SVGElement.parse(DetectionCurves.chart(.f1, classes: classes, mean: mean).svg())
        #expect(try #require(f1.groups("legend").first).texts == ["mean, 0.50 at 0.500", "Atelectasis", "Effusion", "Mass"])
    }
}
