import CPixels
import Findings
import Geometry

extension PixelImage {
    /// The picture inside `rectangle` at another size, antialiased: separable, with a triangle filter that widens when reducing, as PIL's
    /// `resize(size, BILINEAR, box:)`.
    /// - Parameters:
    ///   - rectangle: In pixels of this image; may reach past its edges.
    ///   - width: Columns wanted.
    ///   - height: Rows wanted.
    ///   - fill: The grey outside the image.
    ///   - curve: What each grey, 0 to `maximum`, is before anything is averaged, so that a windowed image need not be made; `nil` for the
    ///     grey itself.
    /// - Returns: `width * height` values in this image's units, or those of `curve`, row-major.
    public func resampled(from rectangle: Box, width: Int, height: Int, fill: Float, curve: GreyCurve? = nil) -> [Float] {
        [Float](unsafeUninitializedCapacity: width * height) { result, filled in
            eachResampledRow(from: rectangle, width: width, height: height, fill: fill, curve: curve) { row, values in
                _ = UnsafeMutableBufferPointer(rebasing: result[(row * width)...].prefix(width)).initialize(from: values)
            }
            filled = width * height
        }
    }

    /// Gives `body` one row after another of what `resampled` returns, so that nothing larger than a row need be kept.
    func eachResampledRow(
        from rectangle: Box, width: Int, height: Int, fill: Float, curve: GreyCurve? = nil,
        _ body: (Int, UnsafeBufferPointer<Float>) -> Void
    ) {
        let columns = ResamplingTaps(from: rectangle.x, extent: rectangle.width, count: width, size: self.width)
        // The same of a square image.
        let isSquare = (rectangle.x, rectangle.width, width, self.width) == (rectangle.y, rectangle.height, height, self.height)
        let rows =
            isSquare ? columns : ResamplingTaps(from: rectangle.y, extent: rectangle.height, count: height, size: self.height)
        // Rows are added up first: neighbouring columns are computed at once, whatever the scale, and only `height` rows are narrowed.
        var ring = SourceRows(of: self, capacity: rows.most, curve: curve)
        var sum = [Float](repeating: 0, count: self.width + columns.most)
        var values = [Float](repeating: fill, count: width)
        let base = columns.missing(fill)
        let weights = columns.byTap()
        for row in 0..<height {
            let (start, shares, inside) = rows.taps(row)
            sum.withUnsafeMutableBufferPointer { sum in
                sum[..<self.width].update(repeating: fill * (1 - inside))
                for (offset, share) in shares.enumerated() {
                    ring.withRow(start + offset) { cp_add_scaled(sum.baseAddress, $0, share, self.width) }
                }
                values.withUnsafeMutableBufferPointer { values in
                    if shares.isEmpty {
                        values.update(repeating: fill)
                    } else {
                        cp_weigh(sum.baseAddress, columns.starts, weights, columns.most, base, width, values.baseAddress)
                    }
                }
            }
            values.withUnsafeBufferPointer { body(row, $0) }
        }
    }
}

/// The last rows of an image that were asked for, as floating point: each is converted once, and no whole image of them is kept.
private struct SourceRows {
    private let image: PixelImage
    private let curve: GreyCurve?
    private let capacity: Int
    private var values: [Float]
    /// Which row each place holds; -1 for none.
    private var held: [Int]

    init(of image: PixelImage, capacity: Int, curve: GreyCurve?) {
        self.image = image
        self.curve = curve
        self.capacity = max(1, capacity)
        values = [Float](repeating: 0, count: self.capacity * image.width)
        held = [Int](repeating: -1, count: self.capacity)
    }

    /// Gives `body` the row's `width` values.
    mutating func withRow(_ row: Int, _ body: (UnsafePointer<Float>) -> Void) {
        let (image, curve, width) = (image, curve, image.width)
        let place = row % capacity
        let isHeld = held[place] == row
        held[place] = row
        values.withUnsafeMutableBufferPointer { values in
            guard let target = values.baseAddress.map({ $0 + place * width }) else { return }
            if !isHeld {
                image.samples.withUnsafeBufferPointer { samples in
                    guard let source = samples.baseAddress.map({ $0 + row * width }) else { return }
                    if let curve {
                        curve.values.withUnsafeBufferPointer { cp_look_up(source, width, $0.baseAddress, UInt32($0.count - 1), target) }
                    } else {
                        cp_to_float(source, width, target)
                    }
                }
            }
            body(target)
        }
    }
}

/// For each output position the inputs it is made of and their weights.
struct ResamplingTaps {
    /// The first input of each output.
    let starts: [Int32]
    private let offsets: [Int32]
    private let weights: [Float]
    /// Share of each output that comes from inside the image.
    private let insides: [Float]
    /// The largest number of inputs that an output is made of.
    let most: Int

    /// - Parameters:
    ///   - start: Where the first output begins, in input pixels.
    ///   - extent: How many input pixels all outputs cover.
    ///   - count: Outputs.
    ///   - size: Inputs there are.
    init(from start: Double, extent: Double, count: Int, size: Int) {
        let scale = extent / Double(count)
        let support = max(scale, 1)
        var starts: [Int32] = []
        var offsets: [Int32] = [0]
        var weights: [Float] = []
        var insides: [Float] = []
        // One for all outputs, so that its memory is asked for once.
        var row: [Double] = []
        for output in 0..<count {
            let centre = start + (Double(output) + 0.5) * scale
            // Only what lies outside the rectangle *and* inside the image would differ from PIL, which cuts the filter at the image.
            let low = Int((centre - support + 0.5).rounded(.down))
            let high = Int((centre + support + 0.5).rounded(.down))
            let isPast = centre < 0 || centre > Double(size)
            row.removeAll(keepingCapacity: true)
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
            if sum > 0 { for weight in row { weights.append(Float(weight / sum)) } } else { row.removeAll(keepingCapacity: true) }
            starts.append(row.isEmpty ? 0 : Int32(clamping: first))
            offsets.append(Int32(clamping: weights.count))
            insides.append(sum > 0 ? Float(inside / sum) : 0)
        }
        self.starts = starts
        self.offsets = offsets
        self.weights = weights
        self.insides = insides
        most = zip(offsets.dropFirst(), offsets).map { Int($0 - $1) }.max() ?? 0
    }

    func taps(_ output: Int) -> (start: Int, weights: ArraySlice<Float>, inside: Float) {
        (Int(starts[output]), weights[Int(offsets[output])..<Int(offsets[output + 1])], insides[output])
    }

    /// What of each output comes from outside the image.
    func missing(_ fill: Float) -> [Float] { insides.map { fill * (1 - $0) } }

    /// [most, count]: each output's first weight, then each one's second, with 0 where an output has fewer.
    func byTap() -> [Float] {
        let count = starts.count
        var all = [Float](repeating: 0, count: most * count)
        for output in 0..<count {
            for (tap, weight) in taps(output).weights.enumerated() { all[tap * count + output] = weight }
        }
        return all
    }
}
