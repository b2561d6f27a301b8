extension PixelImage {
    /// Contrast-limited adaptive histogram equalisation (Zuiderveld, Graphics Gems IV, 1994) on `tiles` x `tiles` tiles; on 8 bits what
    /// OpenCV's CLAHE does.
    ///
    /// Histograms have 256 bins at every depth, so that `clipLimit` (times the mean of a bin) means the same on 8 and on 16 bits;
    /// deeper greys are interpolated between the bins' values, none is lost.
    public func locallyEqualised(tiles: Int, clipLimit: Double) -> PixelImage {
        let grid = EqualisationGrid(self, tiles: tiles, clipLimit: clipLimit)
        let binOfGrey = 255 / Float(maximum)
        let scale = Float(maximum) / 255
        let columns = (0..<width).map { grid.neighbours(of: $0, tileSize: grid.tileWidth) }
        let result = samples.withUnsafeBufferPointer { samples in
            [UInt16](unsafeUninitializedCapacity: samples.count) { result, initialised in
                grid.tables.withUnsafeBufferPointer { tables in
                    columns.withUnsafeBufferPointer { columns in
                        for y in 0..<height {
                            let row = grid.neighbours(of: y, tileSize: grid.tileHeight)
                            let (above, below) = (row.first * tiles * 256, row.second * tiles * 256)
                            for x in 0..<width {
                                let column = columns[x]
                                let position = Float(samples[y * width + x]) * binOfGrey
                                let bin = min(255, Int(position))
                                let share = position - Float(bin)
                                func value(_ tableRow: Int, _ tile: Int) -> Float {
                                    let start = tableRow + tile * 256
                                    let low = tables[start + bin]
                                    return low + share * (tables[start + min(255, bin + 1)] - low)
                                }
                                let top = value(above, column.first) * (1 - column.share) + value(above, column.second) * column.share
                                let bottom = value(below, column.first) * (1 - column.share) + value(below, column.second) * column.share
                                let blended = top * (1 - row.share) + bottom * row.share
                                result[y * width + x] = UInt16(max(0, min(Float(maximum), (blended * scale).rounded(.toNearestOrEven))))
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

/// The tiles of CLAHE and the table of each.
private struct EqualisationGrid {
    let tiles: Int
    let tileWidth: Int
    let tileHeight: Int
    /// `[tiles, tiles, 256]` values in 0...255.
    let tables: [Float]

    init(_ image: PixelImage, tiles: Int, clipLimit: Double) {
        self.tiles = tiles
        // An image that the tiles do not divide is mirrored on to the right and below, by a whole row of tiles' remainder in both
        // directions, as OpenCV does.
        let divides = image.width % tiles == 0 && image.height % tiles == 0
        let tileWidth = divides ? image.width / tiles : (image.width + tiles - image.width % tiles) / tiles
        let tileHeight = divides ? image.height / tiles : (image.height + tiles - image.height % tiles) / tiles
        let binOfGrey = 255 / Float(image.maximum)
        let bins = (0...image.maximum).map { Int((Float($0) * binOfGrey).rounded()) }
        let columns = (0..<tileWidth * tiles).map { Self.mirrored($0, image.width) }
        let area = tileWidth * tileHeight
        let limit = max(1, Int(clipLimit * Double(area) / 256))
        var tables: [Float] = []
        tables.reserveCapacity(tiles * tiles * 256)
        for tileY in 0..<tiles {
            for tileX in 0..<tiles {
                var counts = [Int](repeating: 0, count: 256)
                counts.withUnsafeMutableBufferPointer { counts in
                    image.samples.withUnsafeBufferPointer { samples in
                        bins.withUnsafeBufferPointer { bins in
                            for y in tileY * tileHeight..<(tileY + 1) * tileHeight {
                                let row = Self.mirrored(y, image.height) * image.width
                                for x in tileX * tileWidth..<(tileX + 1) * tileWidth { counts[bins[Int(samples[row + columns[x]])]] &+= 1 }
                            }
                        }
                    }
                }
                Self.clip(&counts, at: limit)
                var sum = 0
                for count in counts {
                    sum += count
                    tables.append(min(255, (Float(sum) * (255 / Float(area))).rounded(.toNearestOrEven)))
                }
            }
        }
        self.tileWidth = tileWidth
        self.tileHeight = tileHeight
        self.tables = tables
    }

    /// Cuts what is above the limit and gives it to all bins alike.
    private static func clip(_ counts: inout [Int], at limit: Int) {
        var excess = 0
        for bin in counts.indices where counts[bin] > limit {
            excess += counts[bin] - limit
            counts[bin] = limit
        }
        let share = excess / 256
        var rest = excess % 256
        for bin in counts.indices { counts[bin] += share }
        guard rest > 0 else { return }
        let step = max(256 / rest, 1)
        var bin = 0
        while bin < 256 && rest > 0 {
            counts[bin] += 1
            bin += step
            rest -= 1
        }
    }

    /// Reflection without repeating the edge (OpenCV's BORDER_REFLECT_101), at any distance.
    private static func mirrored(_ position: Int, _ size: Int) -> Int {
        guard size > 1 else { return 0 }
        let period = 2 * (size - 1)
        let folded = position % period
        return folded < size ? folded : period - folded
    }

    /// The two tiles whose tables a pixel blends, and the second's share.
    func neighbours(of position: Int, tileSize: Int) -> (first: Int, second: Int, share: Float) {
        let place = Float(position) * (1 / Float(tileSize)) - 0.5
        let low = place.rounded(.down)
        return (max(0, Int(low)), min(tiles - 1, Int(low) + 1), place - low)
    }
}
