import Basics
import Findings
import Foundation
import Geometry
import Networks
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
        var companions: [(box: Box, detection: TrainingBox)] = []
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
        for column in seen.lazy.flatMap(\.detection.classes) where labels.indices.contains(column) { labels[column] = 1 }
        return Example(
            pixels: pixels, width: target.width, height: target.height,
            boxes: seen.map { box, detection in
                var moved = detection
                moved.box = onto.original(box.moved(by: match))
                return moved
            }, imageLabels: labels, background: target.background)
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
                        var weight = min(1, max(0, (1 + Self.fade - cbrt(cube)) / Self.fade))
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
