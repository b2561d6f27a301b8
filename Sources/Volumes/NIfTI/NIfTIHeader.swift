import Foundation

/// How a file's voxels are stored, by NIfTI's own numbers.
enum NIfTIKind: Int16 {
    case uint8 = 2
    case int16 = 4
    case int32 = 8
    case float32 = 16
    case float64 = 64
    case int8 = 256
    case uint16 = 512

    /// Bytes.
    var size: Int {
        switch self {
        case .uint8, .int8: 1
        case .int16, .uint16: 2
        case .int32, .float32: 4
        case .float64: 8
        }
    }
}

/// The 348 bytes at the beginning of a NIfTI-1 file, and the four behind them.
struct NIfTIHeader {
    var geometry: VolumeGeometry
    var kind: NIfTIKind
    var slope = 1.0
    var intercept = 0.0
    /// Where the voxels begin.
    var offset = 352
    private var isSwapped = false

    /// Stands in the header's `descrip`, and before a compressed file: what Pleura may replace.
    static let mark = "Pleura volume"

    init(_ geometry: VolumeGeometry, _ kind: NIfTIKind) throws {
        guard max(geometry.width, geometry.height, geometry.depth) <= 32_767 else {
            throw VolumeError(.tooLarge, "NIfTI-1 has at most 32,767 voxels along an axis")
        }
        (self.geometry, self.kind) = (geometry, kind)
    }

    /// From voxels to RAS: four columns.
    private var affine: [SIMD3<Double>] {
        [geometry.columnStep, geometry.rowStep, geometry.sliceStep, geometry.origin].map { $0 * SIMD3(-1, -1, 1) }
    }

    var bytes: Data {
        var bytes = [UInt8](repeating: 0, count: 352)
        func put(_ value: some FixedWidthInteger, at place: Int) {
            withUnsafeBytes(of: value.littleEndian) { for (index, byte) in $0.enumerated() { bytes[place + index] = byte } }
        }
        func put(_ value: Double, at place: Int) { put(Float(value).bitPattern, at: place) }
        put(Int32(348), at: 0)
        for (index, count) in [3, geometry.width, geometry.height, geometry.depth, 1, 1, 1, 1].enumerated() {
            put(Int16(count), at: 40 + 2 * index)
        }
        put(kind.rawValue, at: 70)
        put(Int16(8 * kind.size), at: 72)
        let spacing = geometry.spacing
        let quaternion = Quaternion(affine)
        for (index, value) in [quaternion?.handedness ?? 1, spacing.x, spacing.y, spacing.z].enumerated() { put(value, at: 76 + 4 * index) }
        put(352.0, at: 108)
        put(1.0, at: 112)
        bytes[123] = 2  // Millimetres.
        bytes.replaceSubrange(148..<148 + Self.mark.utf8.count, with: Array(Self.mark.utf8))
        put(Int16(quaternion == nil ? 0 : 1), at: 252)
        put(Int16(1), at: 254)
        if let quaternion {
            for (index, value) in [quaternion.b, quaternion.c, quaternion.d].enumerated() { put(value, at: 256 + 4 * index) }
            for axis in 0..<3 { put(affine[3][axis], at: 268 + 4 * axis) }
        }
        for row in 0..<3 { for column in 0..<4 { put(affine[column][row], at: 280 + 16 * row + 4 * column) } }
        bytes.replaceSubrange(344..<348, with: [0x6E, 0x2B, 0x31, 0])  // "n+1"
        return Data(bytes)
    }

