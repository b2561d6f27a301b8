import Basics
import Foundation
import PleuraTesting
import Testing
import Volumes

@Suite struct NIfTITests {
    private static func oblique() -> Volume {
        let geometry = VolumeGeometry(
            width: 7, height: 5, depth: 4, origin: SIMD3(-31.5, 12.25, 99), columnStep: SIMD3(0.6, 0.3, 0), rowStep: SIMD3(-0.35, 0.7, 0),
            sliceStep: SIMD3(0, 0, -2.5))
        var random = SeededGenerator(seed: 4)
        return Volume(geometry: geometry, values: (0..<geometry.voxelCount).map { _ in Int16(random.uniform(-1024...3000)) })
    }

    @Test(arguments: [true, false])
    func aVolumeComesBack(isCompressed: Bool) throws {
        let volume = Self.oblique()
        let back = try NIfTIFile.volume(NIfTIFile.bytes(of: volume, isCompressed: isCompressed))
        #expect(back.values == volume.values && isNear(back.geometry, volume.geometry, 1e-4))
        let mask = VolumeMask(geometry: volume.geometry, values: volume.values.map { $0 > 500 ? 2 : 0 })
        #expect(try NIfTIFile.mask(NIfTIFile.bytes(of: mask, isCompressed: isCompressed)).values == mask.values)
    }

    /// The quaternion alone says the same, where the axes stand at right angles.
    @Test func theQuaternionAgreesWithTheAffineMap() throws {
        for (row, column) in [
            (SIMD3<Double>(1, 0, 0), SIMD3<Double>(0, 1, 0)), (SIMD3(1, 0, 0), SIMD3(0, 0, -1)), (SIMD3(0, 1, 0), SIMD3(0, 0, -1)),
            (SIMD3(-1, 0, 0), SIMD3(0, 1, 0)), (SIMD3(0.8, 0.6, 0), SIMD3(-0.6, 0.8, 0)),
        ] {
            for sign in [1.0, -1] {
                let normal = SIMD3(
                    row.y * column.z - row.z * column.y, row.z * column.x - row.x * column.z, row.x * column.y - row.y * column.x)
                let geometry = VolumeGeometry(
                    width: 3, height: 4, depth: 5, origin: SIMD3(1, 2, 3), columnStep: row * 0.7, rowStep: column * 0.8,
                    sliceStep: normal * 2 * sign)
                var bytes = try NIfTIFile.bytes(
                    of: Volume(geometry: geometry, values: [Int16](repeating: 0, count: 60)), isCompressed: false)
                bytes[254] = 0
                let back = try NIfTIFile.volume(bytes)
                #expect(isNear(back.geometry, geometry, 1e-5), "\(row) \(column) \(sign)")
            }
        }
    }

    @Test func spoiledFilesAreRefused() throws {
        let whole = try NIfTIFile.bytes(of: Self.oblique(), isCompressed: false)
        var random = SeededGenerator(seed: 9)
        for count in [0, 100, 351, 352, whole.count - 1] { #expect(throws: VolumeError.self) { try NIfTIFile.volume(whole.prefix(count)) } }
        let packed = try NIfTIFile.bytes(of: Self.oblique(), isCompressed: true)
        #expect(throws: VolumeError.self) { try NIfTIFile.volume(packed.dropLast(9)) }
        for _ in 0..<2_000 {
            var bytes = whole
            for _ in 0..<3 { bytes[Int(random.next() % 352)] = UInt8(truncatingIfNeeded: random.next()) }
            do { _ = try NIfTIFile.volume(bytes) } catch is VolumeError {}
        }
    }

    static let hasNibabel = (try? Shell.run(program: VolumeOracleTests.python, ["-c", "import nibabel"]).status == 0) ?? false

    /// What nibabel makes of a file: the affine map in RAS, and the sum of the voxels.
    @Test(.enabled(if: hasNibabel, "nibabel is not among the oracles"), arguments: ["v.nii", "v.nii.gz"])
    func nibabelReadsTheSame(name: String) throws {
        let folder = try TemporaryFolder()
        let volume = Self.oblique()
        try Files.write(try NIfTIFile.bytes(of: volume, isCompressed: name.hasSuffix("gz")), to: folder.file(name))
        let script =
            "import nibabel,json,sys; v=nibabel.load(sys.argv[1]); a=v.get_fdata(); "
            + "print(json.dumps([*v.affine.ravel().tolist(), *a.shape, a.sum(), a[3,1,2]]))"
        let said = try Shell.run(program: VolumeOracleTests.python, ["-c", script, folder.file(name).path])
        let numbers = try JSONDecoder().decode([Double].self, from: Data(said.output.utf8))
        try #require(numbers.count == 21)
        let geometry = volume.geometry
        for (column, step) in [geometry.columnStep, geometry.rowStep, geometry.sliceStep, geometry.origin].enumerated() {
            // nibabel counts to the right and to the front.
            let wanted = step * SIMD3(-1, -1, 1)
            for row in 0..<3 { #expect(abs(numbers[4 * row + column] - wanted[row]) < 1e-4) }
        }
        #expect(numbers[16...18].elementsEqual([7, 5, 4]))
        #expect(numbers[19] == Double(volume.values.reduce(0) { $0 + Int($1) }) && numbers[20] == Double(volume[3, 1, 2]))
    }
}
