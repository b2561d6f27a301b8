extension PixelImage {
    /// The picture turned clockwise.
    /// - Parameter quarterTurns: Of 90 degrees; any number.
    public func turned(quarterTurns: Int) -> PixelImage {
        let turns = ((quarterTurns % 4) + 4) % 4
        guard turns > 0 else { return self }
        if turns == 2 { return PixelImage(width: width, height: height, bits: bits, samples: samples.reversed()) }
        var result = [UInt16](repeating: 0, count: samples.count)
        samples.withUnsafeBufferPointer { source in
            for row in 0..<height {
                for column in 0..<width {
                    // Clockwise, the first row becomes the last column.
                    let place = turns == 1 ? column * height + height - 1 - row : (width - 1 - column) * height + row
                    result[place] = source[row * width + column]
                }
            }
        }
        return PixelImage(width: height, height: width, bits: bits, samples: result)
    }

    /// Black and white exchanged.
    public func inverted() -> PixelImage {
        let top = UInt16(maximum)
        return PixelImage(width: width, height: height, bits: bits, samples: samples.map { top - min($0, top) })
    }

    /// The part of the picture in `area`, cut at the picture's edges; the picture itself where nothing would be left.
    public func cropped(to area: PixelArea) -> PixelImage {
        let area = area.clipped(toWidth: width, height: height)
        guard area.width > 0, area.height > 0, area.width < width || area.height < height else { return self }
        var part: [UInt16] = []
        part.reserveCapacity(area.width * area.height)
        for row in area.y..<area.y + area.height { part += samples[row * width + area.x..<row * width + area.x + area.width] }
        return PixelImage(width: area.width, height: area.height, bits: bits, samples: part)
    }
}
