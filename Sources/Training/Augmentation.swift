import Findings
import Radiographs

/// Random changes of a training picture that a radiologist would still read the same way.
public struct Augmentation: Codable, Hashable, Sendable {
    /// Chance of a left-right flip.
    public var flipProbability = 0.5
    /// The part of the picture that is seen, as a factor of its longer side; above 1 zooms out.
    public var scaleLow = 0.65
    public var scaleHigh = 1.25
    /// How much wider than high, or the reverse, the part seen may be.
    public var aspect = 0.1
    /// Exponent of the grey scale, as a factor either way.
    public var gamma = 0.3
    /// Factor of contrast either way.
    public var contrast = 0.2
    /// Shift of grey, as a share of the full scale.
    public var brightness = 0.08
    /// A box that is cut to less than this share of its area is left out.
    public var visibleShare = 0.4

    public init() {}

    /// One random way of looking at a picture.
    public struct View: Sendable {
        /// The part of the picture that fills the input, in pixels of the original; may reach past its edges.
        public var region: Box
        public var isFlipped: Bool
        public var gamma: Double
        public var contrast: Double
        public var brightness: Double

        public init(region: Box, isFlipped: Bool, gamma: Double, contrast: Double, brightness: Double) {
            self.region = region
            self.isFlipped = isFlipped
            self.gamma = gamma
            self.contrast = contrast
            self.brightness = brightness
        }
    }

    package func view<Generator: RandomNumberGenerator>(width: Int, height: Int, using generator: inout Generator) -> View {
        func uniform(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &generator) }
        let side = Double(max(width, height)) * uniform(scaleLow...scaleHigh)
        let stretch = 1 + uniform(-aspect...aspect)
        let (regionWidth, regionHeight) = (side * stretch, side / stretch)
        // Zoomed in, the region stays inside the picture; zoomed out, the picture stays inside the region.
        func origin(_ size: Double, _ region: Double) -> Double {
            let slack = size - region
            return uniform(min(0, slack)...max(0, slack))
        }
        return View(
            region: Box(
                x: origin(Double(width), regionWidth), y: origin(Double(height), regionHeight), width: regionWidth, height: regionHeight),
            isFlipped: uniform(0...1) < flipProbability, gamma: 1 + uniform(-gamma...gamma), contrast: 1 + uniform(-contrast...contrast),
            brightness: uniform(-brightness...brightness))
    }

    /// Boxes in pixels of the original to boxes in pixels of the input of `side` x `side`; those hardly seen are left out.
    package func boxes(_ boxes: [Detection], in view: View, side: Int) -> [Detection] {
        let (scaleX, scaleY) = (Double(side) / view.region.width, Double(side) / view.region.height)
        return boxes.compactMap { detection in
            var box = detection.box
            box = Box(
                x: (box.x - view.region.x) * scaleX, y: (box.y - view.region.y) * scaleY, width: box.width * scaleX,
                height: box.height * scaleY)
            let area = box.area
            if view.isFlipped { box.x = Double(side) - box.maxX }
            box = box.clipped(toWidth: Double(side), height: Double(side))
            guard box.area >= visibleShare * area, box.width >= 2, box.height >= 2 else { return nil }
            return Detection(box: box, classIndex: detection.classIndex, score: detection.score)
        }
    }
}
