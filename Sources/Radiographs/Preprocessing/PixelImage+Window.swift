import CPixels

extension PixelImage {
    /// How many pixels have each grey, 0 to `maximum`.
    public func histogram() -> GreyHistogram {
        var counts = [UInt32](repeating: 0, count: maximum + 1)
        samples.withUnsafeBufferPointer { cp_histogram($0.baseAddress, $0.count, &counts, UInt32(maximum)) }
        return GreyHistogram(counts: counts)
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

    /// Stretches the grey between two percentiles over the full range. A flat image stays as it is.
    public func percentileWindowed(low: Double, high: Double) -> PixelImage {
        histogram().windowed(low: low, high: high).map(mapped) ?? self
    }
}
