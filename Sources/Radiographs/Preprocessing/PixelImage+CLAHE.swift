extension PixelImage {
    /// Contrast-limited adaptive histogram equalisation (Zuiderveld, Graphics Gems IV, 1994): each tile has a grey curve of its own,
    /// cut so that no grey is stretched more than `clipLimit` times, and a pixel's curve is blended from the four nearest tiles.
    public func locallyEqualised(tiles: Int, clipLimit: Double) -> PixelImage {
        let bins = 256
        let shift = bits - 8
        let columns = min(tiles, width)
        let rows = min(tiles, height)
        var curves: [[Float]] = []
        for row in 0..<rows {
            for column in 0..<columns {
                let area = (
                    left: width * column / columns, right: width * (column + 1) / columns, top: height * row / rows,
                    bottom: height * (row + 1) / rows
                )
                curves.append(curve(area, bins: bins, shift: shift, clipLimit: clipLimit))
            }
        }
        let (tileWidth, tileHeight) = (Double(width) / Double(columns), Double(height) / Double(rows))
        func neighbours(_ position: Int, _ extent: Double, _ count: Int) -> (low: Int, high: Int, share: Float) {
            let place = (Double(position) + 0.5) / extent - 0.5
            let low = Int(place.rounded(.down))
            return (min(max(low, 0), count - 1), min(max(low + 1, 0), count - 1), Float(place - place.rounded(.down)))
        }
        let across = (0..<width).map { neighbours($0, tileWidth, columns) }
        var result = samples
        for y in 0..<height {
            let down = neighbours(y, tileHeight, rows)
            for x in 0..<width {
                let bin = Int(samples[y * width + x]) >> shift
                let side = across[x]
                let top =
                    curves[down.low * columns + side.low][bin] * (1 - side.share) + curves[down.low * columns + side.high][bin] * side.share
                let bottom =
                    curves[down.high * columns + side.low][bin] * (1 - side.share) + curves[down.high * columns + side.high][bin]
                    * side.share
                result[y * width + x] = UInt16((top * (1 - down.share) + bottom * down.share).rounded())
            }
        }
        return PixelImage(width: width, height: height, bits: bits, samples: result)
    }

    /// One tile's cumulative histogram, clipped, scaled to this image's range.
    private func curve(_ area: (left: Int, right: Int, top: Int, bottom: Int), bins: Int, shift: Int, clipLimit: Double) -> [Float] {
        var counts = [Double](repeating: 0, count: bins)
        for y in area.top..<area.bottom {
            for x in area.left..<area.right { counts[min(bins - 1, Int(samples[y * width + x]) >> shift)] += 1 }
        }
        let total = Double(max(1, (area.right - area.left) * (area.bottom - area.top)))
        let limit = max(1, clipLimit * total / Double(bins))
        let excess = counts.reduce(0) { $0 + max(0, $1 - limit) }
        var sum = 0.0
        return counts.map { count in
            sum += min(count, limit) + excess / Double(bins)
            return Float(sum / total * Double(maximum))
        }
    }
}
