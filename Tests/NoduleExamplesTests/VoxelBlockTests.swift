import Basics
import Foundation
import NoduleExamples
import PleuraTesting
import Testing

@Suite struct VoxelBlockTests {
    static func block(seed: UInt64, width: Int = 13, height: Int = 11, depth: Int = 9) -> VoxelBlock {
        var random = SeededGenerator(seed: seed)
        return VoxelBlock(
            width: width, height: height, depth: depth,
            values: (0..<width * height * depth).map { _ in UInt8(random.uniform() * 251) })
    }

    @Test func hounsfieldUnitsKeepWithinThree() {
        for value in stride(from: Int16(-1_024), through: 3_000, by: 1) {
            let clipped = min(max(value, -1_000), 500)
            #expect(abs(Int(VoxelBlock.hounsfield(VoxelBlock.value(value))) - Int(clipped)) <= 3)
        }
        #expect(VoxelBlock.input(0) == -1 && VoxelBlock.input(250) == 1)
    }

    /// Voxel by voxel, in floating point.
    @Test(arguments: [1, 2]) func cubesAreWhatAPlainLookSays(spacing: Int) {
        let block = Self.block(seed: 3)
        let bounds = VoxelBounds(low: SIMD3(2, -4, 1), high: SIMD3(10, 9, 20))
        for (voxel, bounds) in [(SIMD3(6, 5, 4), nil), (SIMD3(0, 10, 8), nil), (SIMD3(6, 5, 4), bounds)] as [(SIMD3<Int>, VoxelBounds?)] {
            let side = 6
            let cube = block.cube(around: voxel, side: side, spacing: spacing, bounds: bounds)
            let low = pointwiseMax(bounds?.low ?? .zero, .zero)
            let high = pointwiseMin(bounds?.high ?? SIMD3(100, 100, 100), SIMD3(12, 10, 8))
            for z in 0..<side {
                for y in 0..<side {
                    for x in 0..<side {
                        var sum = 0.0
                        for offset in 0..<(spacing * spacing * spacing) {
                            let part = SIMD3(offset % spacing, offset / spacing % spacing, offset / spacing / spacing)
                            let wanted = voxel &+ (SIMD3(x, y, z) &* spacing) &+ part &- side * spacing / 2
                            let place = pointwiseMin(pointwiseMax(wanted, low), high)
                            sum += Double(block.values[(place.z * 11 + place.y) * 13 + place.x])
                        }
                        let expected = sum / Double(spacing * spacing * spacing) / 125 - 1
                        #expect(abs(Double(cube[(z * side + y) * side + x]) - expected) < 1e-5)
                    }
                }
            }
        }
    }

