import Findings
import Foundation
import Geometry

/// One random way of looking at a picture.
package struct AugmentedView: Hashable, Sendable {
    /// The part of the picture that is seen, in pixels of the original, before it is turned; may reach past its edges.
    package var region: Box
    /// Of the region about its middle, in degrees, clockwise; what is seen turns the other way.
    package var rotation = 0.0
    package var isFlipped = false
    /// Exponent of grey.
    package var gamma = 1.0
    /// Factor of grey about the middle.
    package var contrast = 1.0
    /// What is added to grey, as a share of full scale.
    package var brightness = 0.0
    /// In stops.
    package var exposure = 0.0

    package init(region: Box) { self.region = region }

    /// From pixels of the network's input to pixels of the original.
    /// - Parameter target: The part of the input that shows the region, in pixels of the input.
    package func map(from target: Box) -> AffineMap {
        // Exact for right angles, so that these are not blurred by a sine of 1e-17.
        let quarter = rotation / 90
        let (sine, cosine): (Double, Double)
        if quarter == quarter.rounded() {
            let turns = Int(quarter.truncatingRemainder(dividingBy: 4) + 4) % 4
            (sine, cosine) = ([0, 1, 0, -1][turns], [1, 0, -1, 0][turns])
        } else {
            (sine, cosine) = (sin(rotation * .pi / 180), cos(rotation * .pi / 180))
        }
        let across = (isFlipped ? -1 : 1) * region.width / target.width
        let down = region.height / target.height
        let (xx, xy, yx, yy) = (cosine * across, -sine * down, sine * across, cosine * down)
        return AffineMap(
            xx: xx, xy: xy, x0: region.centerX - xx * target.centerX - xy * target.centerY, yx: yx, yy: yy,
            y0: region.centerY - yx * target.centerX - yy * target.centerY)
    }
}

extension Augmentation {
    /// Draws a view. The same count of random numbers is used whatever is on, so that switching on one option changes no other.
    /// - Parameters:
    ///   - width: Of the original, in pixels.
    ///   - height: Of the original, in pixels.
    package func view<Generator: RandomNumberGenerator>(width: Int, height: Int, using generator: inout Generator) -> AugmentedView {
        func uniform(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &generator) }
        let longest = Double(max(width, height))
        let side = longest * uniform(geometry.scaleLow...geometry.scaleHigh)
        let stretch = 1 + uniform(-geometry.aspect...geometry.aspect)
        let (regionWidth, regionHeight) = (side * stretch, side / stretch)
        // Zoomed in, the region stays inside the picture; zoomed out, the picture stays inside the region. The whole picture lies in the
        // middle of it, as in use.
        func origin(_ size: Double, _ region: Double) -> Double {
            let slack = size - region
            let drawn = uniform(min(0, slack)...max(0, slack))
            return geometry.showsWholePictures ? slack / 2 : drawn
        }
        var view = AugmentedView(
            region: Box(
                x: origin(Double(width), regionWidth), y: origin(Double(height), regionHeight), width: regionWidth, height: regionHeight))
        view.isFlipped = uniform(0...1) < geometry.flipProbability
        view.gamma = 1 + uniform(-grey.gamma...grey.gamma)
        view.contrast = 1 + uniform(-grey.contrast...grey.contrast)
        view.brightness = uniform(-grey.brightness...grey.brightness)
        view.exposure = uniform(-grey.exposure...grey.exposure)
        view.region.x += longest * uniform(-geometry.shift...geometry.shift)
        view.region.y += longest * uniform(-geometry.shift...geometry.shift)
        let isTurned = uniform(0...1) < geometry.rotationProbability
        let angle = uniform(-geometry.rotation...geometry.rotation)
        if isTurned { view.rotation = angle }
        return view
    }
}