    /// - Throws: `VolumeError` of code `badFile`.
    init(_ file: Data) throws {
        let bytes = [UInt8](file.prefix(352))
        guard bytes.count == 352 else { throw VolumeError(.badFile, "the file ends inside the NIfTI header") }
        let isLittle = bytes[0] == 0x5C && bytes[1] == 1
        guard isLittle || (bytes[3] == 0x5C && bytes[2] == 1) else { throw VolumeError(.badFile, "the file is no NIfTI-1") }
        guard bytes[344] == 0x6E, bytes[345] == 0x2B, bytes[346] == 0x31 else {
            throw VolumeError(.badFile, "the file is no single-file NIfTI-1 (n+1)")
        }
        isSwapped = !isLittle
        func integer<Value: FixedWidthInteger>(_ type: Value.Type, at place: Int) -> Value {
            let value = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: Value.self) }
            return isLittle ? Value(littleEndian: value) : Value(bigEndian: value)
        }
        func real(at place: Int) -> Double { Double(Float(bitPattern: integer(UInt32.self, at: place))) }
        let counts = (0..<8).map { Int(integer(Int16.self, at: 40 + 2 * $0)) }
        guard (3...7).contains(counts[0]), counts[1...3].allSatisfy({ $0 > 0 }), counts[4..<(counts[0] + 1)].allSatisfy({ $0 <= 1 }) else {
            throw VolumeError(.badFile, "dim: three axes are needed")
        }
        guard let kind = NIfTIKind(rawValue: integer(Int16.self, at: 70)) else {
            throw VolumeError(.badFile, "datatype \(integer(Int16.self, at: 70)) is not read")
        }
        self.kind = kind
        let offset = real(at: 108)
        guard offset >= 352, offset < 1e9 else { throw VolumeError(.badFile, "vox_offset is none") }
        self.offset = Int(offset)
        let (slope, intercept) = (real(at: 112), real(at: 116))
        if slope != 0, slope.isFinite, intercept.isFinite { (self.slope, self.intercept) = (slope, intercept) }
        let sizes = (1...3).map { real(at: 76 + 4 * $0) }
        var columns: [SIMD3<Double>]
        if integer(Int16.self, at: 254) > 0 {
            columns = (0..<4).map { column in SIMD3(real(at: 280 + 4 * column), real(at: 296 + 4 * column), real(at: 312 + 4 * column)) }
        } else if integer(Int16.self, at: 252) > 0 {
            let quaternion = Quaternion(b: real(at: 256), c: real(at: 260), d: real(at: 264), handedness: real(at: 76) < 0 ? -1 : 1)
            columns = zip(quaternion.columns, sizes).map { $0 * $1 } + [SIMD3(real(at: 268), real(at: 272), real(at: 276))]
        } else {
            columns = [SIMD3(sizes[0], 0, 0), SIMD3(0, sizes[1], 0), SIMD3(0, 0, sizes[2]), .zero]
        }
        columns = columns.map { $0 * SIMD3(-1, -1, 1) }
        geometry = VolumeGeometry(
            width: counts[1], height: counts[2], depth: counts[3], origin: columns[3], columnStep: columns[0], rowStep: columns[1],
            sliceStep: columns[2])
        guard geometry.voxelVolume.isFinite, geometry.voxelVolume > 1e-9 else { throw VolumeError(.badFile, "the affine map is flat") }
        guard columns[3].x.isFinite, columns[3].y.isFinite, columns[3].z.isFinite else {
            throw VolumeError(.badFile, "the affine map is not finite")
        }
    }

    /// Hands over every voxel, slope and intercept applied.
    func forEachValue(_ samples: Data, _ body: (Int, Double) -> Void) throws {
        samples.withUnsafeBytes { bytes in
            func each<Value: FixedWidthInteger>(_ type: Value.Type, _ number: (Value) -> Double) {
                for index in 0..<geometry.voxelCount {
                    let raw = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Value>.size, as: Value.self)
                    body(index, number(isSwapped ? Value(bigEndian: raw) : Value(littleEndian: raw)) * slope + intercept)
                }
            }
            switch kind {
            case .uint8: each(UInt8.self) { Double($0) }
            case .int8: each(Int8.self) { Double($0) }
            case .int16: each(Int16.self) { Double($0) }
            case .uint16: each(UInt16.self) { Double($0) }
            case .int32: each(Int32.self) { Double($0) }
            case .float32: each(UInt32.self) { Double(Float(bitPattern: $0)) }
            case .float64: each(UInt64.self) { Double(bitPattern: $0) }
            }
        }
    }
}

/// A rotation as NIfTI has it (nifti1.h, method 2), with the side of the third axis.
private struct Quaternion {
    var b: Double
    var c: Double
    var d: Double
    var handedness: Double

    init(b: Double, c: Double, d: Double, handedness: Double) { (self.b, self.c, self.d, self.handedness) = (b, c, d, handedness) }

    /// `nil` where the axes do not stand at right angles.
    init?(_ affine: [SIMD3<Double>]) {
        var axes = affine.prefix(3).map { $0 / $0.length }
        guard abs(axes[0].dot(axes[1])) < 1e-6, abs(axes[0].dot(axes[2])) < 1e-6, abs(axes[1].dot(axes[2])) < 1e-6 else { return nil }
        handedness = axes[0].cross(axes[1]).dot(axes[2]) < 0 ? -1 : 1
        axes[2] *= handedness
        // r[i][j]: row i of column j.
        func r(_ i: Int, _ j: Int) -> Double { axes[j][i] }
        let a = 1 + r(0, 0) + r(1, 1) + r(2, 2)
        if a > 0.5 {
            let root = 0.5 * a.squareRoot()
            (b, c, d) = ((r(2, 1) - r(1, 2)) / root / 4, (r(0, 2) - r(2, 0)) / root / 4, (r(1, 0) - r(0, 1)) / root / 4)
            return
        }
        let (x, y, z) = (1 + r(0, 0) - r(1, 1) - r(2, 2), 1 + r(1, 1) - r(0, 0) - r(2, 2), 1 + r(2, 2) - r(0, 0) - r(1, 1))
        var scalar: Double
        if x > 1 {
            b = 0.5 * x.squareRoot()
            (c, d, scalar) = ((r(0, 1) + r(1, 0)) / b / 4, (r(0, 2) + r(2, 0)) / b / 4, (r(2, 1) - r(1, 2)) / b / 4)
        } else if y > 1 {
            c = 0.5 * y.squareRoot()
            (b, d, scalar) = ((r(0, 1) + r(1, 0)) / c / 4, (r(1, 2) + r(2, 1)) / c / 4, (r(0, 2) - r(2, 0)) / c / 4)
        } else {
            d = 0.5 * max(0, z).squareRoot()
            (b, c, scalar) = ((r(0, 2) + r(2, 0)) / d / 4, (r(1, 2) + r(2, 1)) / d / 4, (r(1, 0) - r(0, 1)) / d / 4)
        }
        if scalar < 0 { (b, c, d, scalar) = (-b, -c, -d, -scalar) }
    }

    /// The three axes.
    var columns: [SIMD3<Double>] {
        let square = 1 - b * b - c * c - d * d
        // Half a turn: what is left is the rounding of 32 bits (nifti1_io.c).
        let isHalfTurn = square < 1e-6
        let scale = isHalfTurn ? 1 / (b * b + c * c + d * d).squareRoot() : 1
        let (a, b, c, d) = (isHalfTurn ? 0 : square.squareRoot(), b * scale, c * scale, d * scale)
        return [
            SIMD3(a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c)),
            SIMD3(2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b)),
            SIMD3(2 * (b * d + a * c), 2 * (c * d - a * b), a * a + d * d - b * b - c * c) * handedness,
        ]
    }
}
