import CVolumes

/// The two lungs, apart.
struct LungSides {
    var mask: VolumeMask
    var counts = (right: 0, left: 0)
    /// Whether lung reaches the last or the first slice with more than a tip.
    var touchesTop = false
    var touchesBottom = false

    /// Voxels of a lung at least: 50 ml.
    private static let least: UInt64 = 50_000
    /// Voxels of a further piece of lung at least: 10 ml.
    private static let leastFurther: UInt64 = 10_000
    /// Mean Hounsfield units below which a piece is gas of the bowel or the stomach, not lung.
    private static let gas = -965.0
    /// Gas of small pieces is less pure at their edges; but hardly any lung is as thin as this.
    private static let thin: Int16 = -940
    private static let mostThin = 0.15

    init(_ air: BodyAir, without airways: VolumeMask, threads: Int) throws {
        let geometry = air.geometry
        mask = VolumeMask(geometry: geometry)
        let lung = zip(air.mask, airways.values).map { $0 != 0 && $1 == 0 ? UInt8(1) : 0 }
        let (labels, pieces) = try VoxelPieces.find(lung, geometry, values: air.values)
        let large = pieces.indices.filter { pieces[$0].voxels >= Self.least && pieces[$0].mean > Self.gas }
            .sorted { pieces[$0].voxels > pieces[$1].voxels }
        guard let first = large.first else { return }
        // Two lungs that touch are one piece across the body's middle.
        var sideOfPiece = [UInt8](repeating: 0, count: pieces.count)
        let width = Double(pieces[first].high.0 - pieces[first].low.0)
        let isAcross = abs(pieces[first].meanX - air.middle) < 0.15 * width && width > 140
        let second = large.dropFirst().first { pieces[$0].voxels * 8 > pieces[first].voxels }
        if isAcross || second == nil && width > 200 {
            try split(labels, UInt32(first + 1), air, threads: threads)
        } else {
            sideOfPiece[first] = pieces[first].meanX < air.middle ? 1 : 2
        }
        // Further pieces go to the side on which they lie, if they are lung and lie beside the largest.
        var thin = [UInt64](repeating: 0, count: pieces.count)
        for index in labels.indices where labels[index] != 0 && air.values[index] < Self.thin { thin[Int(labels[index]) - 1] += 1 }
        for piece in pieces.indices where piece != first && pieces[piece].voxels >= Self.leastFurther && pieces[piece].mean > Self.gas {
            // The other lung may be emphysematous.
            let isLung = piece == second || Double(thin[piece]) < Self.mostThin * Double(pieces[piece].voxels)
            let isBeside = pieces[piece].high.2 > pieces[first].low.2 && pieces[piece].low.2 < pieces[first].high.2
            if isLung, isBeside { sideOfPiece[piece] = pieces[piece].meanX < air.middle ? 1 : 2 }
        }
        for index in labels.indices where labels[index] != 0 && mask.values[index] == 0 {
            mask.values[index] = sideOfPiece[Int(labels[index]) - 1]
        }
        count()
    }

    private mutating func count() {
        let (plane, depth) = (mask.geometry.width * mask.geometry.height, mask.geometry.depth)
        var perSlice = [Int](repeating: 0, count: depth)
        for slice in 0..<depth {
            for index in (slice * plane)..<((slice + 1) * plane) where mask.values[index] != 0 {
                if mask.values[index] == 1 { counts.right += 1 } else { counts.left += 1 }
                perSlice[slice] += 1
            }
        }
        touchesTop = (perSlice.last ?? 0) > 2_000
        touchesBottom = (perSlice.first ?? 0) > 2_000
    }

    /// Erodes one piece until it falls into two of comparable size, then lets these grow back over it.
    private mutating func split(_ labels: [UInt32], _ piece: UInt32, _ air: BodyAir, threads: Int) throws {
        let geometry = mask.geometry
        let whole = labels.map { $0 == piece ? UInt8(1) : 0 }
        let outside = VolumeMask(geometry: geometry, values: whole.map { 1 - $0 })
        let squared = try outside.squaredDistances(threads: threads)
        for reach in stride(from: Float(1.5), through: 12, by: 1.5) {
            let core = squared.map { $0 > reach * reach ? UInt8(1) : 0 }
            let (coreLabels, cores) = try VoxelPieces.find(core, geometry, values: nil)
            let order = cores.indices.sorted { cores[$0].voxels > cores[$1].voxels }
            guard order.count > 1, cores[order[1]].voxels * 5 > cores[order[0]].voxels else { continue }
            let isFirstRight = cores[order[0]].meanX < cores[order[1]].meanX
            var seeds = coreLabels.map { label -> UInt8 in
                if label == UInt32(order[0] + 1) { return isFirstRight ? 1 : 2 }
                return label == UInt32(order[1] + 1) ? (isFirstRight ? 2 : 1) : 0
            }
            guard cv_grow(whole, geometry.size, &seeds) else { throw VolumeError.noMemory }
            mask.values = seeds
            return
        }
        // Nothing parts them but the middle of the body.
        let width = geometry.width
        for index in whole.indices where whole[index] != 0 { mask.values[index] = Double(index % width) < air.middle ? 1 : 2 }
    }
}

extension VolumeMask {
    /// Each number closed by a ball: holes, vessels and notches narrower than twice `reach` are filled. Where two meet, the first stays.
    func closedOverHoles(by reach: Double, threads: Int) throws -> VolumeMask {
        var result = VolumeMask(geometry: geometry)
        for number in [UInt8(1), 2] {
            let one = VolumeMask(geometry: geometry, values: values.map { $0 == number ? 1 : 0 })
            let closed = try one.dilated(by: reach, threads: threads).eroded(by: reach, threads: threads)
            for index in values.indices
            where closed.values[index] != 0 && result.values[index] == 0 && (values[index] == 0 || values[index] == number) {
                result.values[index] = number
            }
        }
        return result
    }
}
