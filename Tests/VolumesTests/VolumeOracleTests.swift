import Basics
import DICOM
import Foundation
import PleuraTesting
import Testing
import Volumes

/// Geometry and values as SimpleITK has them.
@Suite struct VolumeOracleTests {
    private struct Answer: Decodable {
        var size: [Int]
        var origin: [Double]
        var spacing: [Double]
        var direction: [Double]
        /// A file of 32-bit floats.
        var values: String
    }

    static let python = Repository.root.appendingPathComponent(".engines/oracles-venv/bin/python").path
    static let hasSimpleITK = (try? Shell.run(program: python, ["-c", "import SimpleITK"]).status == 0) ?? false

    private static func ask(_ folder: URL, _ out: URL) throws -> [String: Answer] {
        let script = Repository.root.appendingPathComponent("Tests/Oracles/volume_geometry.py").path
        let said = try Shell.run(program: python, ["-B", script, folder.path, out.path])
        try #require(said.status == 0, "\(said.errors)")
        return try JSONDecoder().decode([String: Answer].self, from: Data(said.output.utf8))
    }

    private static func compare(_ volume: Volume, _ answer: Answer, _ out: URL, tolerance: Float = 1) throws {
        let geometry = volume.geometry
        let mine = VolumeGeometry(
            width: answer.size[0], height: answer.size[1], depth: answer.size[2],
            origin: SIMD3(answer.origin[0], answer.origin[1], answer.origin[2]),
            columnStep: SIMD3(answer.direction[0], answer.direction[3], answer.direction[6]) * answer.spacing[0],
            rowStep: SIMD3(answer.direction[1], answer.direction[4], answer.direction[7]) * answer.spacing[1],
            sliceStep: SIMD3(answer.direction[2], answer.direction[5], answer.direction[8]) * answer.spacing[2])
        #expect(isNear(geometry, mine, 1e-4), "\(geometry) \(mine)")
        // The far corner, too: spacing counts a hundred times there.
        let far = SIMD3(Double(geometry.width - 1), Double(geometry.height - 1), Double(geometry.depth - 1))
        #expect(abs(geometry.point(ofVoxel: far) - mine.point(ofVoxel: far)).max() < 1e-4 * max(1, far.z / 10))
        let values = try Data(contentsOf: out.appendingPathComponent(answer.values)).withUnsafeBytes {
            Array($0.bindMemory(to: Float.self))
        }
        try #require(values.count == volume.values.count)
        var worst: Float = 0
        for (found, wanted) in zip(volume.values, values) where wanted > -1_500 {
            worst = max(worst, abs(Float(found) - max(wanted, -1_024)))
        }
        #expect(worst <= tolerance)
    }

    @Test(.enabled(if: hasSimpleITK, "SimpleITK is not among the oracles")) func fiftyDrawnSeriesLieWhereSimpleITKPutsThem() throws {
        let (folder, out) = (try TemporaryFolder(), try TemporaryFolder())
        for number in 0..<50 {
            var random = SeededGenerator(seed: 21, stream: UInt64(number))
            let (columns, rows, depth) = (12 + number % 5, 10 + number % 7, 8 + number % 4)
            var series = ComputedTomographySeries(
                columns: columns, rows: rows, spacing: SIMD2(random.uniform(0.4...1.2), random.uniform(0.4...1.2)), thickness: 1,
                patient: "P", source: "oracle \(number)")
            // Axial, turned over, coronal, sagittal, oblique.
            switch number % 5 {
            case 0: break
            case 1: (series.rowDirection, series.columnDirection) = (SIMD3(-1, 0, 0), SIMD3(0, -1, 0))
            case 2: (series.rowDirection, series.columnDirection) = (SIMD3(1, 0, 0), SIMD3(0, 0, -1))
            case 3: (series.rowDirection, series.columnDirection) = (SIMD3(0, 1, 0), SIMD3(0, 0, -1))
            default:
                let turn = random.uniform(-1.2...1.2)
                (series.rowDirection, series.columnDirection) = (SIMD3(cos(turn), sin(turn), 0), SIMD3(-sin(turn), cos(turn), 0))
            }
            let normal = cross(series.rowDirection, series.columnDirection)
            let step = random.uniform(0.5...3)
            let origin = SIMD3(random.uniform(-300...300), random.uniform(-300...300), random.uniform(-900...900))
            let name = folder.file(String(format: "%02d", number))
            for slice in 0..<depth {
                // Intercepts of their own.
                series.intercept = number % 3 == 0 ? -1024 - slice : -1024
                let values = (0..<rows * columns).map { _ in Int16(random.uniform(-1000...800)) }
                let made = ComputedTomographySeries.Slice(
                    position: origin + normal * (step * Double(slice)), values: values, instanceNumber: depth - slice)
                try Files.write(try series.file(of: made), to: name.appendingPathComponent("\(slice * 7 % 100).dcm"))
            }
        }
        let answers = try Self.ask(folder.url, out.url)
        #expect(answers.count == 50)
        for (name, answer) in answers {
            let files = FolderNames.files(folder.file(name))
            try Self.compare(try VolumeAssembler().assemble(files), answer, out.url)
        }
    }

    @Test(.enabled(if: hasSimpleITK && Repository.realData != nil, "the real scan or SimpleITK is not on this machine"))
    func aRealScanLiesWhereSimpleITKPutsIt() throws {
        let data = try #require(Repository.realData)
        let (folder, out) = (try TemporaryFolder(), try TemporaryFolder())
        try FileManager.default.createSymbolicLink(at: folder.file("lidc"), withDestinationURL: data.appendingPathComponent("lidc-0001"))
        let answer = try #require(try Self.ask(folder.url, out.url)["lidc"])
        let volume = try VolumeAssembler().assemble(FolderNames.files(data.appendingPathComponent("lidc-0001")))
        #expect(volume.record.slicesUsed == 133)
        try Self.compare(volume, answer, out.url)
    }
}

func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}

enum FolderNames {
    static func files(_ folder: URL) -> [SliceSource] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
            .map { SliceSource(file: folder.appendingPathComponent($0), name: $0) }
    }
}
