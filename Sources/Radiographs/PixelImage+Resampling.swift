import Findings

extension PixelImage {
    /// The picture inside `rectangle` at another size, antialiased: separable, with a triangle filter that widens when reducing, as PIL's
    /// `resize(size, BILINEAR, box:)`.
    /// - Parameters:
    ///   - rectangle: In pixels of this image; may reach past its edges.
    ///   - width: Columns wanted.
    ///   - height: Rows wanted.
    ///   - fill: The grey outside the image.
    /// - Returns: `width * height` values in this image's units, row-major; all `fill` for an empty rectangle.
    ///
    /// - Complexity: O(rows taken in * columns taken in + `width * height` * taps).
    public func resampled(from rectangle: Box, width: Int, height: Int, fill: Float) -> [Float] {
        guard width > 0, height > 0 else { return [] }
        let columns = ResamplingTaps(from: rectangle.x, extent: rectangle.width, count: width, size: self.width)
        let rows = ResamplingTaps(from: rectangle.y, extent: rectangle.height, count: height, size: self.height)
        guard !columns.sources.isEmpty, !rows.sources.isEmpty else { return [Float](repeating: fill, count: width * height) }
        // Down the columns first: whole rows are added up, which vectorises, and only then is the one summed row narrowed.
        let (first, span) = (columns.sources.lowerBound, columns.sources.count)
        var sums = [Float](repeating: 0, count: span)
        return [Float](unsafeUninitializedCapacity: width * height) { result, initialised in
            samples.withUnsafeBufferPointer { source in
                sums.withUnsafeMutableBufferPointer { sums in
                    for y in 0..<height {
                        let line = UnsafeMutableBufferPointer(rebasing: result[y * width..<(y + 1) * width])
                        sums.update(repeating: fill * (1 - rows.insides[y]))
                        for tap in rows.taps(of: y) {
                            let weight = rows.weights[tap]
                            let start = (rows.starts[y] + tap - rows.offsets[y]) * self.width + first
                            let row = UnsafeBufferPointer(rebasing: source[start..<start + span])
                            for x in 0..<span { sums[x] += weight * Float(row[x]) }
                        }
                        columns.narrow(UnsafeBufferPointer(sums), into: line, fill: fill)
                    }
                }
            }
            initialised = width * height
        }
    }
}

/// For each output position the inputs it is made of and their weights.
private struct ResamplingTaps {
    /// The first input of each output.
    private(set) var starts: [Int] = []
    /// Where each output's weights begin in `weights`; one more than outputs.
    private(set) var offsets = [0]
    private(set) var weights: [Float] = []
    /// Share of each output that comes from inside the image; the fill takes the rest.
    private(set) var insides: [Float] = []
    /// The inputs that are used at all.
    private(set) var sources = 0..<0

    /// - Parameters:
    ///   - start: Where the first output begins, in input pixels.
    ///   - extent: How many input pixels all outputs cover.
    ///   - count: Outputs.
    ///   - size: Inputs there are.
    init(from start: Double, extent: Double, count: Int, size: Int) {
        guard start.isFinite, extent.isFinite, extent > 0 else { return }
        let scale = extent / Double(count)
        let support = max(scale, 1)
        var (lowest, highest) = (size, 0)
        for output in 0..<count {
            let centre = start + (Double(output) + 0.5) * scale
            // PIL's bounds and its cut at the image's edges, where the weights are brought back to 1. An output whose centre lies past
            // the edge, which PIL does not have, keeps the share of its filter that is inside.
            let low = Int(max(0, min(Double(size), (centre - support + 0.5).rounded(.down))))
            let high = Int(max(0, min(Double(size), (centre + support + 0.5).rounded(.down))))
            var taps = (low..<max(low, high)).map { max(0, 1 - abs((Double($0) + 0.5 - centre) / support)) }
            let sum = taps.reduce(0, +)
            // The whole filter's weights sum to `support` (to 1 where it does not widen).
            let isInside = centre >= 0 && centre <= Double(size)
            let whole = isInside ? sum : max(sum, support)
            if sum > 0 { taps = taps.map { $0 / whole } } else { taps = [] }
            starts.append(low)
            weights += taps.map { Float($0) }
            offsets.append(weights.count)
            insides.append(sum > 0 ? Float(sum / whole) : 0)
            guard !taps.isEmpty else { continue }
            lowest = min(lowest, low)
            highest = max(highest, low + taps.count)
        }
        if lowest < highest { sources = lowest..<highest }
    }

    func taps(of output: Int) -> Range<Int> { offsets[output]..<offsets[output + 1] }

    /// One row of inputs (`sources` of them) to one row of outputs.
    func narrow(_ row: UnsafeBufferPointer<Float>, into line: UnsafeMutableBufferPointer<Float>, fill: Float) {
        weights.withUnsafeBufferPointer { weights in
            for output in line.indices {
                var sum = fill * (1 - insides[output])
                let source = starts[output] - sources.lowerBound - offsets[output]
                for tap in taps(of: output) { sum += weights[tap] * row[source + tap] }
                line[output] = sum
            }
        }
    }
}
