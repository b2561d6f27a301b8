import Datasets
import Foundation
import NoduleExamples
import Nodules
import Volumes

/// Cubes of 50 mm of real scans, one nodule in each, as LUNA16's were cut: `patches.csv`, `folds.csv`, `patches/NAME.u8.gz` and
/// `NAME.mask.gz`.
public struct NodulePatches: Sendable {
    public struct Patch: Hashable, Sendable {
        public var name: String
        public var series: String
        /// Millimetres.
        public var diameter: Double
        /// Column, row and slice.
        public var centre: SIMD3<Double>
        public var fold: Int?
    }

    /// Voxels of 1 mm on a side.
    public static let side = 50

    public let folder: URL
    public let patches: [Patch]

    /// - Throws: `NoduleExampleError`, `DatasetError`.
    public init(_ folder: URL) throws {
        self.folder = folder
        let folds = try Self.rows("folds.csv", in: folder, columns: ["series_uid", "fold"]).reduce(into: [String: Int]()) {
            $0[$1[0]] = Int($1[1])
        }
        patches = try Self.rows("patches.csv", in: folder, columns: ["name", "series_uid", "diameter_mm", "x", "y", "z"]).map { fields in
            let numbers = fields[2...].compactMap(Double.init)
            guard numbers.count == 4, numbers.allSatisfy({ (0...100).contains($0) }), !fields[0].contains("/") else {
                throw NoduleExampleError(.damaged, "patches.csv: a row without a diameter and a place")
            }
            return Patch(
                name: fields[0], series: fields[1], diameter: numbers[0], centre: SIMD3(numbers[1], numbers[2], numbers[3]),
                fold: folds[fields[1]])
        }
        guard !patches.isEmpty else { throw NoduleExampleError(.tooFew, "patches.csv has no row") }
    }

    private static func rows(_ name: String, in folder: URL, columns: [String]) throws -> [[String]] {
        let file = try CSVFile(folder.appendingPathComponent(name))
        let places = try columns.map(file.column)
        var rows: [[String]] = []
        try file.forEachRow { fields, _ in rows.append(places.map { fields[$0] }) }
        return rows
    }

    private func bytes(_ name: String) throws -> [UInt8] {
        let file = folder.appendingPathComponent("patches/\(name)")
        guard let packed = try? Data(contentsOf: file) else { throw NoduleExampleError(.missing, "patches/\(name) cannot be opened") }
        let count = Self.side * Self.side * Self.side
        guard let bytes = Gzip.inflated(packed, limit: count), bytes.count == count else {
            throw NoduleExampleError(.damaged, "patches/\(name) is not \(count) packed bytes")
        }
        return [UInt8](bytes)
    }

    /// A patch with what the finder of candidates says of it.
    /// - Throws: `NoduleExampleError`, `VolumeError`.
    public func scan(_ patch: Patch) throws -> (scan: NoduleExamples.Scan, block: VoxelBlock, mask: VoxelBlock) {
        let side = Self.side
        let block = VoxelBlock(width: side, height: side, depth: side, values: try bytes("\(patch.name).u8.gz"))
        let mask = VoxelBlock(width: side, height: side, depth: side, values: try bytes("\(patch.name).mask.gz"))
        let geometry = VolumeGeometry(
            width: side, height: side, depth: side, origin: .zero, columnStep: SIMD3(1, 0, 0), rowStep: SIMD3(0, 1, 0),
            sliceStep: SIMD3(0, 0, 1))
        let volume = Volume(geometry: geometry, values: block.values.map(VoxelBlock.hounsfield))
        // As in a whole scan: near air. Lungs cannot be told in a cube.
        let air = VolumeMask(geometry: geometry, values: volume.values.map { $0 < -500 ? 1 : 0 })
        let found = try CandidateFinder(most: 100, fewest: 25, threads: 1)
            .candidates(in: volume, within: air.dilated(by: Lungs.margin, threads: 1)).map(\.centre)
        let candidates = NoduleExamples.Scan.candidates(found, nodules: [(1, patch.centre, patch.diameter)])
        let centre = patch.centre.rounded(.toNearestOrAwayFromZero)
        let nodule = NoduleExamples.Nodule(
            number: 1, voxel: [Int(centre.x), Int(centre.y), Int(centre.z)], diameter: patch.diameter)
        let scan = NoduleExamples.Scan(
            name: patch.name, source: .patch, series: patch.series, fold: patch.fold, width: side, height: side, depth: side,
            nodules: [nodule], candidates: candidates.filter { Self.isInside($0.voxel, side) })
        return (scan, block, mask)
    }

    private static func isInside(_ voxel: [Int], _ side: Int) -> Bool { voxel.allSatisfy { $0 >= 0 && $0 < side } }
}
