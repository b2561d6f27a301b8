extension PixelImage {
    /// Non-local means (Buades, Coll and Morel, CVPR 2005): each pixel becomes the mean of the pixels of its neighbourhood, weighted by how
    /// alike the patches around both are, `exp(-d² / h²)` with d² the mean squared difference of the patches.
    /// - Parameters:
    ///   - patchRadius: Patches are `2 * patchRadius + 1` pixels square.
    ///   - searchRadius: The neighbourhood is `2 * searchRadius + 1` pixels square.
    ///   - strength: The paper's h as a share of the full scale; about the noise's standard deviation.
    ///
    /// Past the edges the edge goes on. Works one shift at a time, so that every inner loop runs along a row.
    ///
    /// - Complexity: O(pixels * searchRadius² * patchRadius).
    public func nonLocalMeansFiltered(patchRadius: Int, searchRadius: Int, strength: Double) -> PixelImage {
        let margin = patchRadius + searchRadius
        let scale = 1 / Float(maximum)
        let padded = padded(by: margin) { Float($0) * scale }
        let stride = width + 2 * margin
        let side = 2 * patchRadius + 1
        let patchWidth = width + 2 * patchRadius
        // exp(-d² / h²) as a power of two.
        let exponent = Float(-1.4426950408889634 / (Double(side * side) * strength * strength))
        var sums = [Float](repeating: 0, count: width)
        var weights = sums
        var columns = [Float](repeating: 0, count: patchWidth)
        let result = padded.withUnsafeBufferPointer { source in
            [UInt16](unsafeUninitializedCapacity: samples.count) { result, initialised in
                sums.withUnsafeMutableBufferPointer { sums in
                    weights.withUnsafeMutableBufferPointer { weights in
                        columns.withUnsafeMutableBufferPointer { columns in
                            for y in 0..<height {
                                sums.update(repeating: 0)
                                weights.update(repeating: 0)
                                for dy in -searchRadius...searchRadius {
                                    for dx in -searchRadius...searchRadius {
                                        // Squared differences, summed down the patch's rows.
                                        columns.update(repeating: 0)
                                        for row in 0..<side {
                                            let start = (y + searchRadius + row) * stride + searchRadius
                                            let here = UnsafeBufferPointer(rebasing: source[start...])
                                            let there = UnsafeBufferPointer(rebasing: source[(start + dy * stride + dx)...])
                                            for x in 0..<patchWidth {
                                                let difference = here[x] - there[x]
                                                columns[x] += difference * difference
                                            }
                                        }
                                        let there = UnsafeBufferPointer(rebasing: source[((y + dy + margin) * stride + margin + dx)...])
                                        for x in 0..<width {
                                            var distance: Float = 0
                                            for column in 0..<side { distance += columns[x &+ column] }
                                            let weight = powerOfTwo(distance * exponent)
                                            sums[x] += weight * there[x]
                                            weights[x] += weight
                                        }
                                    }
                                }
                                for x in 0..<width {
                                    result[y * width + x] = UInt16(min(Float(maximum), (sums[x] / weights[x] * Float(maximum)).rounded()))
                                }
                            }
                        }
                    }
                }
                initialised = samples.count
            }
        }
        return PixelImage(width: width, height: height, bits: bits, samples: result)
    }
}

/// 2 to the power of a value that is not above zero, to seven digits, in operations that vectorise.
@inline(__always)
private func powerOfTwo(_ value: Float) -> Float {
    let value = max(value, -125)
    // Adding 1.5 * 2^23 leaves the nearest whole number in the lowest bits.
    let shifted = value + 12_582_912
    let rest = value - (shifted - 12_582_912)
    var power: Float = 1.5403530393381608e-4
    power = power * rest + 1.3333558146428443e-3
    power = power * rest + 9.618129107628477e-3
    power = power * rest + 5.550410866482158e-2
    power = power * rest + 2.402265069591007e-1
    power = power * rest + 6.931471805599453e-1
    power = power * rest + 1
    return power * Float(bitPattern: (shifted.bitPattern &<< 23) &+ 0x3F80_0000)
}
