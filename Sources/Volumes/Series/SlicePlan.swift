import CVolumes
import Foundation

/// Which slices make which plane of the volume, and where the volume lies.
struct SlicePlan {
    /// How a plane comes to be.
    enum Plane: Hashable {
        case slice(Int)
        /// Between two slices: the second's share.
        case between(Int, Int, Double)
    }

    /// Neighbours farther apart than this many spacings have a slice missing between them.
    private static let gap = 1.5
    /// Share of the spacing by which a slice may lie off its place.
    private static let jitter = 0.02
    /// Degrees; more is sheared straight.
    private static let largestTilt = 0.5
    /// Millimetres that a slice may lie beside the line of the others.
    private static let largestOffset = 0.5

    let planes: [Plane]
    let geometry: VolumeGeometry
    /// Columns and rows by which each plane is moved to stand straight; `nil` where none is.
    let shifts: [SIMD2<Double>]?
    /// Pairs of neighbours with slices missing between them, by the number of the first, and how many are missing.
    let gaps: [(before: Int, missing: Int)]
    let spacing: Double
    let tilt: Double

    /// - Throws: `VolumeError` of slices that make no block.
    init(_ slices: [FoundSlice], places: [Double], record: inout VolumeRecord) throws {
        guard let first = slices.first?.geometry, let last = slices.last?.geometry, let start = places.first, let end = places.last,
            slices.count > 1, end > start
        else { throw VolumeError(.tooFew, "1 place: slices at several places are needed") }
        let normal = first.normal
        let distances = zip(places.dropFirst(), places).map { $0 - $1 }
        guard let median = SliceGroup.median(distances), median > 0.05 else {
            throw VolumeError(.irregular, "the slices lie less than 0.05 mm apart")
        }
        // Along the normal, and across it where the gantry was tilted.
        let way = (last.position - first.position) / (end - start)
        for (slice, place) in zip(slices, places) {
            let off = (slice.geometry.position - first.position - way * (place - start)).length
            guard off <= Self.largestOffset else {
                throw VolumeError(
                    .irregular, "\(slice.label) lies \(VolumeText.millimetres(off)) beside the line of the other slices: they make no block"
                )
            }
        }
        let across = way - normal * way.dot(normal)
        let angle = atan(across.length) * 180 / .pi

        var numbers = places.map { Int((($0 - start) / median).rounded()) }
        // The mean is exacter than the median, whose two positions are rounded.
        var step = numbers.last.map { (end - start) / Double(max(1, $0)) } ?? median
        let isRising = zip(numbers.dropFirst(), numbers).allSatisfy { $0 > $1 }
        let worst = zip(places, numbers).map { abs($0 - start - Double($1) * step) }.max() ?? 0
        let isRegular = isRising && worst <= Self.jitter * step
        gaps = distances.enumerated().filter { $0.element > Self.gap * median }
            .map { ($0.offset, max(1, Int(($0.element / median).rounded()) - 1)) }
        var planes: [Plane] = []
        if isRegular {
            for index in slices.indices {
                planes.append(.slice(index))
                guard index + 1 < slices.count else { continue }
                for missing in stride(from: numbers[index] + 1, to: numbers[index + 1], by: 1) {
                    let share = Double(missing - numbers[index]) / Double(numbers[index + 1] - numbers[index])
                    planes.append(.between(index, index + 1, share))
                }
            }
            if worst > 0.001 {
                record.note("jitter", "slices lie up to \(VolumeText.number(worst, 3)) mm off equal distances: taken as equal")
            }
        } else {
            step = median
            let count = Int(((end - start) / step + 1e-6).rounded(.down)) + 1
            var below = 0
            numbers = []
            for number in 0..<count {
                let place = start + Double(number) * step
                while below + 2 < places.count, places[below + 1] <= place { below += 1 }
                let share = min(1, max(0, (place - places[below]) / (places[below + 1] - places[below])))
                // Within the rounding of positions.
                if share < 1e-3 {
                    planes.append(.slice(below))
                } else if share > 1 - 1e-3 {
                    planes.append(.slice(below + 1))
                } else {
                    planes.append(.between(below, below + 1, share))
                }
            }
            let (least, most) = (distances.min() ?? 0, distances.max() ?? 0)
            record.note(
                "irregular",
                "distances from \(VolumeText.number(least)) to \(VolumeText.millimetres(most)): resampled to \(VolumeText.millimetres(step))"
            )
        }
        self.planes = planes
        spacing = step
        let isTilted = angle > Self.largestTilt
        tilt = angle < 1e-3 ? 0 : angle
        let columnStep = first.rowDirection * first.spacing.y
        let rowStep = first.columnDirection * first.spacing.x
        guard isTilted else {
            shifts = nil
            geometry = VolumeGeometry(
                width: first.columns, height: first.rows, depth: planes.count, origin: first.position, columnStep: columnStep,
                rowStep: rowStep, sliceStep: way * step)
            return
        }
        // Each plane is moved to where the first one's columns and rows are.
        let perMillimetre = SIMD2(across.dot(first.rowDirection) / first.spacing.y, across.dot(first.columnDirection) / first.spacing.x)
        let moves = planes.indices.map { perMillimetre * (Double($0) * step) }
        let low = SIMD2(moves.map(\.x).min() ?? 0, moves.map(\.y).min() ?? 0).rounded(.down)
        let high = SIMD2(moves.map(\.x).max() ?? 0, moves.map(\.y).max() ?? 0).rounded(.up)
        shifts = moves.map { $0 - low }
        geometry = VolumeGeometry(
            width: first.columns + Int(high.x - low.x), height: first.rows + Int(high.y - low.y), depth: planes.count,
            origin: first.position + columnStep * low.x + rowStep * low.y, columnStep: columnStep, rowStep: rowStep,
            sliceStep: normal * step)
        record.note("tilt", "the gantry was tilted by \(VolumeText.number(angle)) degrees: slices sheared to stand straight")
    }

    /// The plane that each slice is by itself, where it is one.
    func planeOfSlice(count: Int) -> [Int?] {
        var found = [Int?](repeating: nil, count: count)
        guard shifts == nil else { return found }
        for (number, plane) in planes.enumerated() {
            if case .slice(let index) = plane { found[index] = number }
        }
        return found
    }
}
