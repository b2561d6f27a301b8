import Geometry
import Radiographs

/// The masks of all structures of one image, on the grid of the network's input. Sides are the patient's: the right lung is on the left.
package struct AnatomyMasks: Sendable {
    package let maps: StructureMaps
    package let frame: GridFrame
    package let rightLung: AnatomyMask
    package let leftLung: AnatomyMask
    package let heart: AnatomyMask
    package let rightClavicle: AnatomyMask
    package let leftClavicle: AnatomyMask

    package init(_ maps: StructureMaps) {
        self.maps = maps
        let frame = GridFrame(maps)
        self.frame = frame
        let plane = maps.side * maps.side
        func mask(_ index: Int) -> AnatomyMask {
            AnatomyMask(maps.values[index * plane..<(index + 1) * plane], side: maps.side, frame: frame)
        }
        (rightLung, leftLung, heart, rightClavicle, leftClavicle) = (mask(0), mask(1), mask(2), mask(3), mask(4))
    }

    package var side: Int { maps.side }

    /// In the order of `AnatomyBits.names`.
    package var all: [AnatomyMask] { [rightLung, leftLung, heart, rightClavicle, leftClavicle] }

    /// Both lungs' Dice with those of another reading of the same image.
    package func lungDice(_ other: AnatomyMasks) -> Double {
        func union(_ masks: AnatomyMasks) -> [Bool] { zip(masks.rightLung.isInside, masks.leftLung.isInside).map { $0 || $1 } }
        let (own, its) = (union(self), union(other))
        let sum = own.count { $0 } + its.count { $0 }
        return sum > 0 ? 2 * Double(zip(own, its).count { $0 && $1 }) / Double(sum) : 0
    }

    /// Where in a row a structure begins or ends, between two pixels where the network is as sure as not; in pixels of the grid from its left
    /// edge.
    /// - Parameters:
    ///   - structure: Its place in `all`.
    ///   - column: Of its first or last pixel in the row.
    ///   - step: -1 for where it begins, 1 for where it ends.
    package func edge(_ structure: Int, row: Int, column: Int, step: Int) -> Double {
        let start = structure * side * side + row * side
        let middle = Double(column) + 0.5
        guard (0..<side).contains(column + step) else { return middle + 0.5 * Double(step) }
        let (inside, outside) = (Double(maps.values[start + column]), Double(maps.values[start + column + step]))
        guard inside > outside, outside < 0.5 else { return middle + 0.5 * Double(step) }
        return middle + Double(step) * (inside - 0.5) / (inside - outside)
    }

    /// From the grid's pixels to those of the original image.
    package func imageX(_ x: Double) -> Double { (x - maps.transform.offsetX) / maps.transform.scale }
    package func imageY(_ y: Double) -> Double { (y - maps.transform.offsetY) / maps.transform.scale }
}
