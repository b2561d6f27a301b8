import Radiographs

/// Samples a picture through any affine map, in one pass: with a triangle filter along the picture's rows and columns that is two pixels
/// wide (bilinear) and widens when reducing (antialiased). For a map without rotation it is the filter of `PixelImage.resampled(from:)`,
/// with places rounded to 1/512 of a pixel.
struct AffineSampler {
    private let width: Int
    private let height: Int
    /// The picture's samples, row-major.
    private let samples: [Float]
    private let fill: Float
    /// From pixels of the output to pixels of the picture.
    private let map: AffineMap
    private let across: TriangleFilter
    private let down: TriangleFilter

    /// - Parameters:
    ///   - map: From pixels of the output to pixels of the picture.
    ///   - fill: The grey outside the picture.
    init(_ image: PixelImage, map: AffineMap, fill: Float) {
        (width, height, self.fill, self.map) = (image.width, image.height, fill, map)
        samples = [Float](unsafeUninitializedCapacity: image.samples.count) { target, initialised in
            image.samples.withUnsafeBufferPointer { source in
                for index in source.indices { target[index] = Float(source[index]) }
            }
            initialised = image.samples.count
        }
        across = TriangleFilter(support: (map.xx * map.xx + map.xy * map.xy).squareRoot(), size: image.width)
        down = TriangleFilter(support: (map.yx * map.yx + map.yy * map.yy).squareRoot(), size: image.height)
    }

    /// Fills a row of the output, from column `first` on.
    func sample(row: Int, first: Int, into target: UnsafeMutableBufferPointer<Float>) {
        let start = map(x: Double(first) + 0.5, y: Double(row) + 0.5)
        let touched = columns(start, across.touched, down.touched, count: target.count)
        for column in 0..<touched.lowerBound { target[column] = fill }
        for column in touched.upperBound..<target.count { target[column] = fill }
        var inner = columns(start, across.inner, down.inner, count: target.count).clamped(to: touched)
        if inner.isEmpty { inner = touched.upperBound..<touched.upperBound }
        samples.withUnsafeBufferPointer { pixels in
            for column in touched.lowerBound..<inner.lowerBound { target[column] = edge(pixels, start, column) }
            for column in inner.upperBound..<touched.upperBound { target[column] = edge(pixels, start, column) }
            across.phases.withUnsafeBufferPointer { across in
                down.phases.withUnsafeBufferPointer { down in
                    guard let pixels = pixels.baseAddress, let across = across.baseAddress, let down = down.baseAddress,
                        let target = target.baseAddress
                    else { return }
                    sampleInner(pixels, across, down, start, inner, into: target)
                }
            }
        }
    }

    /// Columns of which four by four pixels are all in the picture.
    @inline(__always)
    private func sampleInner(
        _ pixels: UnsafePointer<Float>, _ across: UnsafePointer<SIMD4<Float>>, _ down: UnsafePointer<SIMD4<Float>>,
        _ start: (x: Double, y: Double), _ inner: Range<Int>, into target: UnsafeMutablePointer<Float>
    ) {
        guard !inner.isEmpty else { return }
        // The filter's corner with 32 bits behind the point: its whole part is a pixel, the first nine bits behind it are the phase.
        let fixed = 4_294_967_296.0
        let rounding = 0.5 / Double(TriangleFilter.steps)
        let column = Double(inner.lowerBound)
        var x = Int((start.x + map.xx * column + self.across.corner + rounding) * fixed)
        var y = Int((start.y + map.yx * column + self.down.corner + rounding) * fixed)
        let (stepX, stepY) = (Int(map.xx * fixed), Int(map.yx * fixed))
        let stride = width &* 4
        for column in inner {
            let columns = across[(x &>> 23) & 511]
            let rows = down[(y &>> 23) & 511]
            let corner = UnsafeRawPointer(pixels + ((y &>> 32) &* width &+ (x &>> 32)))
            var sum = corner.loadUnaligned(as: SIMD4<Float>.self) * rows.x
            sum += corner.loadUnaligned(fromByteOffset: stride, as: SIMD4<Float>.self) * rows.y
            sum += corner.loadUnaligned(fromByteOffset: 2 &* stride, as: SIMD4<Float>.self) * rows.z
            sum += corner.loadUnaligned(fromByteOffset: 3 &* stride, as: SIMD4<Float>.self) * rows.w
            sum *= columns
            let half = sum.lowHalf + sum.highHalf
            target[column] = half.x + half.y
            x &+= stepX
            y &+= stepY
        }
    }

