import Anatomy
import Findings
import Foundation
import Inference
import Models
import Radiographs

/// A bundle of kind segmentation, ready for use beside a detector: from an image to its anatomy.
public struct AnatomySegmenter: Sendable {
    public let bundle: ModelBundle
    private let session: SegmenterSession
    /// Half the width of the ratio's error bar, as it was measured and stands in the card.
    private let ratioSpread: Double
    /// What masks say of an image's quality is held against these.
    let qualityLimits: AnatomyQuality

    /// The card's figure that the error bar is taken from: 1.96 standard deviations of the difference to a reader's contours.
    public static let spreadMetric = "cardiothoracic_ratio_limits"
    /// Where no card says it: wide.
    static let unknownSpread = 0.05

    /// - Throws: `InferenceError` where the bundle is of another kind or cannot be run.
    public init(bundle: ModelBundle, settings: EngineSettings = EngineSettings()) throws {
        guard bundle.card.kind == ModelCard.segmentation, bundle.ensemble == nil else {
            throw InferenceError(.wrongNetwork, "\(bundle.card.name) is no model of kind segmentation")
        }
        guard bundle.labelMap.classes.map(\.name) == AnatomyBits.names else {
            throw InferenceError(.wrongNetwork, "\(bundle.card.name) has other structures than lungs, heart and clavicles")
        }
        self.bundle = bundle
        ratioSpread = bundle.card.metrics.first { $0.name == Self.spreadMetric }?.value ?? Self.unknownSpread
        qualityLimits = bundle.card.anatomyQuality ?? .literature
        session = try SegmenterSession(
            modelFile: bundle.modelFile, side: bundle.card.inputSide, structureCount: AnatomyBits.all.count, settings: settings)
    }

    /// The part before the network.
    /// - Throws: `RadiographError`.
    public func prepare(_ image: ReducedImage, histogram: GreyHistogram?) throws -> ModelInput {
        try bundle.card.preprocessing.modelInput(image, histogram: histogram)
    }

    /// What the network says of the image.
    /// - Throws: `InferenceError`.
    public func maps(_ input: ModelInput) throws -> StructureMaps { try maps(input.values, input) }

    /// Masks of the image and of its mirror image, and what follows from them.
    /// - Throws: `InferenceError`.
    public func read(_ input: ModelInput, view: ImageHeader.View?) throws -> AnatomyReading {
        let side = input.width
        var turned = input.values
        for row in 0..<input.height { turned[row * side..<(row + 1) * side].reverse() }
        return AnatomyReading(
            upright: try maps(input.values, input), mirrored: try maps(turned, input), grey: input.values, view: view,
            ratioSpread: ratioSpread)
    }

    private func maps(_ values: [Float], _ input: ModelInput) throws -> StructureMaps {
        guard let maps = StructureMaps(side: input.width, values: try session.run(values), transform: input.transform) else {
            throw InferenceError(.wrongOutput, "the masks do not fit the input")
        }
        return maps
    }
}
