import Geometry
import Radiographs

/// What is measured of one picture before anything learnt is asked.
struct QualityLook: Sendable {
    /// Cells on a side of what the learnt parts look at.
    static let side = 16
    /// Pixels on a side of the picture whose detail is measured.
    private static let detailSide = 192
    /// Percentiles of the window, so that markers do not set the scale.
    private static let window = (low: 1.0, high: 99.0)
    /// How near to an end of its scale a grey counts as lost, as a share of the scale.
    private static let end = 0.01
    /// A smaller border is looked at with the picture.
    private static let leastBorder = 0.02

    /// Steps of grey between the percentiles 1 and 99.
    let greySpan: Double
    /// Bits that samples use.
    let usedBits: Int
    /// Grey between the percentiles 0.5 and 99.5, as a share of what the used bits can hold.
    let windowShare: Double
    /// The picture without its border, in pixels as decoded.
    let area: PixelArea
    /// Share of the image that the border takes.
    let borderShare: Double
    /// Shares of the picture's pixels at the lower and the upper end of its scale.
    let clipped: (low: Double, high: Double)
    /// Mean of the windowed grey, 0...1.
    let mean: Double
    /// Mean size of the Laplacian of the windowed picture at 192 x 192, as a share of its standard deviation.
    let detail: Double
    /// [side * side]: the cells' ranks, zero mean, unit norm, so that any rising curve of grey gives the same; `nil` where all are equal.
    let ranks: [Double]?
    /// The same of the left and the right half, and of the upper and the lower one.
    let halves: [(first: [Double], second: [Double])]

    /// - Parameter histogram: The image's own, where it is known already.
    init(_ image: PixelImage, histogram given: GreyHistogram? = nil) {
        let whole = given ?? image.histogram()
        greySpan = Double(whole.percentile(Self.window.high) - whole.percentile(Self.window.low))
        usedBits = image.usedBits
        windowShare = Double(whole.percentile(99.5) - whole.percentile(0.5)) / Double((1 << usedBits) - 1)
        area = image.pictureArea(whole)
        borderShare = 1 - Double(area.count) / Double(image.width * image.height)
        let hasBorder = borderShare >= Self.leastBorder
        let picture = hasBorder ? image.cropped(to: area) : image
        let histogram = hasBorder ? picture.histogram() : whole
        clipped = Self.clipped(histogram)
        let curve = histogram.windowCurve(low: Self.window.low, high: Self.window.high)
        let frame = Box(x: 0, y: 0, width: Double(picture.width), height: Double(picture.height))
        func grey(_ side: Int) -> [Float] {
            let scale = 1 / Float(picture.maximum)
            return picture.resampled(from: frame, width: side, height: side, fill: 0, curve: curve).map { $0 * scale }
        }
        let fine = grey(2 * Self.side)
        mean = fine.reduce(0) { $0 + Double($1) } / Double(fine.count)
        detail = Self.detail(grey(Self.detailSide), side: Self.detailSide)
        let all = 0..<2 * Self.side
        ranks = Self.ranks(Self.cells(fine, columns: all, rows: all))
        let (near, far) = (0..<Self.side, Self.side..<2 * Self.side)
        halves = [(near, all, far, all), (all, near, all, far)].compactMap { first, second, third, fourth in
            guard let one = Self.ranks(Self.cells(fine, columns: first, rows: second)),
                let other = Self.ranks(Self.cells(fine, columns: third, rows: fourth))
            else { return nil }
            return (one, other)
        }
    }

    private static func clipped(_ histogram: GreyHistogram) -> (low: Double, high: Double) {
        let (low, high) = (histogram.percentile(0), histogram.percentile(100))
        let reach = Int(end * Double(high - low))
        func share(_ range: ClosedRange<Int>) -> Double {
            Double(histogram.counts[range].reduce(0) { $0 + Int($1) }) / Double(max(1, histogram.total))
        }
        return (share(low...low + reach), share(high - reach...high))
    }

    private static func detail(_ grey: [Float], side: Int) -> Double {
        let count = Double(grey.count)
        let mean = grey.reduce(0) { $0 + Double($1) } / count
        let deviation = (grey.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count).squareRoot()
        var sum = 0.0
        for row in 1..<side - 1 {
            for place in row * side + 1..<row * side + side - 1 {
                sum += Double(abs(4 * grey[place] - grey[place - 1] - grey[place + 1] - grey[place - side] - grey[place + side]))
            }
        }
        return deviation > 1e-6 ? sum / Double((side - 2) * (side - 2)) / deviation : 0
    }

    /// A part of the fine thumbnail as `side` x `side` means; the part's sides are `side` or twice as much.
    private static func cells(_ fine: [Float], columns: Range<Int>, rows: Range<Int>) -> [Float] {
        let (wide, high) = (columns.count / side, rows.count / side)
        return (0..<side * side).map { cell in
            var sum: Float = 0
            for row in 0..<high {
                for column in 0..<wide {
                    sum += fine[(rows.lowerBound + cell / side * high + row) * 2 * side + columns.lowerBound + cell % side * wide + column]
                }
            }
            return sum
        }
    }

    /// Ranks from the lowest, equal values at their mean rank, brought to zero mean and unit norm.
    private static func ranks(_ values: [Float]) -> [Double]? {
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        var ranks = [Double](repeating: 0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start
            while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
            for place in start...end { ranks[order[place]] = Double(start + end) / 2 }
            start = end + 1
        }
        return unit(ranks)
    }

    /// Zero mean, unit norm; `nil` where all values are equal.
    static func unit(_ values: [Double]) -> [Double]? {
        let mean = values.reduce(0, +) / Double(max(1, values.count))
        let centred = values.map { $0 - mean }
        let norm = centred.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return norm > 1e-9 ? centred.map { $0 / norm } : nil
    }

    /// Cells turned clockwise.
    static func turned(_ cells: [Double], quarterTurns: Int) -> [Double] {
        let side = side
        return (0..<quarterTurns % 4).reduce(cells) { cells, _ in
            (0..<side * side).map { place in cells[(side - 1 - place % side) * side + place / side] }
        }
    }

    /// Likeness of the cells to their mirror image, -1...1, the best of five places of the midline.
    static func symmetry(_ cells: [Double]) -> Double {
        let side = side
        return (-2...2).map { shift in
            var sum = 0.0
            for row in 0..<side {
                for column in 0..<side {
                    let other = min(max(side - 1 - column + shift, 0), side - 1)
                    sum += cells[row * side + column] * cells[row * side + other]
                }
            }
            return sum
        }.max() ?? 0
    }

    static func product(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for index in 0..<min(a.count, b.count) { sum += a[index] * b[index] }
        return sum
    }
}
