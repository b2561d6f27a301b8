import Foundation

/// Scans, or pieces of scans, with places in them that are nodules or not: `examples.json` of a folder. What a network of nodules learns from; no
/// DICOM is needed to read it.
public struct NoduleExamples: Codable, Hashable, Sendable {
    public static let fileName = "examples.json"

    public var schema = 1
    public var notice = "research use only"
    public var scans: [Scan]

    public init(scans: [Scan]) { self.scans = scans }

    /// A block of voxels of 1 mm: `NAME.block`, [depth, height, width] of a byte, and `NAME.mask` with the number of each nodule.
    public struct Scan: Codable, Hashable, Sendable {
        public var name: String
        public var source: Source
        /// The series, for folds: all of one are in the same.
        public var series: String
        /// `nil` where it was drawn: nobody's scan can be in two folds.
        public var fold: Int?
        public var width: Int
        public var height: Int
        public var depth: Int
        public var nodules: [Nodule]
        public var candidates: [Candidate]

        public init(
            name: String, source: Source, series: String, fold: Int?, width: Int, height: Int, depth: Int, nodules: [Nodule],
            candidates: [Candidate]
        ) {
            (self.name, self.source, self.series, self.fold) = (name, source, series, fold)
            (self.width, self.height, self.depth, self.nodules, self.candidates) = (width, height, depth, nodules, candidates)
        }
    }

    public enum Source: String, Codable, Hashable, Sendable, CaseIterable {
        /// A cube of a real scan around one nodule.
        case patch
        /// A drawn scan, whole.
        case drawn
    }

    public struct Nodule: Codable, Hashable, Sendable {
        /// From 1, as in the mask.
        public var number: Int
        /// Column, row and slice of the voxel at its centre.
        public var voxel: [Int]
        /// Millimetres.
        public var diameter: Double
        public var kind: String?

        public init(number: Int, voxel: [Int], diameter: Double, kind: String? = nil) {
            (self.number, self.voxel, self.diameter, self.kind) = (number, voxel, diameter, kind)
        }
    }

    /// A place that the finder of candidates named.
    public struct Candidate: Codable, Hashable, Sendable {
        /// By falling strength, from 1.
        public var rank: Int
        public var voxel: [Int]
        /// The nodule that it hits: nearer to its centre than the radius. `nil` of none.
        public var nodule: Int?
        /// So near to a nodule that it is neither one nor none.
        public var isUnclear: Bool

        public init(rank: Int, voxel: [Int], nodule: Int?, isUnclear: Bool) {
            (self.rank, self.voxel, self.nodule, self.isUnclear) = (rank, voxel, nodule, isUnclear)
        }

        private enum CodingKeys: String, CodingKey {
            case rank, voxel, nodule
            case isUnclear = "is_unclear"
        }
    }
}

extension NoduleExamples.Scan {
    /// The candidates of a scan, held against its nodules.
    /// - Parameter found: Column, row and slice, by falling strength.
    public static func candidates(
        _ found: [SIMD3<Double>], nodules: [(number: Int, voxel: SIMD3<Double>, diameter: Double)]
    ) -> [NoduleExamples.Candidate] {
        found.enumerated().map { index, place in
            var (hit, isNear) = (Int?.none, false)
            for nodule in nodules {
                let offset = place - nodule.voxel
                let distance = (offset * offset).sum().squareRoot()
                if distance < nodule.diameter / 2, hit == nil { hit = nodule.number }
                // Beyond the edge there is its shell, and the vessel that it hangs on.
                if distance < nodule.diameter * 0.75 + 3 { isNear = true }
            }
            let voxel = place.rounded(.toNearestOrAwayFromZero)
            return NoduleExamples.Candidate(
                rank: index + 1, voxel: [Int(voxel.x), Int(voxel.y), Int(voxel.z)], nodule: hit, isUnclear: hit == nil && isNear)
        }
    }
}
