extension PixelImage {
    /// How many pixels have each grey; `1 << bits` counts.
    ///
    /// - Complexity: O(pixels).
    public func histogram() -> [Int] {
        var counts = [Int](repeating: 0, count: maximum + 1)
        counts.withUnsafeMutableBufferPointer { counts in
            samples.withUnsafeBufferPointer { samples in
                for sample in samples { counts[Int(sample) & (counts.count - 1)] &+= 1 }
            }
        }
        return counts
    }

    /// The smallest grey that at least `percent` of the pixels do not exceed (the inverse of the distribution function, type 1 of
    /// Hyndman and Fan, 1996), for each of the percentages.
    public func percentiles(_ percents: [Double]) -> [Int] {
        let counts = histogram()
        return percents.map { percent in
            let wanted = max(1, (percent / 100 * Double(samples.count)).rounded(.up))
            var seen = 0
            for (grey, count) in counts.enumerated() {
                seen += count
                if Double(seen) >= wanted { return grey }
            }
            return maximum
        }
    }

    /// The greys between two percentiles widened to the full scale, what lies past them clipped. A flat image stays as it is.
    public func percentileWindowed(low: Double, high: Double) -> PixelImage {
        let bounds = percentiles([low, high])
        let (bottom, top) = (bounds[0], bounds[1])
        guard top > bottom else { return self }
        let table = (0...maximum).map { grey in
            UInt16((Double(min(max(grey, bottom), top) - bottom) / Double(top - bottom) * Double(maximum)).rounded())
        }
        return mapped(table)
    }

    /// Every sample looked up in a table of `1 << bits` greys.
    func mapped(_ table: [UInt16]) -> PixelImage {
        let mask = table.count - 1
        let mapped = table.withUnsafeBufferPointer { table in
            samples.withUnsafeBufferPointer { samples in
                [UInt16](unsafeUninitializedCapacity: samples.count) { result, initialised in
                    for index in samples.indices { result[index] = table[Int(samples[index]) & mask] }
                    initialised = samples.count
                }
            }
        }
        return PixelImage(width: width, height: height, bits: bits, samples: mapped)
    }
}
