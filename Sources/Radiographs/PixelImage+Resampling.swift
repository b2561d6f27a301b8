import Findings
import Foundation

extension PixelImage {
    /// The picture inside `rectangle` at another size, antialiased: separable, with a triangle filter that widens when reducing, as PIL's
    /// `resize(size, BILINEAR, box:)`.
    /// - Parameters:
    ///   - rectangle: In pixels of this image; may reach past its edges.
    ///   - width: Columns wanted.
    ///   - height: Rows wanted.
    ///   - fill: The grey outside the image.
    /// - Returns: `width * height` values in this image's units, row-major.
    public func resampled(from rectangle: Box, width: Int, height: Int, fill: Float) -> [Float] {
        let columns = ResamplingTaps(from: rectangle.x, extent: rectangle.width, count: width, size: self.width)
        let rows = ResamplingTaps(from: rectangle.y, extent: rectangle.height, count: height, size: self.height)
        var result = [Float](repeating: fill, count: width * height)
        guard let firstRow = rows.sourceRange?.lowerBound, let endRow = rows.sourceRange?.upperBound, columns.sourceRange != nil else {
            return result
        }
        // Rows are narrowed first, each source row once; then the narrow rows are added up.
        var narrow = [Float](repeating: 0, count: (endRow - firstRow) * width)
        samples.withUnsafeBufferPointer { source in
            narrow.withUnsafeMutableBufferPointer { target in
                for row in firstRow..<endRow {
                    columns.apply(
                        UnsafeBufferPointer(rebasing: source[row * self.width..<(row + 1) * self.width]),
                        UnsafeMutableBufferPointer(rebasing: target[(row - firstRow) * width..<(row - firstRow + 1) * width]), fill: fill)
                }
            }
        }
        narrow.withUnsafeBufferPointer { source in
            result.withUnsafeMutableBufferPointer { target in
                for row in 0..<height {
                    let (start, weights, inside) = rows.taps(row)
                    guard !weights.isEmpty else { continue }
                    let line = UnsafeMutableBufferPointer(rebasing: target[row * width..<(row + 1) * width])
                    for column in 0..<width { line[column] = fill * (1 - inside) }
                    for (offset, weight) in weights.enumerated() {
                        let first = (start + offset - firstRow) * width
                        let from = UnsafeBufferPointer(rebasing: source[first..<first + width])
                        for column in 0..<width { line[column] += from[column] * weight }
                    }
                }
            }
        }
        return result
    }
}

/// For each output position the inputs it is made of and their weights.
struct ResamplingTaps {
    private let starts: [Int]
    private let offsets: [Int]
    private let weights: [Float]
    /// Share of each output that comes from inside the image.
    private let insides: [Float]
    /// The inputs that are used at all.
    let sourceRange: Range<Int>?

    /// - Parameters:
    ///   - start: Where the first output begins, in input pixels.
    ///   - extent: How many input pixels all outputs cover.
    ///   - count: Outputs.
    ///   - size: Inputs there are.
    init(from start: Double, extent: Double, count: Int, size: Int) {
        let scale = extent / Double(count)
        let support = max(scale, 1)
        var starts: [Int] = []
        var offsets = [0]
        var weights: [Float] = []
        var insides: [Float] = []
        for output in 0..<count {
            let centre = start + (Double(output) + 0.5) * scale
            // Only what lies outside the rectangle *and* inside the image would differ from PIL, which cuts the filter at the image.
            let low = Int((centre - support + 0.5).rounded(.down))
            let high = Int((centre + support + 0.5).rounded(.down))
            let isPast = centre < 0 || centre > Double(size)
            var row: [Double] = []
            var first = low
            var inside = 0.0
            var all = 0.0
            for input in low..<max(low, high) {
                let weight = max(0, 1 - abs((Double(input) + 0.5 - centre) / support))
                all += weight
                guard (0..<size).contains(input) else { continue }
                if row.isEmpty { first = input }
                inside += weight
                row.append(weight)
            }
            // Inside the image the weights are brought to 1, as PIL does at its edges; past it the fill takes the missing share.
            let sum = isPast ? all : inside
            starts.append(first)
            if sum > 0 { weights += row.map { Float($0 / sum) } } else { row = [] }
            offsets.append(weights.count)
            insides.append(sum > 0 ? Float(inside / sum) : 0)
        }
        self.starts = starts
        self.offsets = offsets
        self.weights = weights
        self.insides = insides
        let used = (0..<count).filter { offsets[$0 + 1] > offsets[$0] }
        let low = used.map { starts[$0] }.min()
        let high = used.map { starts[$0] + offsets[$0 + 1] - offsets[$0] }.max()
        if let low, let high { sourceRange = low..<high } else { sourceRange = nil }
    }

    func taps(_ output: Int) -> (start: Int, weights: ArraySlice<Float>, inside: Float) {
        (starts[output], weights[offsets[output]..<offsets[output + 1]], insides[output])
    }

    func apply(_ source: UnsafeBufferPointer<UInt16>, _ target: UnsafeMutableBufferPointer<Float>, fill: Float) {
        weights.withUnsafeBufferPointer { weights in
            for output in 0..<target.count {
                let (first, from, to) = (starts[output], offsets[output], offsets[output + 1])
                var sum = fill * (1 - insides[output])
                for index in from..<to { sum += weights[index] * Float(source[first + index - from]) }
                target[output] = sum
            }
        }
    }
}
