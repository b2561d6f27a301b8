import Findings
import Foundation
import Radiographs

/// One training picture, kept in memory: its grey already enhanced, reduced to what training needs.
package struct Example: Sendable {
    /// The reduced picture.
    package let pixels: PixelImage
    /// Pixels of the original.
    package let width: Int
    package let height: Int
    /// In pixels of the original.
    package let boxes: [Detection]

    package init(pixels: PixelImage, width: Int, height: Int, boxes: [Detection]) {
        self.pixels = pixels
        self.width = width
        self.height = height
        self.boxes = boxes
    }

    /// The network's input [side * side] for one view, and its boxes.
    package func input(view: Augmentation.View, augmentation: Augmentation, side: Int, preprocessing: Preprocessing) -> (
        values: [Float], boxes: [Detection]
    ) {
        let (scaleX, scaleY) = (Double(pixels.width) / Double(width), Double(pixels.height) / Double(height))
        let region = Box(
            x: view.region.x * scaleX, y: view.region.y * scaleY, width: view.region.width * scaleX, height: view.region.height * scaleY)
        var values = pixels.resampled(from: region, width: side, height: side, fill: 0)
        let curve = GreyCurve(view, maximum: Float(pixels.maximum))
        values.withUnsafeMutableBufferPointer { buffer in
            for row in 0..<side {
                var line = UnsafeMutableBufferPointer(rebasing: buffer[row * side..<(row + 1) * side])
                for column in 0..<side { line[column] = curve(line[column]) }
                if view.isFlipped { line.reverse() }
            }
        }
        preprocessing.normalise(&values)
        return (values, augmentation.boxes(boxes, in: view, side: side))
    }
}

/// Gamma, contrast and brightness as a table, for speed.
private struct GreyCurve {
    private let table: [Float]
    private let scale: Float

    init(_ view: Augmentation.View, maximum: Float) {
        let steps = 1023
        scale = Float(steps) / maximum
        table = (0...steps).map { step in
            let grey = Float(pow(Double(step) / Double(steps), view.gamma))
            return min(1, max(0, (grey - 0.5) * Float(view.contrast) + 0.5 + Float(view.brightness)))
        }
    }

    func callAsFunction(_ value: Float) -> Float { table[min(table.count - 1, max(0, Int(value * scale + 0.5)))] }
}
