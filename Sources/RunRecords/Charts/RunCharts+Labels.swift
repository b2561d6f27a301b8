import Charts
import Findings
import Foundation
import Geometry

extension RunCharts {
    /// A box as a share of its image.
    public struct LabelBox: Hashable, Sendable {
        /// Index of its finding among the classes.
        public var classIndex: Int
        /// In images' widths and heights: the whole image is x 0, y 0, width 1, height 1.
        public var box: Box

        public init(classIndex: Int, box: Box) {
            self.classIndex = classIndex
            self.box = box
        }

        /// - Parameters:
        ///   - box: In pixels of the image.
        ///   - width: Of the image in pixels, as `height`; at least 1.
        public init(classIndex: Int, box: Box, width: Int, height: Int) {
            let (across, down) = (Double(max(1, width)), Double(max(1, height)))
            self.init(
                classIndex: classIndex,
                box: Box(x: box.x / across, y: box.y / down, width: box.width / across, height: box.height / down))
        }
    }

    /// `labels.png`: boxes of each finding, their outlines about one centre, where their centres are and how large they are.
    /// - Parameter names: Of the findings, in the label map's order.
    public static func labels(names: [String], boxes: [LabelBox]) throws -> Data {
        let height = min(1_600, max(760, 2 * (90 + names.count * 14)))
        return try labelsChart(names: names, boxes: boxes).png(width: 1_000, height: height, scale: scale)
    }

    /// The same as a chart, for pages.
    public static func labelsChart(names: [String], boxes: [LabelBox]) -> ChartGrid {
        var counts = Array(repeating: 0, count: names.count)
        for box in boxes where counts.indices.contains(box.classIndex) { counts[box.classIndex] += 1 }
        let bars = zip(names, counts).enumerated().map { index, pair in
            BarChart.Bar(pair.0, value: Double(pair.1), ink: .palette(index), note: "\(pair.1)")
        }
        let shown = evenly(boxes, atMost: 4_000)
        let some = shown.count < boxes.count ? " (\(shown.count) of \(boxes.count))" : ""
        let opacity = max(0.25, min(0.8, 400 / Double(max(1, shown.count))))
        func cloud(_ place: (Box) -> SIMD2<Double>) -> [ChartSeries] {
            names.indices.map { index in
                ChartSeries(
                    "", points: shown.filter { $0.classIndex == index }.map { place($0.box) }, ink: .palette(index), mark: .dots,
                    width: 1.4, opacity: opacity)
            }
        }
        return ChartGrid(
            charts: [
                BarChart("Boxes", axis: ChartAxis("Boxes", isWhole: true), bars: bars),
                BoxOutlines(
                    "Outlines about one centre", boxes: evenly(boxes, atMost: 500).map { ($0.box, .palette($0.classIndex)) }),
                LineChart(
                    "Box centres" + some, x: ChartAxis("x, share of the image's width", range: 0...1),
                    y: ChartAxis("y, share of the height", range: 0...1, isReversed: true),
                    series: cloud { SIMD2($0.centerX, $0.centerY) }, hasLegend: false, isSquare: true),
                LineChart(
                    "Box sizes" + some, x: ChartAxis("Width, share of the image's", range: 0...1),
                    y: ChartAxis("Height, share of the image's", range: 0...1),
                    series: cloud { SIMD2($0.width, $0.height) }, hasLegend: false, isSquare: true),
            ], columns: 2)
    }

    /// At most so many, from the whole list alike.
    private static func evenly(_ boxes: [LabelBox], atMost limit: Int) -> [LabelBox] {
        guard boxes.count > limit else { return boxes }
        return (0..<limit).map { boxes[boxes.count * $0 / limit] }
    }
}
