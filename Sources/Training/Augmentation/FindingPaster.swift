import Findings
import Foundation
import Radiographs

/// Puts a finding of one picture into another, where the anatomy around it is most alike.
///
/// Frontal chests lie alike, so a finding's own place, moved a little, mostly has the same ribs, wall or diaphragm around it. The move is the one of the
/// highest correlation between the greys around the finding and those around its new place; brightness and contrast are brought to those of
/// the new surroundings, and the edge fades over a third of the box, so that no seam tells of it.
package struct FindingPaster: Sendable {
    package let settings: Augmentation.CopyPaste

    package init(settings: Augmentation.CopyPaste) { self.settings = settings }

    /// The longer side of the pictures that are compared, in pixels.
    private static let coarseSide = 128.0
    /// How far around a box its surroundings are compared, as a share of its sides.
    private static let surroundings = 0.35
    /// How much of what surrounds a box on each side is taken along whole, as a share of its sides: an outline is a finding's too.
    private static let margin = 0.08
    /// Over which the rest fades, as a share of half the box.
    private static let fade: Float = 0.35

    /// - Parameters:
    ///   - index: Which of the donor's boxes.
    ///   - isFlipped: Whether the donor is taken left-right reversed.
    ///   - target: A picture without findings.
    /// - Returns: The target with the finding; `nil` where no place is alike enough, or another of the donor's boxes would be cut through.
    package func paste(
        _ donor: Example, box index: Int, isFlipped: Bool, into target: Example, using generator: inout SeededGenerator
    ) -> Example? {
        let strength = Float(generator.uniform(0.85...1))
        guard donor.boxes.indices.contains(index) else { return nil }
        let from = CoarsePicture(donor, side: Self.coarseSide, isFlipped: isFlipped)
        let onto = CoarsePicture(target, side: Self.coarseSide, isFlipped: false)
        // What lies past the donor's edge cannot be taken, wherever a dataset says that a box ends.
        let boxes = donor.boxes.map { from.coarse($0.box.clipped(toWidth: Double(donor.width), height: Double(donor.height))) }
        let box = boxes[index]
        guard !box.isEmpty else { return nil }
        let taken = box.grown(by: Self.margin)
        var companions: [(box: Box, detection: Detection)] = []
        for (place, other) in donor.boxes.enumerated() where place != index && !boxes[place].isEmpty {
            let common = boxes[place].intersection(taken)
            let share = common.area / boxes[place].area
            // Nearly all of it comes along, next to nothing, or it would be there in part.
            guard share > 0.8 || share < 0.2 else { return nil }
            if share > 0.8 { companions.append((common, other)) }
        }
        guard let surroundings = Surroundings(of: box, in: from, share: Self.surroundings),
            let match = surroundings.bestMatch(on: onto, box: box, reach: Int(settings.reach * Self.coarseSide)),
            Double(match.correlation) >= settings.likeness
        else { return nil }
        let isDrawn = generator.uniform() < settings.drawnShare
        let place = box.moved(by: match)
        let pixels =
            isDrawn
            ? DrawnBall(using: &generator).drawn(
                on: target.pixels, in: onto.original(place), of: target, contrast: onto.contrast(around: place))
            : blended(from: donor, from, onto: target, onto, box: taken, match: match, strength: strength)
        // What is drawn has none of the donor's other findings.
        let seen = [(box: box, detection: donor.boxes[index])] + (isDrawn ? [] : companions)
        var labels = target.imageLabels
        for (_, detection) in seen where labels.indices.contains(detection.classIndex) { labels[detection.classIndex] = 1 }
        return Example(
            pixels: pixels, width: target.width, height: target.height,
            boxes: seen.map {
                Detection(box: onto.original($0.box.moved(by: match)), classIndex: $0.detection.classIndex, score: $0.detection.score)
            }, imageLabels: labels)
    }

    /// The target's pixels with the donor's over them, whole within a rounded box and fading around it.
    private func blended(
        from donor: Example, _ from: CoarsePicture, onto target: Example, _ onto: CoarsePicture, box: Box, match: Surroundings.Match,
        strength: Float
    ) -> PixelImage {
        var pixels = target.pixels
        // Of a coarse pixel, in kept pixels of either picture.
        let (targetX, targetY) = (Double(pixels.width) / onto.exactWidth, Double(pixels.height) / onto.exactHeight)
        let (donorX, donorY) = (Double(donor.pixels.width) / from.exactWidth, Double(donor.pixels.height) / from.exactHeight)
        let centre = (x: box.centerX + Double(match.x), y: box.centerY + Double(match.y))
        let half = (x: box.width / 2, y: box.height / 2)
        let reach = 1 + Double(Self.fade)
        let columns =
            max(0, Int((centre.x - reach * half.x) * targetX))..<max(0, min(pixels.width, Int((centre.x + reach * half.x) * targetX) + 1))
        let rows =
            max(0, Int((centre.y - reach * half.y) * targetY))..<max(0, min(pixels.height, Int((centre.y + reach * half.y) * targetY) + 1))
        let (width, height) = (donor.pixels.width, donor.pixels.height)
        let (donorScale, maximum) = (1 / Float(donor.pixels.maximum), Float(pixels.maximum))
        let stride = pixels.width
        donor.pixels.samples.withUnsafeBufferPointer { source in
            pixels.samples.withUnsafeMutableBufferPointer { target in
                for row in rows {
                    let y = (Double(row) + 0.5) / targetY
                    let distanceY = Float(abs(y - centre.y) / half.y)
                    let sourceY = min(Double(height) - 1, max(0, (y - Double(match.y)) * donorY - 0.5))
                    let top = min(Int(sourceY), max(0, height - 2))
                    let shareY = Float(sourceY - Double(top))
                    for column in columns {
                        let x = (Double(column) + 0.5) / targetX
                        let distanceX = Float(abs(x - centre.x) / half.x)
                        // Between an ellipse and the rectangle.
                        let cube = distanceX * distanceX * distanceX + distanceY * distanceY * distanceY
                        var weight = min(1, max(0, (1 + Self.fade - cube.cubeRoot()) / Self.fade))
                        guard weight > 0 else { continue }
                        weight = weight * weight * (3 - 2 * weight) * strength
                        let straight = x - Double(match.x)
                        let place = (from.isFlipped ? from.exactWidth - straight : straight) * donorX - 0.5
                        let sourceX = min(Double(width) - 1, max(0, place))
                        let left = min(Int(sourceX), max(0, width - 2))
                        let shareX = Float(sourceX - Double(left))
                        let first = top * width + left
                        let (right, below) = (width > 1 ? 1 : 0, height > 1 ? width : 0)
                        let upper = Float(source[first]) * (1 - shareX) + Float(source[first + right]) * shareX
                        let lower = Float(source[first + below]) * (1 - shareX) + Float(source[first + below + right]) * shareX
                        let grey = (upper * (1 - shareY) + lower * shareY) * donorScale
                        let fitted = (match.brightness + (grey - match.donorBrightness) * match.contrast) * maximum
                        let old = Float(target[row * stride + column])
                        target[row * stride + column] = UInt16(min(maximum, max(0, (old + (fitted - old) * weight).rounded())))
                    }
                }
            }
        }
        return pixels
    }
}

