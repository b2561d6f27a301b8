import Datasets
import Findings
import Geometry
import Radiographs

/// A small square picture of real values, row-major.
struct SquarePicture {
    let side: Int
    var values: [Float]

    init(side: Int, values: [Float]) {
        self.side = side
        self.values = values
    }

    /// The picture, whatever its shape, at another size.
    /// - Parameter inset: The share of it that is left away on each side.
    /// - Returns: `nil` for a picture of one grey.
    init?(_ picture: PixelImage, side: Int, inset: Double = 0) {
        let (width, height) = (Double(picture.width), Double(picture.height))
        let inner = Box(x0: width * inset, y0: height * inset, x1: width * (1 - inset), y1: height * (1 - inset))
        self.init(side: side, values: picture.resampled(from: inner, width: side, height: side, fill: 0))
        guard let low = values.min(), let high = values.max(), high - low > 0.002 * Float(picture.maximum) else { return nil }
    }

    /// Means of 2 x 2 pixels.
    var halved: SquarePicture {
        let half = side / 2
        var result = [Float](repeating: 0, count: half * half)
        for y in 0..<half {
            for x in 0..<half {
                let first = 2 * y * side + 2 * x
                result[y * half + x] = (values[first] + values[first + 1] + values[first + side] + values[first + side + 1]) / 4
            }
        }
        return SquarePicture(side: half, values: result)
    }

    /// Each pixel's place in the order of all, from -0.5 to 0.5; equal pixels have equal places.
    var ranked: SquarePicture {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var result = [Float](repeating: 0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            let rank = Float(start + end - 1) / 2 / Float(max(1, values.count - 1)) - 0.5
            for index in start..<end { result[order[index]] = rank }
            start = end
        }
        return SquarePicture(side: side, values: result)
    }

    /// Each pixel less the mean of the square of `2 * radius + 1` pixels around it, over that square's contrast and half the picture's
    /// mean contrast, so that flat places stay flat.
    func locallyNormalised(radius: Int) -> SquarePicture {
        let means = boxMean(values, radius)
        let differences = zip(values, means).map { $0 - $1 }
        let deviations = boxMean(differences.map { $0 * $0 }, radius).map { max(0, $0).squareRoot() }
        let typical = deviations.reduce(0, +) / Float(deviations.count)
        guard typical > 0 else { return SquarePicture(side: side, values: differences) }
        return SquarePicture(side: side, values: zip(differences, deviations).map { $0 / ($1 + typical / 2) })
    }

    /// Means over squares; the edge pixels go on outside.
    private func boxMean(_ values: [Float], _ radius: Int) -> [Float] {
        var across = values
        var result = values
        let count = Float(2 * radius + 1)
        for y in 0..<side {
            for x in 0..<side {
                var sum: Float = 0
                for offset in -radius...radius { sum += values[y * side + max(0, min(side - 1, x + offset))] }
                across[y * side + x] = sum / count
            }
        }
        for y in 0..<side {
            for x in 0..<side {
                var sum: Float = 0
                for offset in -radius...radius { sum += across[max(0, min(side - 1, y + offset)) * side + x] }
                result[y * side + x] = sum / count
            }
        }
        return result
    }
}
