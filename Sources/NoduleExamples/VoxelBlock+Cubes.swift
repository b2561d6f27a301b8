extension VoxelBlock {
    /// A cube around a voxel, as a network gets it.
    ///
    /// The voxel is that behind the cube's middle: of 24 the thirteenth. Beyond the bounds the nearest voxel inside is taken.
    /// - Parameters:
    ///   - side: Of the cube, in its own voxels.
    ///   - spacing: 1, or 2 where each of its voxels is the mean of 2 x 2 x 2 of the block.
    ///   - bounds: `nil` for the whole block.
    /// - Returns: [side, side, side], each in -1...1.
    public func cube(around voxel: SIMD3<Int>, side: Int, spacing: Int = 1, bounds: VoxelBounds? = nil) -> [Float] {
        let bounds = bounds?.intersection(whole) ?? whole
        let count = side * spacing
        func places(_ axis: Int, _ stride: Int) -> [Int] {
            (0..<count).map { min(max(voxel[axis] - count / 2 + $0, bounds.low[axis]), bounds.high[axis]) * stride }
        }
        let (columns, rows, slices) = (places(0, 1), places(1, width), places(2, width * height))
        var cube = [Float](repeating: 0, count: side * side * side)
        values.withUnsafeBufferPointer { values in
            var place = 0
            for z in 0..<side {
                for y in 0..<side {
                    for x in 0..<side {
                        var sum = 0
                        for k in (z * spacing)..<((z + 1) * spacing) {
                            for j in (y * spacing)..<((y + 1) * spacing) {
                                let row = slices[k] + rows[j]
                                for i in (x * spacing)..<((x + 1) * spacing) { sum += Int(values[row + columns[i]]) }
                            }
                        }
                        cube[place] = Self.input(Float(sum) / Float(spacing * spacing * spacing))
                        place += 1
                    }
                }
            }
        }
        return cube
    }

    /// The values of a cube around a voxel as they are; 0 outside. For masks.
    public func piece(around voxel: SIMD3<Int>, side: Int) -> [UInt8] {
        var piece: [UInt8] = []
        piece.reserveCapacity(side * side * side)
        let start = voxel &- side / 2
        for z in start.z..<(start.z + side) {
            for y in start.y..<(start.y + side) {
                for x in start.x..<(start.x + side) {
                    let isInside = x >= 0 && y >= 0 && z >= 0 && x < width && y < height && z < depth
                    piece.append(isInside ? values[(z * height + y) * width + x] : 0)
                }
            }
        }
        return piece
    }
}
