import Findings
import Networks

/// The inputs of one step, or of a part of one.
package struct Batch: Sendable {
    /// [N, C, side, side], row-major; C is 1, or 3 for colour.
    package var values: [Float]
    /// A list an image, in pixels of the input. Empty where nothing is found, and where boxes
    /// are not known.
    package var examples: [[TrainingBox]]
    /// [N, C], row-major: 1 where the image has the finding, 0 where it has not, between where images are mixed, NaN where that is
    /// not known.
    package var imageLabels: [Float]
    /// An image a place: false where only whole-image findings are known, so that a loss of boxes must leave the image out.
    package var hasBoxes: [Bool]
    /// [N, C], row-major: whether places without a box are without the finding, as the sources of the image say; empty where the dataset
    /// has no sources.
    package var background: [Bool]
    /// [N, 5, side, side] in 0...1: how much of a pixel each structure covers; empty but in a training of masks.
    package var masks: [Float] = []

    package init(
        values: [Float], examples: [[TrainingBox]], imageLabels: [Float] = [], hasBoxes: [Bool]? = nil, background: [Bool] = []
    ) {
        self.values = values
        self.examples = examples
        self.imageLabels = imageLabels
        self.hasBoxes = hasBoxes ?? examples.map { _ in true }
        self.background = background
    }
}
