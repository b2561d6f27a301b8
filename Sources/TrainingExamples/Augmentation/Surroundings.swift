import Findings
import Geometry

/// What lies around a box, and how alike it is elsewhere.
struct Surroundings {
    /// Where a finding is put.
    struct Match {
        /// How far it is moved, in coarse pixels.
        let x: Int
        let y: Int
        let correlation: Float
        /// Of the new surroundings, as a share of full scale.
        let brightness: Float
        /// Of the old ones.
        let donorBrightness: Float
        /// The factor from the old surroundings' contrast to the new ones'.
        let contrast: Float
    }

    private let columns: Range<Int>
    private let rows: Range<Int>
    /// Places relative to the rectangle's top-left pixel, and their greys.
    private let places: [(row: Int, column: Int)]
    private let greys: [Float]

    /// Fewer pixels say nothing of what is around.
    private static let fewest = 30

    /// - Parameter share: How far around the box is looked, as a share of its sides.
    init?(of box: Box, in picture: CoarsePicture, share: Double) {
        let (across, down) = (max(4, box.width * share), max(4, box.height * share))
        let (left, right) = (max(0, Int(box.x - across)), min(picture.width, Int((box.maxX + across).rounded(.up))))
        let (top, bottom) = (max(0, Int(box.y - down)), min(picture.height, Int((box.maxY + down).rounded(.up))))
        guard left < right, top < bottom else { return nil }
        (columns, rows) = (left..<right, top..<bottom)
        var (places, greys) = ([(row: Int, column: Int)](), [Float]())
        for row in rows {
            for column in columns {
                let (x, y) = (Double(column) + 0.5, Double(row) + 0.5)
                let isInside = x > box.x && x < box.maxX && y > box.y && y < box.maxY
                if isInside { continue }
                places.append((row - top, column - left))
                greys.append(picture.values[row * picture.width + column])
            }
        }
        guard places.count >= Self.fewest else { return nil }
        (self.places, self.greys) = (places, greys)
    }

    /// The move of the highest correlation that leaves the box inside the picture.
    /// - Parameter reach: How far it may be moved along each side, in coarse pixels.
    func bestMatch(on picture: CoarsePicture, box: Box, reach: Int) -> Match? {
        let count = Float(greys.count)
        let mean = greys.reduce(0, +) / count
        let centred = greys.map { $0 - mean }
        let deviation = (centred.reduce(0) { $0 + $1 * $1 } / count).squareRoot()
        let offsets = places.map { $0.row * picture.width + $0.column }
        var best: Match?
        // Every second coarse pixel: what a step of one would gain is less than the greys' noise.
        for y in stride(from: -reach, through: reach, by: 2) {
            guard rows.lowerBound + y >= 0, rows.upperBound + y <= picture.height else { continue }
            for x in stride(from: -reach, through: reach, by: 2) {
                guard columns.lowerBound + x >= 0, columns.upperBound + x <= picture.width,
                    box.x + Double(x) >= 0, box.y + Double(y) >= 0, box.maxX + Double(x) <= picture.exactWidth,
                    box.maxY + Double(y) <= picture.exactHeight
                else { continue }
                let first = (rows.lowerBound + y) * picture.width + columns.lowerBound + x
                var (sum, squares, products) = (Float(0), Float(0), Float(0))
                picture.values.withUnsafeBufferPointer { values in
                    for index in offsets.indices {
                        let grey = values[first + offsets[index]]
                        sum += grey
                        squares += grey * grey
                        products += grey * centred[index]
                    }
                }
                let newMean = sum / count
                let newDeviation = max(0, squares / count - newMean * newMean).squareRoot()
                let correlation = products / count / ((deviation + 1e-3) * (newDeviation + 1e-3))
                guard correlation > best?.correlation ?? -.infinity else { continue }
                best = Match(
                    x: x, y: y, correlation: correlation, brightness: newMean, donorBrightness: mean,
                    contrast: min(1.6, max(0.6, newDeviation / (deviation + 1e-3))))
            }
        }
        return best
    }
}
