import CVolumes

/// Trachea and main bronchi, followed slice by slice from the top until they open into the lungs.
struct Airways {
    /// 1 in an airway and the millimetres of wall around it that are air by half.
    let mask: VolumeMask
    /// Voxels.
    let count: Int

    /// Slices of 1 mm through which a trachea can be followed at least.
    private static let fewest = 40
    /// Square millimetres of the trachea's section.
    private static let section = 40...800

    /// Hounsfield units below which hardly any lung is.
    private static let thin: Int16 = -930

    /// Places and their four neighbours in a slice.
    private static func neighbours(_ places: Set<Int>, width: Int, count: Int) -> Set<Int> {
        var all = places
        for place in places {
            for next in [place - 1, place + 1, place - width, place + width] where next >= 0 && next < count { all.insert(next) }
        }
        return all
    }

    init(_ air: BodyAir) {
        let (width, height, depth) = (air.geometry.width, air.geometry.height, air.geometry.depth)
        let plane = width * height
        var mask = VolumeMask(geometry: air.geometry)
        var count = 0
        // A slice's pieces of air are labelled as a volume of one slice.
        let slice = VolumeGeometry(
            width: width, height: height, depth: 1, origin: .zero, columnStep: SIMD3(1, 0, 0), rowStep: SIMD3(0, 1, 0),
            sliceStep: SIMD3(0, 0, 1))
        var above: Set<Int> = []
        var areaAbove = 0
        var isFound = false
        var first = depth
        for z in stride(from: depth - 1, through: 0, by: -1) {
            let part = Array(air.mask[(z * plane)..<((z + 1) * plane)])
            guard let (labels, pieces) = try? VoxelPieces.find(part, slice, values: nil) else { break }
            var taken: Set<UInt32> = []
            if isFound {
                for place in above where labels[place] != 0 { taken.insert(labels[place]) }
                // A piece that is suddenly large is the lung.
                taken = taken.filter { Int(pieces[Int($0) - 1].voxels) <= min(Self.section.upperBound, max(120, areaAbove * 8 / 5)) }
                if taken.isEmpty {
                    // Where a lung lies against the trachea both are one piece: what is as thin as air, near the section above, goes on.
                    let near = Self.neighbours(above, width: width, count: plane)
                    let kept = near.filter { labels[$0] != 0 && air.values[z * plane + $0] < Self.thin }
                    if Self.section.contains(kept.count), kept.count * 2 > areaAbove {
                        for place in kept { mask.values[z * plane + place] = 1 }
                        (above, areaAbove) = (kept, kept.count)
                        count += kept.count
                        continue
                    }
                    if first - z >= Self.fewest { break }
                    // That was the throat, or gas in the gullet.
                    (isFound, above, areaAbove, count) = (false, [], 0, 0)
                    mask = VolumeMask(geometry: air.geometry)
                    continue
                }
            } else if z > depth / 3 {
                // In the middle third of the upper two thirds; the largest such piece is the trachea.
                let found = pieces.indices.filter {
                    Self.section.contains(Int(pieces[$0].voxels)) && abs(pieces[$0].meanX - air.middle) < 35
                }
                guard let best = found.max(by: { pieces[$0].voxels < pieces[$1].voxels }) else { continue }
                taken = [UInt32(best + 1)]
                (isFound, first) = (true, z)
            }
            above = []
            areaAbove = 0
            guard !taken.isEmpty else { continue }
            for place in 0..<plane where labels[place] != 0 && taken.contains(labels[place]) {
                above.insert(place)
                areaAbove += 1
                mask.values[z * plane + place] = 1
            }
            count += areaAbove
            // Two bronchi together are no wider than the trachea by much.
            if taken.count > 1 { areaAbove = areaAbove * 3 / 4 }
        }
        self.mask = mask
        self.count = count
    }
}
