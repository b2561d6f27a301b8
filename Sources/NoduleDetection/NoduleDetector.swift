import Basics
import Inference
import Models
import NoduleExamples
import Nodules
import Volumes

/// From a scan to its nodules: lungs, candidates, the classifier on each, the segmenter on those that score, measurements.
public struct NoduleDetector: Sendable {
    public let model: NoduleModel
    /// Lowest score; `nil` for the card's.
    public var threshold: Double?
    /// 0 is as many as there are cores.
    public var threads: Int
    /// So many of the best are looked at in eight mirror images.
    public var mirrored = 50
    /// No scan has more nodules than these in a list.
    public var most = 100

    public init(_ model: NoduleModel, threshold: Double? = nil, threads: Int = 0) {
        (self.model, self.threshold, self.threads) = (model, threshold, threads)
    }

    public var lowestScore: Double { threshold ?? model.bundle.card.scoreThreshold }

    /// - Throws: `VolumeError` where the scan is no chest; `InferenceError`.
    public func read(_ volume: Volume) throws -> NoduleReading {
        let lungs = try Lungs(volume, threads: threads)
        let candidates = try CandidateFinder(threads: threads).candidates(in: lungs)
        let geometry = lungs.volume.geometry
        let block = VoxelBlock(
            width: geometry.width, height: geometry.height, depth: geometry.depth, hounsfield: lungs.volume.values)
        let scored = try scores(of: candidates, in: block, geometry)
        let place = try LungPlace(lungs, threads: threads)
        var found: [FoundNodule] = []
        for (candidate, score) in scored where score >= lowestScore && found.count < most {
            // A mark inside of a nodule that is in the list already says nothing new.
            guard !found.contains(where: { Self.covers($0, candidate.centre) }) else { continue }
            let (mask, isOutlined) = try mask(around: candidate, in: block, geometry)
            guard !found.contains(where: { Self.overlaps($0.mask, mask) }) else { continue }
            let values = try lungs.volume.resampled(to: mask.geometry, threads: threads)
            guard var nodule = Nodule(mask, in: values, place: place) else { continue }
            // Thick slices show small things too badly to tell a nodule from a vessel that is cut across.
            guard nodule.meanDiameter >= volume.record.smallestNodule ?? 0 else { continue }
            nodule.score = score
            nodule.slicePlace = volume.slicePlace(of: nodule.centre)
            if !isOutlined { nodule.remarks.append("no outline was found: the size is that of the filter that answered most") }
            if let spacing = volume.record.spacing, spacing > nodule.shortAxis / 3 {
                nodule.remarks.append("fewer than four slices show it: volume and diameter are rough")
            }
            found.append(
                FoundNodule(
                    number: found.count + 1, nodule: nodule, mask: mask, sizeClasses: SizeClasses(nodule), candidate: candidate))
        }
        var remarks = lungs.remarks
        if let smallest = volume.record.smallestNodule {
            remarks.append("slices this thick show nodules over \(Int(smallest)) mm only; smaller marks are left out")
        }
        return NoduleReading(
            nodules: found, candidates: candidates.count, threshold: lowestScore, rightLung: lungs.rightVolume,
            leftLung: lungs.leftVolume, remarks: remarks, volume: lungs.volume)
    }

    /// By falling score. The best are the mean over eight mirror images, the others of one look.
    private func scores(
        of candidates: [Candidate], in block: VoxelBlock, _ geometry: VolumeGeometry
    ) throws -> [(candidate: Candidate, score: Double)] {
        let voxels = candidates.map { Self.voxel($0.centre, geometry) }
        let first = try scores(around: voxels, in: block, mirror: 0)
        let order = first.indices.sorted { (first[$1], $0) < (first[$0], $1) }
        let best = Array(order.prefix(mirrored))
        var sums = best.map { Double(first[$0]) }
        for mirror in 1..<8 {
            for (index, score) in try scores(around: best.map { voxels[$0] }, in: block, mirror: mirror).enumerated() {
                sums[index] += Double(score)
            }
        }
        let again = zip(best, sums).map { (candidates[$0], $1 / 8) }.sorted { ($1.1, $0.0.number) < ($0.1, $1.0.number) }
        // No one who was looked at once only comes before one who was looked at eight times.
        let last = again.last?.1 ?? 1
        return again + order.dropFirst(mirrored).map { (candidates[$0], min(Double(first[$0]), last)) }
    }

    private func scores(around voxels: [SIMD3<Int>], in block: VoxelBlock, mirror: Int) throws -> [Float] {
        let (side, batch) = (NoduleModel.cubeSide, NoduleModel.batch)
        let orientation = CubeOrientation(number: mirror)
        var scores: [Float] = []
        for start in stride(from: 0, to: voxels.count, by: batch) {
            let part = Array(voxels[start..<min(start + batch, voxels.count)])
            let cubes = Concurrent.map(2 * part.count, stretch: 4) { index in
                orientation.turned(
                    block.cube(around: part[index / 2], side: side, spacing: index % 2 + 1), side: side)
            }
            let filling = [Float](repeating: -1, count: (batch - part.count) * side * side * side)
            let inputs = [0, 1].map { which in part.indices.flatMap { cubes[2 * $0 + which] } + filling }
            scores += try model.classifier.run(inputs).prefix(part.count)
        }
        return scores
    }

