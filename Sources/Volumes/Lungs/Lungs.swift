import CVolumes

/// Both lungs of a CT scan, on voxels of one millimetre along the patient's axes, as far as they reach and a little beyond.
///
/// Found by density and shape: air inside the body, the airways grown off from the top, the sides taken apart. What a dense disease fills
/// is missed here. So nodules are looked for in `search`, which reaches 12 mm beyond: nearly every nodule's centre lies within 12 mm of air
/// (measured on the 1,186 nodules of LUNA16).
public struct Lungs: Sendable {
    /// The scan on the same voxels.
    public var volume: Volume
    /// 1 in the patient's right lung, 2 in the left, 0 elsewhere.
    public var mask: VolumeMask
    /// The same with vessels, nodules and other holes closed: what the pleura wraps.
    public var closed: VolumeMask
    /// Where nodules are looked for: 1 within 12 mm of the lungs, but not in bones.
    public var search: VolumeMask
    /// Airways, 1.
    public var airways: VolumeMask
    /// Litres of air and tissue, without airways.
    public var rightVolume: Double
    public var leftVolume: Double
    /// What is unusual, a sentence each.
    public var remarks: [String]

    /// Millimetres that the search goes beyond the lungs.
    public static let margin = 12.0
    /// Litres of both that a chest has.
    public static let plausible = 1.5...8.0

    /// - Parameter volume: Any orientation.
    /// - Throws: `VolumeError`, of code `notAChest` where there are no two lungs of a plausible size.
    public init(_ volume: Volume, threads: Int = 0) throws {
        let body = try volume.resampled(to: volume.geometry.isotropic(1), threads: threads)
        let air = try BodyAir(body, threads: threads)
        let airways = Airways(air)
        let sides = try LungSides(air, without: airways.mask, threads: threads)
        let box = VolumeBox(sides.mask, margin: Int(Self.margin) + 2)
        self.volume = box.map(body.cut) ?? body
        self.airways = box.map(airways.mask.cut) ?? airways.mask
        mask = box.map(sides.mask.cut) ?? sides.mask
        (rightVolume, leftVolume) = (Double(sides.counts.right) / 1e6, Double(sides.counts.left) / 1e6)
        remarks = []
        let total = rightVolume + leftVolume
        guard Self.plausible.contains(total) else {
            let litres = VolumeText.number(total, 1)
            throw VolumeError(
                .notAChest,
                total < 0.05 ? "no lungs were found" : "lungs of \(litres) l; a chest has 1.5 to 8 l, so this is none, or not all of one")
        }
        closed = try mask.closedOverHoles(by: 12, threads: threads)
        search = try Self.search(self.volume, around: closed, threads: threads)
        remarks = Self.remarks(sides, rightVolume, leftVolume)
    }

    private static func search(_ body: Volume, around lungs: VolumeMask, threads: Int) throws -> VolumeMask {
        var search = try lungs.dilated(by: margin, threads: threads)
        let geometry = body.geometry
        var bone = [UInt8](repeating: 0, count: geometry.voxelCount)
        cv_threshold(body.values, bone.count, 300, .max, &bone, Int32(threads))
        let (labels, pieces) = try VoxelPieces.find(bone, geometry, values: nil)
        // A small dense piece may be a calcified nodule.
        let isBone = pieces.map { $0.voxels > 3_000 }
        for index in labels.indices where labels[index] > 0 && isBone[Int(labels[index]) - 1] { search.values[index] = 0 }
        return search
    }

    private static func remarks(_ sides: LungSides, _ right: Double, _ left: Double) -> [String] {
        var remarks: [String] = []
        if sides.touchesTop { remarks.append("the scan ends inside the lungs, at the top") }
        if sides.touchesBottom { remarks.append("the scan ends inside the lungs, at the bottom") }
        if min(right, left) < 0.25 * max(right, left) {
            remarks.append("one lung has less than a quarter of the other's volume")
        }
        return remarks
    }

    /// Which lung a point belongs to, or is nearest to.
    /// - Returns: 1 right, 2 left; `nil` far from both.
    public func side(of point: SIMD3<Double>) -> UInt8? {
        let own = closed.value(at: point)
        if own != 0 { return own }
        let geometry = closed.geometry
        let voxel = geometry.voxel(ofPoint: point).rounded(.toNearestOrAwayFromZero)
        var best: (Double, UInt8)?
        let reach = 15
        for z in -reach...reach {
            for y in -reach...reach {
                for x in -reach...reach {
                    let place = SIMD3(voxel.x + Double(x), voxel.y + Double(y), voxel.z + Double(z))
                    guard place.x >= 0, place.y >= 0, place.z >= 0, place.x < Double(geometry.width), place.y < Double(geometry.height),
                        place.z < Double(geometry.depth)
                    else { continue }
                    let value = closed[Int(place.x), Int(place.y), Int(place.z)]
                    let distance = Double(x * x + y * y + z * z)
                    if value != 0, best.map({ distance < $0.0 }) ?? true { best = (distance, value) }
                }
            }
        }
        return best?.1
    }
}
