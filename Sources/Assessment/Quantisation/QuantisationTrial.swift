import Basics
import Foundation
import Models

/// A network of 8-bit integers that was made and measured, and is not written yet.
public struct QuantisationTrial: Sendable {
    /// How good a network is on the tested images.
    public struct Measurement: Hashable, Sendable {
        /// 0 to 1.
        public let map50: Double
        public let images: Int
        public let boxes: Int
    }

    let quantisation: ModelQuantisation
    /// Which images were tested, such as `fold 0`.
    public let split: String
    let onnx: Data
    let int8: Data
    var card: ModelCard
    /// Of the network of 32-bit numbers.
    public let before: Measurement
    /// Of that of 8-bit integers.
    public internal(set) var after: Measurement {
        didSet { card.quantised?.map50After = after.map50 }
    }
    /// How many images ranges were measured on.
    public let calibrationImages: Int

    /// Convolutions in 8 bits.
    public var convolutions: Int { card.quantised?.convolutions ?? 0 }
    /// Convolutions that stay in 32 bits, though they could be quantised.
    public var keptConvolutions: Int { card.quantised?.keptConvolutions ?? 0 }

    /// Writes the new bundle, with both networks and what was measured in its card.
    /// - Parameter largestLoss: How much mAP50 may be lost, 0 to 1.
    /// - Throws: `AssessmentError` where more is lost, or the bundle cannot be written. Nothing is written then.
    public func write(allowingLoss largestLoss: Double) throws(AssessmentError) -> ModelBundle {
        guard before.map50 - after.map50 <= largestLoss else {
            throw AssessmentError(
                .lossTooLarge, about: quantisation.name,
                String(
                    format: "INT8 loses %.4f of mAP50 on %@, more than %.4f: nothing is written", before.map50 - after.map50, split,
                    largestLoss))
        }
        return try write(to: URL(fileURLWithPath: quantisation.target), called: quantisation.target)
    }

    func write(to directory: URL, called name: String) throws(AssessmentError) -> ModelBundle {
        try AssessmentError.about(name, status: .somethingMissing) {
            try ModelBundle.write(to: directory, onnx: onnx, int8: int8, labelMap: quantisation.bundle.labelMap, card: card)
            return try ModelBundle(directory: directory)
        }
    }
}
