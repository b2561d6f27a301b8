import Basics
import CVolumes
import Foundation
import Volumes

/// Voxels that are drawn into, in Hounsfield units.
struct VolumeCanvas {
    private let geometry: VolumeGeometry
    private let thickness: Float
    private let origin: SIMD3<Float>
    private let spacing: SIMD3<Float>
    private var values: [Float]
    private(set) var lungs: VolumeMask
    private(set) var nodules: VolumeMask

    init(_ geometry: VolumeGeometry, thickness: Double) {
        self.geometry = geometry
        self.thickness = Float(thickness)
        origin = SIMD3<Float>(geometry.origin)
        spacing = SIMD3<Float>(geometry.spacing)
        values = [Float](repeating: -1000, count: geometry.voxelCount)
        lungs = VolumeMask(geometry: geometry)
        nodules = VolumeMask(geometry: geometry)
    }

    /// Body and lungs. The surface of a lung is as sharp as a voxel.
    mutating func drawThorax(_ thorax: ThoraxShape, _ texture: LungTexture) {
        let (width, height) = (geometry.width, geometry.height)
        let (origin, spacing) = (origin, spacing)
        let soft = 1 / max(spacing.x, 0.5)
        values.withUnsafeMutableBufferPointer { values in
            lungs.values.withUnsafeMutableBufferPointer { lungs in
                nonisolated(unsafe) let (values, lungs) = (values, lungs)
                DispatchQueue.concurrentPerform(iterations: geometry.depth) { slice in
                    for row in 0..<height {
                        for column in 0..<width {
                            let point = origin + spacing * SIMD3(Float(column), Float(row), Float(slice))
                            let side = point.x < 0 ? 0 : 1
                            let wall = thorax.wall(point, side: side)
                            let medial = thorax.medial(point, side: side)
                            let depth = min(wall, medial)
                            let place = (slice * height + row) * width + column
                            // What lies far inside needs no look at bones.
                            var value = depth > 3 ? 0 : thorax.tissue(point, wall: medial > 0 ? wall : min(wall, 0))
                            let share = min(1, max(0, depth * soft + 0.5))
                            if share > 0 {
                                // Blood sinks to the back.
                                let lung = -860 + texture(point) + 0.25 * point.y
                                value += (lung - value) * share
                            }
                            values[place] = value
                            if depth > 0 { lungs[place] = UInt8(side + 1) }
                        }
                    }
                }
            }
        }
    }

    /// Calls `body` with each voxel near a box of places, and its middle.
    private func forEachVoxel(from low: SIMD3<Float>, to high: SIMD3<Float>, _ body: (Int, SIMD3<Float>) -> Void) {
        let first = ((low - origin) / spacing).rounded(.down), last = ((high - origin) / spacing).rounded(.up)
        let counts = [geometry.width, geometry.height, geometry.depth]
        func range(_ axis: Int) -> Range<Int> {
            let start = max(0, Int(max(-1e6, first[axis])))
            return start..<max(start, min(counts[axis], Int(min(1e6, last[axis])) + 1))
        }
        for slice in range(2) {
            for row in range(1) {
                for column in range(0) {
                    body(
                        (slice * geometry.height + row) * geometry.width + column,
                        origin + spacing * SIMD3(Float(column), Float(row), Float(slice)))
                }
            }
        }
    }

    /// How much of a voxel something fills, by points inside it: three by three in the slice, and along z every half millimetre of the
    /// slice's thickness.
    private func share(_ middle: SIMD3<Float>, _ contains: (SIMD3<Float>) -> Bool) -> Float {
        let depth = max(3, Int((thickness / 0.5).rounded(.up)))
        var inside = 0
        for k in 0..<depth {
            let z = ((Float(k) + 0.5) / Float(depth) - 0.5) * thickness
            for j in 0..<3 {
                let y = (Float(j) - 1) / 3 * spacing.y
                for i in 0..<3 where contains(middle + SIMD3((Float(i) - 1) / 3 * spacing.x, y, z)) { inside += 1 }
            }
        }
        return Float(inside) / Float(9 * depth)
    }

    /// A nodule, and what is true of it.
    mutating func draw(_ plan: NodulePlan, number: Int, _ thorax: ThoraxShape, into nodules: inout [PhantomNodule]) {
        let shape = plan.shape
        let isInLung = { (point: SIMD3<Float>) in plan.attachment != .pleura || thorax.depth(point, side: plan.side) > 0 }
        let truth = shape.measured(isInside: isInLung)
        guard truth.volume > 0 else { return }
        let reach = shape.reach + max(thickness, spacing.x)
        var painted: [(place: Int, share: Float, core: Float)] = []
        forEachVoxel(from: shape.centre - reach, to: shape.centre + reach) { place, middle in
            let share = share(middle) { shape.contains($0) && isInLung($0) }
            guard share > 0 else { return }
            let core = plan.core.map { core in self.share(middle) { shape.contains($0, scale: core) && isInLung($0) } } ?? 0
            painted.append((place, share, core))
        }
        for (place, share, core) in painted {
            // Ground glass lets vessels show.
            if plan.kind == .solid || values[place] < plan.value { values[place] += (plan.value - values[place]) * share }
            if core > 0 { values[place] += (30 - values[place]) * core }
            if share >= 0.5 { self.nodules.values[place] = UInt8(clamping: number) }
        }
        var solid: Double?
        if let core = plan.core {
            let measured = shape.measured(scale: core, isInside: isInLung)
            solid = (measured.long + measured.short) / 2
        }
        nodules.append(
            PhantomNodule(
                number: number, centre: truth.centre, diameter: (truth.long + truth.short) / 2, longAxis: truth.long,
                shortAxis: truth.short, volume: truth.volume, kind: plan.kind, attachment: plan.attachment, solidDiameter: solid))
    }

