import Foundation
import Radiographs

/// Reduced pictures: in memory as far as the budget goes, else in a scratch file.
package struct PictureKeeper: Sendable {
    private enum Place: Sendable {
        case memory([PixelImage])
        case disk([ScratchFile.Place])
    }

    private let budget: Int
    private let folder: URL
    private var places: [Place] = []
    /// Bytes of the pictures in memory.
    package private(set) var bytesInMemory = 0
    /// Where what does not fit lies; `nil` where everything fits.
    package private(set) var scratch: ScratchFile?

    /// - Parameters:
    ///   - budget: Bytes of pictures in memory.
    ///   - folder: Where the scratch file is made when one is needed.
    init(budget: Int, folder: URL) { (self.budget, self.folder) = (budget, folder) }

    /// - Parameter planes: One, or red, green and blue.
    /// - Throws: `TrainingError` where the disk is full.
    mutating func add(_ planes: [PixelImage]) throws {
        let bytes = planes.reduce(0) { $0 + $1.samples.count * 2 }
        if bytesInMemory + bytes <= budget {
            bytesInMemory += bytes
            places.append(.memory(planes))
            return
        }
        let file = try scratch ?? ScratchFile(in: folder)
        scratch = file
        places.append(.disk(try planes.map(file.append)))
    }

    /// `nil` where it cannot be read back.
    func picture(_ index: Int) -> [PixelImage]? {
        switch places[index] {
        case .memory(let planes): return planes
        case .disk(let places):
            let planes = places.compactMap { scratch?.read($0) }
            return planes.count == places.count ? planes : nil
        }
    }
}
