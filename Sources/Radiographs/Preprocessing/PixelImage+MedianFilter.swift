extension PixelImage {
    /// The median of the square of `2 * radius + 1` pixels around each pixel; past the edges the edge goes on.
    ///
    /// A histogram in two levels slides along each row (Huang, Yang and Tang, IEEE TASSP 1979).
    ///
    /// - Complexity: O(pixels * radius).
    public func medianFiltered(radius: Int) -> PixelImage {
        let side = 2 * radius + 1
        let padded = padded(by: radius) { $0 }
        let stride = width + 2 * radius
        var histogram = SlidingHistogram(bits: bits, rank: side * side / 2)
        let result = padded.withUnsafeBufferPointer { source in
            [UInt16](unsafeUninitializedCapacity: samples.count) { result, initialised in
                for y in 0..<height {
                    histogram.clear()
                    for x in 0..<side { for row in y..<y + side { histogram.add(source[row * stride + x]) } }
                    result[y * width] = histogram.median()
                    for x in 1..<max(1, width) {
                        for row in y..<y + side {
                            histogram.remove(source[row * stride + x - 1])
                            histogram.add(source[row * stride + x + side - 1])
                        }
                        result[y * width + x] = histogram.median()
                    }
                }
                initialised = samples.count
            }
        }
        return PixelImage(width: width, height: height, bits: bits, samples: result)
    }

    /// The samples with `margin` pixels more on every side, each the nearest of the edge, converted.
    func padded<Value>(by margin: Int, _ convert: (UInt16) -> Value) -> [Value] {
        var result: [Value] = []
        result.reserveCapacity((width + 2 * margin) * (height + 2 * margin))
        samples.withUnsafeBufferPointer { samples in
            for y in -margin..<height + margin {
                let row = min(max(y, 0), height - 1) * width
                for x in -margin..<width + margin { result.append(convert(samples[row + min(max(x, 0), width - 1)])) }
            }
        }
        return result
    }
}

/// Counts of greys in blocks, that knows where the wanted rank is.
private struct SlidingHistogram {
    private let shift: UInt16
    private let rank: Int
    private var blocks: [Int32]
    private var greys: [Int32]
    /// The block that held the rank last, and how many values lie in the blocks before it.
    private var block = 0
    private var before = 0

    init(bits: Int, rank: Int) {
        shift = UInt16(bits / 2)
        self.rank = rank
        greys = Array(repeating: 0, count: 1 << bits)
        blocks = Array(repeating: 0, count: 1 << (bits - bits / 2))
    }

    mutating func clear() {
        for index in blocks.indices where blocks[index] > 0 {
            for grey in index << Int(shift)..<(index + 1) << Int(shift) { greys[grey] = 0 }
            blocks[index] = 0
        }
        block = 0
        before = 0
    }

    mutating func add(_ grey: UInt16) { change(grey, by: 1) }
    mutating func remove(_ grey: UInt16) { change(grey, by: -1) }

    @inline(__always)
    private mutating func change(_ grey: UInt16, by amount: Int32) {
        let index = Int(grey >> shift)
        greys[Int(grey)] &+= amount
        blocks[index] &+= amount
        if index < block { before &+= Int(amount) }
    }

    mutating func median() -> UInt16 {
        while before > rank {
            block -= 1
            before -= Int(blocks[block])
        }
        while before + Int(blocks[block]) <= rank {
            before += Int(blocks[block])
            block += 1
        }
        var seen = before
        var grey = block << Int(shift)
        while seen + Int(greys[grey]) <= rank {
            seen += Int(greys[grey])
            grey += 1
        }
        return UInt16(grey)
    }
}