    mutating func draw(_ tree: VesselTree, value: Float) {
        for segment in tree.segments { draw(segment, radius: segment.radius, value: value) }
    }

    /// A wall around air.
    mutating func drawAirway(_ tree: VesselTree) {
        for segment in tree.segments { draw(segment, radius: segment.radius * 1.2 + 0.3, value: 0, isWall: true) }
        for segment in tree.segments { draw(segment, radius: segment.radius, value: -1000, isAir: true) }
    }

    /// - Parameters:
    ///   - isWall: Only what is less dense is drawn over: a wall changes nothing in the mediastinum.
    ///   - isAir: The lung ends there, too.
    private mutating func draw(_ segment: VesselTree.Segment, radius: Float, value: Float, isWall: Bool = false, isAir: Bool = false) {
        let reach = radius + max(thickness, spacing.x)
        let way = segment.end - segment.start
        let square = max(1e-6, (way * way).sum())
        var painted: [(Int, Float)] = []
        let steps = max(1, Int((thickness / 0.8).rounded(.up)))
        forEachVoxel(
            from: pointwiseMin(segment.start, segment.end) - reach, to: pointwiseMax(segment.start, segment.end) + reach
        ) { place, middle in
            var share: Float = 0
            for step in 0..<steps {
                let point = middle + SIMD3(0, 0, ((Float(step) + 0.5) / Float(steps) - 0.5) * thickness)
                let along = min(1, max(0, ((point - segment.start) * way).sum() / square))
                let off = point - segment.start - way * along
                let distance = (off * off).sum().squareRoot()
                // A vessel thinner than a voxel fills its share of it.
                let full = min(1, 2 * radius / spacing.x)
                share += full * min(1, max(0, (radius - distance) / spacing.x + 0.5))
            }
            if share > 0 { painted.append((place, share / Float(steps))) }
        }
        for (place, share) in painted {
            if !isAir, values[place] > value { continue }
            values[place] += (value - values[place]) * share
            if isAir, share > 0.5, spacing.x * 2 < radius { lungs.values[place] = 0 }
        }
    }

    /// The scanner's blur within a slice, then noise that is a little smooth within a slice.
    /// - Throws: `VolumeError` without memory.
    func finished(blur: Double, noise: Double, seed: UInt64) throws -> [Int16] {
        var drawn = values
        let sigma = [blur / Double(spacing.x), blur / Double(spacing.y), 0]
        guard cv_gaussian_float(&drawn, geometry.size, sigma, 0) else {
            throw VolumeError(.tooLarge, "there is not enough memory for the phantom")
        }
        let (width, height) = (geometry.width, geometry.height)
        let count = width * height
        // A Gaussian of 0.6 pixels leaves this share of white noise's deviation.
        let smooth = 0.6
        var result = [Int16](repeating: 0, count: drawn.count)
        result.withUnsafeMutableBufferPointer { result in
            drawn.withUnsafeBufferPointer { drawn in
                nonisolated(unsafe) let (result, drawn) = (result, drawn)
                DispatchQueue.concurrentPerform(iterations: geometry.depth) { slice in
                    var random = SeededGenerator(seed: seed, stream: UInt64(slice))
                    var grain = [Float](repeating: 0, count: count)
                    if noise > 0 {
                        for index in grain.indices {
                            // The sum of four uniform numbers is near enough to a normal one, whose deviation is 37,837.
                            let bits = random.next()
                            let sum = Int(bits & 0xFFFF) + Int(bits >> 16 & 0xFFFF) + Int(bits >> 32 & 0xFFFF) + Int(bits >> 48)
                            grain[index] = (Float(sum) - 131_070) / 37_837
                        }
                        _ = cv_gaussian_float(&grain, CVSize(width: width, height: height, depth: 1), [smooth, smooth, 0], 1)
                        let square = grain.reduce(Float(0)) { $0 + $1 * $1 } / Float(count)
                        let scale = Float(noise) / max(square.squareRoot(), 1e-6)
                        for index in grain.indices { grain[index] *= scale }
                    }
                    for index in 0..<count {
                        let place = slice * count + index
                        result[place] = Int16(max(-1_024, min(3_071, (drawn[place] + grain[index]).rounded())))
                    }
                }
            }
        }
        return result
    }
}