/// A picture reduced to a common size, so that two of any sizes can be laid over each other.
private struct CoarsePicture {
    let width: Int
    let height: Int
    /// [height, width], grey of 0...1.
    let values: [Float]
    let isFlipped: Bool
    /// The size in coarse pixels before it is rounded to whole ones.
    let exactWidth: Double
    let exactHeight: Double
    private let scale: Double

    init(_ example: Example, side: Double, isFlipped: Bool) {
        let pixels = example.pixels
        scale = side / Double(max(1, example.width, example.height))
        (exactWidth, exactHeight) = (Double(example.width) * scale, Double(example.height) * scale)
        (width, height) = (max(1, Int(exactWidth.rounded())), max(1, Int(exactHeight.rounded())))
        self.isFlipped = isFlipped
        let factor = 1 / Float(pixels.maximum)
        var values = pixels.resampled(
            from: Box(x: 0, y: 0, width: Double(pixels.width), height: Double(pixels.height)), width: width, height: height, fill: 0)
        for index in values.indices { values[index] *= factor }
        if isFlipped {
            for row in 0..<height { values[row * width..<(row + 1) * width].reverse() }
        }
        self.values = values
    }

    /// From pixels of the original.
    func coarse(_ box: Box) -> Box {
        let x = box.x * scale
        return Box(
            x: isFlipped ? exactWidth - x - box.width * scale : x, y: box.y * scale, width: box.width * scale, height: box.height * scale)
    }

    /// How much brighter soft tissue is than what lies in a box, as a share of full scale: the picture's brighter parts, bones and what is
    /// denser left out, less the box's mean.
    func contrast(around box: Box) -> Float {
        // Without the picture's edges, where markers and collimators are.
        var inner: [Float] = []
        for row in height / 5..<max(height / 5 + 1, height * 4 / 5) {
            let first = row * width
            inner += values[first + width / 5..<first + max(width / 5 + 1, width * 4 / 5)]
        }
        inner.sort()
        var (sum, count) = (Float(0), Float(0))
        for row in max(0, Int(box.y))..<max(0, min(height, Int(box.maxY) + 1)) {
            for column in max(0, Int(box.x))..<max(0, min(width, Int(box.maxX) + 1)) {
                sum += values[row * width + column]
                count += 1
            }
        }
        guard count > 0, !inner.isEmpty else { return 0 }
        return max(0, inner[inner.count * 85 / 100] - sum / count)
    }

    /// To pixels of the original; of a picture that is not flipped.
    func original(_ box: Box) -> Box {
        Box(x: box.x / scale, y: box.y / scale, width: box.width / scale, height: box.height / scale)
    }
}

/// What lies around a box, and how alike it is elsewhere.
private struct Surroundings {
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

extension Box {
    /// Put where it fits, in coarse pixels.
    fileprivate func moved(by match: Surroundings.Match) -> Box {
        Box(x: x + Double(match.x), y: y + Double(match.y), width: width, height: height)
    }

    /// The same middle, each side moved out by a share of the extent.
    fileprivate func grown(by share: Double) -> Box {
        Box(x: x - share * width, y: y - share * height, width: width * (1 + 2 * share), height: height * (1 + 2 * share))
    }
}

extension Float {
    /// Of a number that is not negative.
    fileprivate func cubeRoot() -> Float { Foundation.cbrt(self) }
}