    @Test func orientationsAreSixteenAndMirrorsUndoThemselves() {
        let cube = Self.block(seed: 9, width: 4, height: 4, depth: 4).values
        let all = (0..<CubeOrientation.count).map { CubeOrientation(number: $0).turned(cube, side: 4) }
        #expect(Set(all).count == CubeOrientation.count && all[0] == cube)
        for number in 0..<8 { #expect(CubeOrientation(number: number).turned(all[number], side: 4) == cube) }
        // Slices stay slices: each slice of a turned cube has the values of one slice of the cube.
        let slices = Set((0..<4).map { Array(cube[($0 * 16)..<($0 * 16 + 16)]).sorted() })
        for turned in all { for slice in 0..<4 { #expect(slices.contains(Array(turned[(slice * 16)..<(slice * 16 + 16)]).sorted())) } }
    }

    @Test func thePieceInTheMiddleIsTheOneThatHangsTogether() throws {
        let side = 8
        var mask = [UInt8](repeating: 0, count: side * side * side)
        func index(_ x: Int, _ y: Int, _ z: Int) -> Int { (z * side + y) * side + x }
        // Two bars that touch at a corner only.
        for x in 3...6 { mask[index(x, 4, 4)] = 1 }
        for y in 5...7 { mask[index(7, y, 4)] = 1 }
        let piece = try #require(NodulePiece.middle(of: mask, side: side, reach: 3))
        #expect(piece.reduce(0) { $0 + Int($1) } == 4 && piece[index(3, 4, 4)] == 1 && piece[index(7, 5, 4)] == 0)
        #expect(NodulePiece.middle(of: [UInt8](repeating: 0, count: 512), side: side, reach: 3) == nil)
        var far = [UInt8](repeating: 0, count: 512)
        far[0] = 1
        #expect(NodulePiece.middle(of: far, side: side, reach: 3) == nil)
    }

    @Test func candidatesAreHitsByLUNA16sRuleAndUnclearAroundIt() {
        let nodules = [(number: 7, voxel: SIMD3<Double>(20, 20, 20), diameter: 8.0)]
        let found = [SIMD3<Double>(22, 20, 20), SIMD3(20, 24, 20), SIMD3(20, 20, 28), SIMD3(20, 20, 40)]
        let candidates = NoduleExamples.Scan.candidates(found, nodules: nodules)
        #expect(candidates.map(\.nodule) == [7, nil, nil, nil])
        #expect(candidates.map(\.isUnclear) == [false, true, true, false])
        #expect(candidates.map(\.rank) == [1, 2, 3, 4])
    }
}

@Suite struct NoduleExampleFolderTests {
    @Test func whatIsWrittenIsRead() throws {
        let folder = try TemporaryFolder()
        let block = VoxelBlockTests.block(seed: 1)
        let mask = VoxelBlockTests.block(seed: 2)
        let scan = NoduleExamples.Scan(
            name: "a", source: .drawn, series: "s", fold: nil, width: 13, height: 11, depth: 9,
            nodules: [NoduleExamples.Nodule(number: 1, voxel: [3, 4, 5], diameter: 6, kind: "solid")],
            candidates: [NoduleExamples.Candidate(rank: 1, voxel: [12, 10, 8], nodule: nil, isUnclear: false)])
        try NoduleExampleFolder.write(block, mask: mask, name: "a", to: folder.url)
        try NoduleExampleFolder.write(NoduleExamples(scans: [scan]), to: folder.url)
        let read = try NoduleExampleFolder(folder.url)
        #expect(read.examples.scans == [scan])
        #expect(try read.block(scan).values == block.values && read.mask(scan).values == mask.values)
    }

    @Test func damageIsNamed() throws {
        let folder = try TemporaryFolder()
        func reason() -> String {
            do {
                let read = try NoduleExampleFolder(folder.url)
                _ = try read.examples.scans.map(read.block)
                return "none"
            } catch { return "\(error)" }
        }
        #expect(reason().contains("examples.json cannot be opened"))
        func write(_ text: String) throws { try Data(text.utf8).write(to: folder.file("examples.json")) }
        try write("{")
        #expect(reason().contains("no list of examples"))
        func scan(_ name: String, _ width: Int, _ voxel: String) -> String {
            """
            {"schema": 1, "notice": "", "scans": [{"name": "\(name)", "source": "patch", "series": "s", "width": \(width), "height": 2, \
            "depth": 2, "nodules": [{"number": 1, "voxel": \(voxel), "diameter": 4}], "candidates": []}]}
            """
        }
        try write(scan("../a", 2, "[0, 0, 0]"))
        #expect(reason().contains("name or size"))
        try write(scan("a", -2, "[0, 0, 0]"))
        #expect(reason().contains("name or size"))
        try write(scan("a", 2, "[0, 0, 2]"))
        #expect(reason().contains("outside of its scan a"))
        try write(scan("a", 2, "[0, 0]"))
        #expect(reason().contains("outside of its scan a"))
        try write(scan("a", 2, "[0, 0, 1]"))
        #expect(reason().contains("a.block cannot be opened"))
        try Data(repeating: 0, count: 7).write(to: folder.file("a.block"))
        #expect(reason().contains("a.block has not the size"))
        try Data(repeating: 0, count: 8).write(to: folder.file("a.block"))
        #expect(reason() == "none")
    }
}