    static func voxel(_ point: SIMD3<Double>, _ geometry: VolumeGeometry) -> SIMD3<Int> {
        let voxel = geometry.voxel(ofPoint: point).rounded(.toNearestOrAwayFromZero)
        return SIMD3(Int(voxel.x), Int(voxel.y), Int(voxel.z))
    }

    // MARK: Masks

    /// The outline of the nodule at a candidate, cut to it.
    /// - Returns: Whether the network drew it; else it is a ball of the candidate's size.
    private func mask(
        around candidate: Candidate, in block: VoxelBlock, _ geometry: VolumeGeometry
    ) throws -> (mask: VolumeMask, isOutlined: Bool) {
        let side = NoduleModel.blockSide
        let voxel = Self.voxel(candidate.centre, geometry)
        let said = try model.segmenter.run([block.cube(around: voxel, side: side)])
        let start = voxel &- side / 2
        // Half a millimetre: a nodule of 6 mm is 6 voxels of 1 mm across, too few to measure it by.
        let corner = SIMD3(Double(start.x), Double(start.y), Double(start.z)) - 0.25
        let fine = VolumeGeometry(
            width: 2 * side, height: 2 * side, depth: 2 * side, origin: geometry.point(ofVoxel: corner),
            columnStep: geometry.columnStep / 2, rowStep: geometry.rowStep / 2, sliceStep: geometry.sliceStep / 2)
        let marked = Self.doubled(said, side: side).map { $0 >= 0.5 ? UInt8(1) : 0 }
        let piece = NodulePiece.middle(of: marked, side: 2 * side, reach: 2 * NoduleMaskReach.voxels)
        let mask = VolumeMask(geometry: fine, values: piece ?? Self.ball(candidate.radius, side: 2 * side))
        return (VolumeBox(mask, margin: 2).map(mask.cut) ?? mask, piece != nil)
    }

    /// Twice as many voxels along each axis, in between by straight lines.
    package static func doubled(_ values: [Float], side: Int) -> [Float] {
        let fine = 2 * side
        // Places and shares of one axis.
        let places = (0..<fine).map { index -> (low: Int, high: Int, share: Float) in
            let place = (Float(index) + 0.5) / 2 - 0.5
            let low = Int(place.rounded(.down))
            return (max(0, low), min(side - 1, low + 1), place - Float(low))
        }
        func along(_ source: [Float], outer: Int, inner: Int) -> [Float] {
            var target: [Float] = []
            target.reserveCapacity(outer * fine * inner)
            for block in 0..<outer {
                for place in places {
                    let (low, high) = ((block * side + place.low) * inner, (block * side + place.high) * inner)
                    for index in 0..<inner { target.append(source[low + index] * (1 - place.share) + source[high + index] * place.share) }
                }
            }
            return target
        }
        let columns = along(values, outer: side * side, inner: 1)
        let rows = along(columns, outer: side, inner: fine)
        return along(rows, outer: 1, inner: fine * fine)
    }

    /// - Parameter radius: Millimetres, of voxels of half a millimetre.
    private static func ball(_ radius: Double, side: Int) -> [UInt8] {
        let (centre, limit) = (Double(side) / 2, 4 * radius * radius)
        var values: [UInt8] = []
        values.reserveCapacity(side * side * side)
        for z in 0..<side {
            for y in 0..<side {
                for x in 0..<side {
                    let offset = SIMD3(Double(x), Double(y), Double(z)) - centre
                    values.append((offset * offset).sum() <= limit ? 1 : 0)
                }
            }
        }
        return values
    }

    private static func covers(_ nodule: FoundNodule, _ point: SIMD3<Double>) -> Bool {
        if nodule.mask.value(at: point) != 0 { return true }
        let offset = point - nodule.nodule.centre
        return (offset * offset).sum().squareRoot() < max(2, nodule.nodule.equivalentDiameter / 2)
    }

    /// Whether two masks are of one thing: a third of the smaller is in both.
    private static func overlaps(_ first: VolumeMask, _ second: VolumeMask) -> Bool {
        let (small, large) = first.volume < second.volume ? (first, second) : (second, first)
        let geometry = small.geometry
        var (count, common) = (0, 0)
        for slice in 0..<geometry.depth {
            for row in 0..<geometry.height {
                for column in 0..<geometry.width where small[column, row, slice] != 0 {
                    count += 1
                    let point = geometry.point(ofVoxel: SIMD3(Double(column), Double(row), Double(slice)))
                    if large.value(at: point) != 0 { common += 1 }
                }
            }
        }
        return count > 0 && 3 * common > count
    }
}
