import Foundation

extension PixelImage {
    /// The median over a square of 2 `radius` + 1 pixels; past the edge the edge's pixels are repeated.
    public func medianFiltered(radius: Int) -> PixelImage {
        let side = 2 * radius + 1
        let columns = (0..<width + 2 * radius).map { min(max($0 - radius, 0), width - 1) }
        var result = samples
        var window = [UInt16](repeating: 0, count: side * side)
        samples.withUnsafeBufferPointer { source in
            for y in 0..<height {
                for x in 0..<width {
                    var count = 0
                    for dy in -radius...radius {
                        let row = min(max(y + dy, 0), height - 1) * width
                        for column in x..<x + side {
                            window[count] = source[row + columns[column]]
                            count += 1
                        }
                    }
                    window.sort()
                    result[y * width + x] = window[window.count / 2]
                }
            }
        }
        return PixelImage(width: width, height: height, bits: bits, samples: result)
    }

    /// Non-local means (Buades, Coll and Morel, CVPR 2005) with a flat patch; past the edge the picture is mirrored.
    ///
    /// One shift of the search window at a time over the whole picture, the patch distances by running sums:
    /// - Complexity: O(pixels · search window), whatever the patch.
    public func nonLocalMeansFiltered(patchRadius: Int, searchRadius: Int, strength: Double) -> PixelImage {
        let margin = patchRadius + searchRadius
        let (wide, high) = (width + 2 * margin, height + 2 * margin)
        func mirrored(_ position: Int, _ size: Int) -> Int {
            guard size > 1 else { return 0 }
            let period = 2 * (size - 1)
            let place = ((position % period) + period) % period
            return place < size ? place : period - place
        }
        let padded: [Float] = (0..<wide * high).map { index in
            Float(samples[mirrored(index / wide - margin, height) * width + mirrored(index % wide - margin, width)])
        }
        let side = 2 * patchRadius + 1
        let h = Float(strength) * Float(maximum)
        let factor = -1 / (h * h * Float(side * side))
        var sums = [Float](repeating: 0, count: width * height)
        var weights = [Float](repeating: 0, count: width * height)
        // Distances of single pixels, over the picture and a patch's margin around it; summed along x, then along y.
        let (spanWidth, spanHeight) = (width + 2 * patchRadius, height + 2 * patchRadius)
        var rows = [Float](repeating: 0, count: width * spanHeight)
        for dy in -searchRadius...searchRadius {
            for dx in -searchRadius...searchRadius {
                for y in 0..<spanHeight {
                    let own = (y + searchRadius) * wide + searchRadius
                    let other = own + dy * wide + dx
                    func distance(_ x: Int) -> Float {
                        let difference = padded[own + x] - padded[other + x]
                        return difference * difference
                    }
                    var sum: Float = 0
                    for x in 0..<side - 1 { sum += distance(x) }
                    for x in side - 1..<spanWidth {
                        sum += distance(x)
                        rows[y * width + x - side + 1] = sum
                        sum -= distance(x - side + 1)
                    }
                }
                for x in 0..<width {
                    var sum: Float = 0
                    for y in 0..<side - 1 { sum += rows[y * width + x] }
                    for y in side - 1..<spanHeight {
                        sum += rows[y * width + x]
                        let target = (y - side + 1) * width + x
                        let weight = exp(max(0, sum) * factor)
                        sums[target] += weight * padded[(y - side + 1 + margin + dy) * wide + x + margin + dx]
                        weights[target] += weight
                        sum -= rows[(y - side + 1) * width + x]
                    }
                }
            }
        }
        let result = zip(sums, weights).map { UInt16(min(Float(maximum), max(0, ($0 / $1).rounded()))) }
        return PixelImage(width: width, height: height, bits: bits, samples: result)
    }
}
