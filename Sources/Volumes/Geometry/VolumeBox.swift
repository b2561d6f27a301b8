/// Part of a geometry: whole voxels.
package struct VolumeBox: Hashable {
    package var columns: Range<Int>
    package var rows: Range<Int>
    package var slices: Range<Int>

    /// The smallest that holds every voxel that is not 0, and `margin` voxels more on every side; `nil` of nothing.
    package init?(_ mask: VolumeMask, margin: Int) {
        let geometry = mask.geometry
        var low = (Int.max, Int.max, Int.max), high = (-1, -1, -1)
        var index = 0
        for z in 0..<geometry.depth {
            for y in 0..<geometry.height {
                for x in 0..<geometry.width {
                    if mask.values[index] != 0 {
                        low = (min(low.0, x), min(low.1, y), min(low.2, z))
                        high = (max(high.0, x), max(high.1, y), max(high.2, z))
                    }
                    index += 1
                }
            }
        }
        guard high.0 >= 0 else { return nil }
        columns = max(0, low.0 - margin)..<min(geometry.width, high.0 + margin + 1)
        rows = max(0, low.1 - margin)..<min(geometry.height, high.1 + margin + 1)
        slices = max(0, low.2 - margin)..<min(geometry.depth, high.2 + margin + 1)
    }

    func geometry(in whole: VolumeGeometry) -> VolumeGeometry {
        var part = whole
        (part.width, part.height, part.depth) = (columns.count, rows.count, slices.count)
        part.origin = whole.point(ofVoxel: SIMD3(Double(columns.lowerBound), Double(rows.lowerBound), Double(slices.lowerBound)))
        return part
    }

    func cut<Value>(_ values: [Value], of whole: VolumeGeometry) -> [Value] {
        var part: [Value] = []
        part.reserveCapacity(columns.count * rows.count * slices.count)
        for z in slices {
            for y in rows {
                let row = (z * whole.height + y) * whole.width
                part += values[(row + columns.lowerBound)..<(row + columns.upperBound)]
            }
        }
        return part
    }
}

extension VolumeMask {
    package func cut(to box: VolumeBox) -> VolumeMask {
        VolumeMask(geometry: box.geometry(in: geometry), values: box.cut(values, of: geometry))
    }
}

extension Volume {
    package func cut(to box: VolumeBox) -> Volume {
        Volume(geometry: box.geometry(in: geometry), values: box.cut(values, of: geometry), slices: slices, record: record)
    }
}
