import Findings
import Foundation
import Geometry
import Networks
import Radiographs

/// One training picture: its grey already enhanced, reduced to what training needs, and what is known of it.
package struct Example: Sendable {
    /// The reduced picture; of one in colour, its red.
    package let pixels: PixelImage
    /// Green and blue of a picture in colour, of the same size; empty for a grey one.
    package let furtherPlanes: [PixelImage]
    /// Pixels of the original.
    package let width: Int
    /// Pixels of the original.
    package let height: Int
    /// In pixels of the original.
    package let boxes: [TrainingBox]
    /// [C]: 1 where the picture has the finding, 0 where it has not, NaN where that is not known.
    package let imageLabels: [Float]
    /// False where only whole-image findings are known: the picture then says nothing of boxes, nor of their absence.
    package let hasBoxes: Bool
    /// [C]: whether places without a box are without the finding; empty where the dataset has no sources.
    package let background: [Bool]

    package init(
        pixels: PixelImage, width: Int, height: Int, boxes: [TrainingBox], imageLabels: [Float] = [], hasBoxes: Bool = true,
        background: [Bool] = [], furtherPlanes: [PixelImage] = []
    ) {
        self.pixels = pixels
        self.furtherPlanes = furtherPlanes
        self.width = width
        self.height = height
        self.boxes = boxes
        self.imageLabels = imageLabels
        self.hasBoxes = hasBoxes
        self.background = background
    }

    /// Draws a view of the picture, through the view's curve of grey.
    /// - Parameters:
    ///   - place: Where.
    ///   - picture: [C, side, side], row-major; grey, or each colour, of 0...1 there afterwards.
    ///   - fill: The grey around the picture before the curve, as a share of full scale.
    ///   - gains: What each channel is multiplied by after the curve; empty: nothing.
    package func draw(
        _ view: AugmentedView, in place: PixelRectangle, of picture: UnsafeMutableBufferPointer<Float>, side: Int, fill: Float,
        gains: [Float] = []
    ) {
        for (channel, plane) in ([pixels] + furtherPlanes).enumerated() {
            let part = UnsafeMutableBufferPointer(rebasing: picture[channel * side * side..<(channel + 1) * side * side])
            draw(plane, view, in: place, of: part, side: side, fill: fill)
            guard gains.indices.contains(channel) else { continue }
            for row in place.y..<place.y + place.height {
                for index in row * side + place.x..<row * side + place.x + place.width {
                    part[index] = min(1, part[index] * gains[channel])
                }
            }
        }
    }

    /// Draws one channel.
    private func draw(
        _ pixels: PixelImage, _ view: AugmentedView, in place: PixelRectangle, of picture: UnsafeMutableBufferPointer<Float>, side: Int,
        fill: Float
    ) {
        let curve = PhotometricCurve(view, maximum: Float(pixels.maximum))
        let fill = fill * Float(pixels.maximum)
        let (scaleX, scaleY) = (Double(pixels.width) / Double(width), Double(pixels.height) / Double(height))
        func line(_ row: Int) -> UnsafeMutableBufferPointer<Float> {
            let first = (place.y + row) * side + place.x
            return UnsafeMutableBufferPointer(rebasing: picture[first..<first + place.width])
        }
        guard view.rotation == 0 else {
            let sampler = AffineSampler(pixels, map: view.map(from: place.box).scaled(x: scaleX, y: scaleY), fill: fill)
            for row in 0..<place.height {
                sampler.sample(row: place.y + row, first: place.x, into: line(row))
                curve.apply(to: line(row))
            }
            return
        }
        let region = Box(
            x: view.region.x * scaleX, y: view.region.y * scaleY, width: view.region.width * scaleX, height: view.region.height * scaleY)
        let values = pixels.resampled(from: region, width: place.width, height: place.height, fill: fill)
        values.withUnsafeBufferPointer { values in
            for row in 0..<place.height {
                var target = line(row)
                _ = target.update(fromContentsOf: values[row * place.width..<(row + 1) * place.width])
                curve.apply(to: target)
                if view.isFlipped { target.reverse() }
            }
        }
    }
}
