import Basics
import Foundation
import NoduleExamples
import Volumes

/// Lays a folder of examples for `pleura train`: real patches, drawn scans, or both.
public struct NoduleExampleMaker: Sendable {
    public var patches: NodulePatches?
    public var drawn: DrawnNoduleScans
    /// How many scans are drawn.
    public var drawnCount: Int

    public init(patches: NodulePatches?, drawn: DrawnNoduleScans, drawnCount: Int) {
        (self.patches, self.drawn, self.drawnCount) = (patches, drawn, drawnCount)
    }

    public var count: Int { (patches?.patches.count ?? 0) + drawnCount }

    /// - Parameter folder: Made whole or not at all.
    /// - Throws: `NoduleExampleError`, `VolumeError`, `FileError`.
    public func write(to folder: URL, done: @escaping @Sendable () -> Void) throws -> NoduleExamples {
        try AtomicFolder(folder).fill { folder in
            var scans: [NoduleExamples.Scan] = []
            if let patches {
                let made = Concurrent.map(patches.patches.count, stretch: 1) { index in
                    Result {
                        let (scan, block, mask) = try patches.scan(patches.patches[index])
                        try NoduleExampleFolder.write(block, mask: mask, name: scan.name, to: folder)
                        done()
                        return scan
                    }
                }
                scans += try made.map { try $0.get() }
            }
            var (made, index) = (0, 0)
            while made < drawnCount {
                let name = String(format: "drawn-%04d", made + 1)
                index += 1
                do {
                    let (scan, block, mask) = try drawn.scan(index - 1, name: name)
                    try NoduleExampleFolder.write(block, mask: mask, name: name, to: folder)
                    scans.append(scan)
                } catch let error as VolumeError where error.code == .notAChest && index < 2 * drawnCount + 4 {
                    // Thick slices and much noise can close a drawn chest's lungs: the next is taken in its place.
                    continue
                }
                made += 1
                done()
            }
            let examples = NoduleExamples(scans: scans)
            try NoduleExampleFolder.write(examples, to: folder)
            return examples
        }
    }
}
