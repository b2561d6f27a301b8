extension PixelImage {
    /// How many pixels have each grey, 0 to `maximum`.
    func histogram() -> [Int] {
        var counts = [Int](repeating: 0, count: maximum + 1)
        counts.withUnsafeMutableBufferPointer { counts in
            samples.withUnsafeBufferPointer { for sample in $0 { counts[min(counts.count - 1, Int(sample))] += 1 } }
        }
        return counts
    }

    /// Every sample looked up in a table of `maximum` + 1 entries.
    func mapped(_ table: [UInt16]) -> PixelImage {
        let result = table.withUnsafeBufferPointer { table in
            [UInt16](unsafeUninitializedCapacity: samples.count) { target, initialised in
                samples.withUnsafeBufferPointer { source in
                    for index in source.indices { target[index] = table[min(table.count - 1, Int(source[index]))] }
                }
                initialised = samples.count
            }
        }
        return PixelImage(width: width, height: height, bits: bits, samples: result)
    }

    /// The grey below which `percent` of the pixels lie: the smallest with at least that share at or below it.
    package func percentile(_ percent: Double, histogram: [Int]) -> Int {
        let wanted = max(1, Int((percent / 100 * Double(samples.count)).rounded(.up)))
        var seen = 0
        for (grey, count) in histogram.enumerated() {
            seen += count
            if seen >= wanted { return grey }
        }
        return maximum
    }

    /// Stretches the grey between two percentiles over the full range. A flat image stays as it is.
    public func percentileWindowed(low: Double, high: Double) -> PixelImage {
        let counts = histogram()
        let (bottom, top) = (percentile(low, histogram: counts), percentile(high, histogram: counts))
        guard top > bottom else { return self }
        let scale = Double(maximum) / Double(top - bottom)
        return mapped((0...maximum).map { UInt16((Double(min(max($0, bottom), top) - bottom) * scale).rounded()) })
    }
}
