import Foundation
import Radiographs

/// How well masks agree with those of a reader, structure by structure, in pixels of the image.
struct MaskOverlap: Codable, Hashable {
    /// Of one structure over images.
    struct Figure: Codable, Hashable {
        /// Means over the images.
        var dice: Double
        var iou: Double
        var lowestDice: Double

        private enum CodingKeys: String, CodingKey {
            case dice, iou
            case lowestDice = "lowest_dice"
        }
    }

    var notice = "research use only"
    /// Which images.
    var split: String
    var images: Int
    /// By the structure's name; `Lungs` are both together.
    var structures: [String: Figure]

    /// - Parameter pairs: A mask and that of a reader, `AnatomyBits` each, of equal size.
    init(split: String, pairs: [(said: [UInt8], read: [UInt8])]) {
        self.split = split
        images = pairs.count
        structures = [:]
        let wanted = zip(AnatomyBits.names, AnatomyBits.all).map { ($0, $1) } + [("Lungs", AnatomyBits.rightLung | AnatomyBits.leftLung)]
        for (name, bit) in wanted {
            let overlaps = pairs.map { Self.overlap($0.said, $0.read, bit: bit) }
            guard !overlaps.isEmpty else { continue }
            structures[name] = Figure(
                dice: overlaps.reduce(0) { $0 + $1.dice } / Double(overlaps.count),
                iou: overlaps.reduce(0) { $0 + $1.iou } / Double(overlaps.count), lowestDice: overlaps.map(\.dice).min() ?? 0)
        }
    }

    /// The mean of the structures' Dice; the lungs count each for itself.
    var meanDice: Double? {
        let values = AnatomyBits.names.compactMap { structures[$0]?.dice }
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    private static func overlap(_ said: [UInt8], _ read: [UInt8], bit: UInt8) -> (dice: Double, iou: Double) {
        var (both, first, second) = (0, 0, 0)
        for (a, b) in zip(said, read) {
            let (isSaid, isRead) = (a & bit != 0, b & bit != 0)
            if isSaid { first += 1 }
            if isRead { second += 1 }
            if isSaid, isRead { both += 1 }
        }
        guard first + second > 0 else { return (1, 1) }
        return (2 * Double(both) / Double(first + second), Double(both) / Double(first + second - both))
    }
}
