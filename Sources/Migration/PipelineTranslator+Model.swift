import Foundation
import ObjectDetectionAPI
import TrainingSettings

extension PipelineTranslator {
    /// The preset whose network is the file's kind, with what the file says of anchors, matching and losses.
    mutating func setModel(_ result: inout TrainingConfiguration) {
        let side = result.model.inputSide
        setNetwork(&result)
        result.model.inputSide = side
        if result.model.family == .retina {
            let fitting = min(1024, max(256, (side + 32) / 64 * 64))
            if fitting != side {
                note("model.ssd.image_resizer", "\(side) becomes \(fitting): a pyramid takes multiples of 64, 256 to 1024")
            }
            result.model.inputSide = fitting
            setPyramidAnchors(&result.model)
        } else {
            setAnchorScales(&result.model)
        }
        setMatching(&result.model)
        setLoss(&result.loss)
        if ssd.freezeBatchnorm { result.loop.normalisation = .frozen }
    }

    private mutating func setNetwork(_ result: inout TrainingConfiguration) {
        let path = "model.ssd.feature_extractor.type"
        let type = ssd.featureExtractor.type
        let found = Preset.named(type)
        let name = found?.name ?? "ssdlite-mobilenet"
        guard let preset = try? ConfigurationFile.read(name) else { return }
        result.model = preset.model
        result.start = preset.start
        let own = "ssd_mobilenet_v3_large"
        if type.isEmpty {
            note(path, "not given: trained with \(name)")
        } else if found == nil {
            note(path, "trained with \(name) (MobileNetV3-Large) instead")
        } else if type != own {
            note(path, "trained with \(name)")
        }
    }

    private mutating func setPyramidAnchors(_ model: inout ModelConfiguration) {
        guard model.head == .anchors else {
            note("model.ssd.anchor_generator", "no anchors: one point a place says how far the box reaches")
            return
        }
        guard case .multiscaleAnchorGenerator(let generator)? = ssd.anchorGenerator.anchorGeneratorOneof else { return }
        let scales = max(1, Int(generator.scalesPerOctave))
        let base = Self.decimal(generator.anchorScale)
        // The API's aspects are width over height.
        let aspects = generator.aspectRatios.map { 1 / Self.decimal($0) }
        guard base > 0, base.isFinite, scales <= 16, aspects.allSatisfy({ $0 > 0 && $0.isFinite }) else {
            problem(.value, "model.ssd.anchor_generator.multiscale_anchor_generator", "scales and aspect ratios are positive")
            return
        }
        model.anchorScales = (0..<scales).map { base * exp2(Double($0) / Double(scales)) }
        if !aspects.isEmpty { model.anchorAspects = aspects }
    }

    private mutating func setAnchorScales(_ model: inout ModelConfiguration) {
        guard case .ssdAnchorGenerator(let generator)? = ssd.anchorGenerator.anchorGeneratorOneof else { return }
        let (low, high) = (Self.decimal(generator.minScale), Self.decimal(generator.maxScale))
        guard low > 0, low <= high, high <= 1 else {
            problem(.value, "model.ssd.anchor_generator.ssd_anchor_generator", "0 < min_scale <= max_scale <= 1")
            return
        }
        (model.anchorScaleLow, model.anchorScaleHigh) = (low, high)
    }

    private mutating func setMatching(_ model: inout ModelConfiguration) {
        guard case .argmaxMatcher(let matcher)? = ssd.matcher.matcherOneof else { return }
        let (positive, negative) = (Self.decimal(matcher.matchedThreshold), Self.decimal(matcher.unmatchedThreshold))
        guard (0..<1).contains(positive), (0...positive).contains(negative) else {
            problem(.value, "model.ssd.matcher.argmax_matcher", "0 <= unmatched_threshold <= matched_threshold < 1")
            return
        }
        (model.positiveOverlap, model.negativeOverlap) = (positive, negative)
    }

    private mutating func setLoss(_ loss: inout LossConfiguration) {
        if case .weightedSigmoidFocal(let focal)? = ssd.loss.classificationLoss.classificationLoss {
            let (alpha, gamma) = (focal.hasAlpha ? Self.decimal(focal.alpha) : loss.alpha, Self.decimal(focal.gamma))
            if (0...1).contains(alpha), gamma >= 0, gamma.isFinite {
                (loss.alpha, loss.gamma) = (alpha, gamma)
            } else {
                problem(.value, "model.ssd.loss.classification_loss.weighted_sigmoid_focal", "alpha is 0 to 1 and gamma not negative")
            }
        }
        let weight = Self.decimal(ssd.loss.localizationWeight)
        if weight >= 0, weight.isFinite { loss.boxWeight = weight }
    }
}
