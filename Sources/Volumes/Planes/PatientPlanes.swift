/// A plane through a patient, by what stands at right angles to it.
public enum PatientPlane: String, CaseIterable, Codable, Hashable, Sendable {
    /// From the feet: the patient's right is on the left, the front is above.
    case axial
    /// From the front: the patient's right is on the left, the head is above.
    case coronal
    /// From the left: the front is on the left, the head is above.
    case sagittal

    /// Of x, y, z in the order of `PatientPlanes`: what stays, what runs along a row, what runs down.
    var axes: (fixed: Int, across: Int, down: Int) {
        switch self {
        case .axial: (2, 0, 1)
        case .coronal: (1, 0, 2)
        case .sagittal: (0, 1, 2)
        }
    }
}

/// A volume's voxels as a reader looks at them, however they were acquired: x from the patient's right to the left, y from front to back, z from
/// head to feet, each along that axis of the volume which comes nearest to it. Nothing is resampled.
public struct PatientPlanes: Sendable {
    public let volume: Volume
    /// Voxels along x, y, z.
    public let size: [Int]
    /// Millimetres from voxel to voxel along x, y, z.
    public let spacing: [Double]
    /// The centre of the first voxel (right, front, head), millimetres LPS.
    public let origin: SIMD3<Double>
    /// From a voxel to the next along x, y, z, millimetres LPS.
    public let steps: [SIMD3<Double>]
    /// Where the first voxel lies in the volume's values, and how far the next ones lie along x, y, z.
    private let start: Int
    private let strides: [Int]

    public init(_ volume: Volume) {
        let geometry = volume.geometry
        let (own, sides) = (
            [geometry.columnStep, geometry.rowStep, geometry.sliceStep], [geometry.width, geometry.height, geometry.depth]
        )
        let ownStrides = [1, geometry.width, geometry.width * geometry.height]
        // Which of the six assignments goes best with the patient's axes, all three together: the nearest one by one can take an axis twice.
        let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
        func agreement(_ order: [Int]) -> Double {
            order.enumerated().reduce(0) { $0 + abs(own[$1.element][$1.offset]) / max(own[$1.element].length, 1e-9) }
        }
        let order = orders.max { agreement($0) < agreement($1) } ?? [0, 1, 2]
        var (origin, start) = (geometry.origin, 0)
        var (steps, strides) = ([SIMD3<Double>](), [Int]())
        for (axis, taken) in order.enumerated() {
            // LPS runs to the left, the back and the head; a reader goes from the head down.
            let isReversed = (own[taken][axis] < 0) != (axis == 2)
            if isReversed {
                origin += own[taken] * Double(sides[taken] - 1)
                start += ownStrides[taken] * (sides[taken] - 1)
            }
            steps.append(isReversed ? -own[taken] : own[taken])
            strides.append(isReversed ? -ownStrides[taken] : ownStrides[taken])
        }
        self.volume = volume
        (size, spacing) = (order.map { sides[$0] }, order.map { own[$0].length })
        (self.origin, self.start, self.steps, self.strides) = (origin, start, steps, strides)
    }

    /// Voxels along a row and down, of a plane.
    public func size(of plane: PatientPlane) -> (columns: Int, rows: Int) { (size[plane.axes.across], size[plane.axes.down]) }

    /// How many planes there are of a kind.
    public func count(of plane: PatientPlane) -> Int { size[plane.axes.fixed] }

    /// A plane's Hounsfield units, [rows, columns].
    /// - Parameters:
    ///   - index: From 0; one that does not exist means the nearest.
    ///   - slab: Millimetres. Of each place the highest value within half of it on either side: a maximum-intensity projection of a slab.
    public func values(_ plane: PatientPlane, index: Int, slab: Double = 0) -> [Int16] {
        let (fixed, across, down) = plane.axes
        let last = size[fixed] - 1
        let middle = min(max(index, 0), last)
        let reach = Int((slab / 2 / max(spacing[fixed], 1e-9)).rounded())
        let layers = max(0, middle - reach)...min(last, middle + reach)
        let (columns, rows) = (size[across], size[down])
        return volume.values.withUnsafeBufferPointer { voxels in
            [Int16](unsafeUninitializedCapacity: columns * rows) { out, count in
                count = columns * rows
                for row in 0..<rows {
                    let line = start + row * strides[down]
                    for column in 0..<columns {
                        out[row * columns + column] = voxels[line + column * strides[across] + layers.lowerBound * strides[fixed]]
                    }
                    for layer in layers.dropFirst() {
                        let first = line + layer * strides[fixed]
                        for column in 0..<columns {
                            out[row * columns + column] = max(out[row * columns + column], voxels[first + column * strides[across]])
                        }
                    }
                }
            }
        }
    }
}