    /// The columns whose places lie in both stretches.
    private func columns(
        _ start: (x: Double, y: Double), _ across: ClosedRange<Double>?, _ down: ClosedRange<Double>?, count: Int
    ) -> Range<Int> {
        guard let across, let down else { return 0..<0 }
        func columns(_ start: Double, _ step: Double, _ stretch: ClosedRange<Double>) -> (Int, Int) {
            guard abs(step) > 1e-9 else { return stretch.contains(start) ? (0, count) : (0, 0) }
            let (a, b) = ((stretch.lowerBound - start) / step, (stretch.upperBound - start) / step)
            let limit = Double(count)
            return (Int(max(0, min(limit, min(a, b).rounded(.up)))), Int(max(0, min(limit, max(a, b).rounded(.down) + 1))))
        }
        let (x, y) = (columns(start.x, map.xx, across), columns(start.y, map.yx, down))
        let low = max(x.0, y.0)
        return low..<max(low, min(x.1, y.1))
    }

    /// Any place, whether the filter lies in the picture or not. Inside the picture the weights are brought to 1, past it the fill takes
    /// the missing share, as in `PixelImage.resampled(from:)`.
    private func edge(_ pixels: UnsafeBufferPointer<Float>, _ start: (x: Double, y: Double), _ column: Int) -> Float {
        let across = across.taps(start.x + map.xx * Double(column))
        let down = down.taps(start.y + map.yx * Double(column))
        var sum: Float = 0
        for row in down.range {
            var line: Float = 0
            for column in across.range { line += across.weight(column) * pixels[row * width + column] }
            sum += down.weight(row) * line
        }
        return sum * across.scale * down.scale + fill * (1 - across.share * down.share)
    }
}

/// The filter along one axis.
private struct TriangleFilter {
    static let steps = 512
    /// From a place to the middle of the pixel before the filter's first.
    let corner: Double
    /// The weights of four pixels, which add up to 1, for the filter's beginning 0, 1/512, ... past the middle of the pixel before them;
    /// empty where it is wider.
    let phases: [SIMD4<Float>]
    /// The places whose pixels all lie in the picture.
    let inner: ClosedRange<Double>?
    /// The places of which any pixel may lie in the picture.
    let touched: ClosedRange<Double>
    /// Half its width, in pixels.
    private let support: Float
    private let size: Int

    init(support: Double, size: Int) {
        let support = max(1, support)
        (self.support, self.size) = (Float(support), size)
        corner = 0.5 - support
        touched = -support...Double(size) + support
        // A hair less than what is possible, since places are rounded.
        let slack = 0.01
        guard support <= 2, size >= 4 else {
            (phases, inner) = ([], nil)
            return
        }
        inner = support - 0.5 + slack...Double(size) - 3.5 + support - slack
        phases = (0..<Self.steps).map { step in
            let start = Double(step) / Double(Self.steps)
            let weights = (0..<4).map { Float(max(0, 1 - abs((Double($0) + 1 - start) / support - 1))) }
            return SIMD4(weights[0], weights[1], weights[2], weights[3]) / weights.reduce(0, +)
        }
    }

    struct Taps {
        let range: Range<Int>
        /// From weights to their share of the whole filter.
        let scale: Float
        /// How much of the filter counts.
        let share: Float
        let centre: Float
        let inverse: Float

        @inline(__always)
        func weight(_ place: Int) -> Float { max(0, 1 - abs(Float(place) + 0.5 - centre) * inverse) }
    }

    /// - Parameter centre: A place within `touched`.
    @inline(__always)
    func taps(_ centre: Double) -> Taps {
        let isPast = centre < 0 || centre > Double(size)
        let centre = Float(centre)
        let (low, high) = (Int((centre - support + 0.5).rounded(.down)), Int((centre + support + 0.5).rounded(.down)))
        let range = max(0, low)..<max(max(0, low), min(size, high))
        let inverse = 1 / support
        var (inside, all): (Float, Float) = (0, 0)
        for place in low..<max(low, high) {
            let weight = max(0, 1 - abs(Float(place) + 0.5 - centre) * inverse)
            all += weight
            if range.contains(place) { inside += weight }
        }
        let sum = isPast ? all : inside
        let scale = sum > 0 ? 1 / sum : 0
        return Taps(range: range, scale: scale, share: inside * scale, centre: centre, inverse: inverse)
    }
}
