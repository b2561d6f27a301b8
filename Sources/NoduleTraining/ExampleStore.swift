import Basics
import NoduleExamples

/// The blocks of all scans in memory, and lists of the places that are learnt from.
struct ExampleStore {
    /// A place in a scan.
    struct Place: Hashable {
        var scan: Int
        var voxel: SIMD3<Int>
        /// Of the nodule, millimetres; `nil` where there is none.
        var diameter: Double?
        /// The nodule's number in the mask.
        var nodule: Int?
        /// Of the nodule, its centre; of others 0.
        var isCentre = false
    }

    let scans: [NoduleExamples.Scan]
    let blocks: [VoxelBlock]
    /// None where masks were not asked for.
    let masks: [VoxelBlock]
    /// Nodules of each scan, each with all places that stand for it: its centre, and candidates that hit it.
    let nodules: [[Place]]
    /// Candidates that are none, by scan.
    let others: [[Place]]

    /// Voxels around a patch's middle in which candidates are learnt from, and in which they are measured: there the cube of 24 mm lies inside
    /// the patch, as it does around a nodule.
    static let learntReach = 20
    static let measuredReach = 13

    init(_ folder: NoduleExampleFolder, hasMasks: Bool) throws {
        scans = folder.examples.scans
        blocks = try scans.map(folder.block)
        masks = hasMasks ? try scans.map(folder.mask) : []
        func voxel(_ numbers: [Int]) -> SIMD3<Int> { SIMD3(numbers[0], numbers[1], numbers[2]) }
        nodules = scans.enumerated().map { index, scan in
            scan.nodules.flatMap { nodule in
                [Place(scan: index, voxel: voxel(nodule.voxel), diameter: nodule.diameter, nodule: nodule.number, isCentre: true)]
                    + scan.candidates.filter { $0.nodule == nodule.number }.map {
                        Place(scan: index, voxel: voxel($0.voxel), diameter: nodule.diameter, nodule: nodule.number)
                    }
            }
        }
        others = scans.enumerated().map { index, scan in
            scan.candidates.filter { $0.nodule == nil && !$0.isUnclear }.map { Place(scan: index, voxel: voxel($0.voxel)) }
                .filter { scan.source != .patch || Self.distance($0, scan) <= Self.learntReach }
        }
    }

    /// Voxels from the middle of its patch, along the axis on which they are most.
    private static func distance(_ place: Place, _ scan: NoduleExamples.Scan) -> Int {
        let offset = place.voxel &- SIMD3(scan.width, scan.height, scan.depth) / 2
        return max(abs(offset.x), abs(offset.y), abs(offset.z))
    }

    /// Candidates of patches that figures are about.
    func measuredOthers(_ scan: Int) -> [Place] {
        others[scan].filter { scans[scan].source != .patch || Self.distance($0, scans[scan]) <= Self.measuredReach }
    }

    /// Scans that are learnt from where a fold is left out, and those of that fold. Drawn scans are in no fold.
    func split(testFold: Int?) -> (training: [Int], test: [Int]) {
        let test = scans.indices.filter { testFold != nil && scans[$0].fold == testFold }
        return (scans.indices.filter { !test.contains($0) }, test)
    }

    /// How far the candidates of patches lie from the middles of their patches. A nodule lies in the middle of its own: without this, a network
    /// could tell by where the patch ends.
    func offsets(_ chosen: [Int], areMeasured: Bool = false) -> [SIMD3<Int>] {
        chosen.filter { scans[$0].source == .patch }.flatMap { scan in
            (areMeasured ? measuredOthers(scan) : others[scan]).map {
                $0.voxel &- SIMD3(scans[scan].width, scans[scan].height, scans[scan].depth) / 2
            }
        }
    }

    /// Where a cube around a place ends: as if it lay `offset` from the middle of a patch of 50 mm.
    static func bounds(around voxel: SIMD3<Int>, offset: SIMD3<Int>) -> VoxelBounds {
        let low = voxel &- 25 &- offset
        return VoxelBounds(low: low, high: low &+ 49)
    }
}

extension SeededGenerator {
    mutating func index(below count: Int) -> Int { min(count - 1, Int(uniform() * Double(count))) }

    mutating func element<Element>(of list: [Element]) -> Element? { list.isEmpty ? nil : list[index(below: list.count)] }

    /// Whole numbers, each in -reach...reach.
    mutating func shift(_ reach: Int) -> SIMD3<Int> {
        SIMD3(index(below: 2 * reach + 1) - reach, index(below: 2 * reach + 1) - reach, index(below: 2 * reach + 1) - reach)
    }
}
