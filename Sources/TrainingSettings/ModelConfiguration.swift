import Networks
import TrainingExamples

/// Which network is trained, and what it is taught.
public struct ModelConfiguration: Codable, Hashable, Sendable {
    public enum Family: String, Codable, CaseIterable, Hashable, Sendable {
        /// SSDLite (Sandler et al., CVPR 2018): anchors on six levels, depthwise heads.
        case ssdlite
        /// A feature pyramid with a shared head: RetinaNet (Lin et al., ICCV 2017), FCOS (Tian et al., ICCV 2019).
        case retina
        /// No detector: the backbone with a head for findings of the whole image; for pretraining.
        case classifier
        /// No detector: a depthwise U-Net that says where lungs, heart and clavicles are; learns from masks.
        case segmenter
    }

    public enum Head: String, Codable, CaseIterable, Hashable, Sendable {
        case anchors
        case anchorFree = "anchor-free"
    }

    /// How anchors are matched to boxes.
    public enum Assigner: String, Codable, CaseIterable, Hashable, Sendable {
        /// Anchors that overlap a box enough.
        case overlap
        /// FCOS: points near the middle of a box, at the level of its size.
        case fcos
        /// ATSS (Zhang et al., CVPR 2020): overlap enough for that box.
        case atss
    }

    public var family = Family.ssdlite
    public var backbone = BackboneKind.mobileNetV3Large
    /// Side of the square input in pixels.
    public var inputSide = 320
    public var head = Head.anchors
    public var assigner = Assigner.overlap
    /// Scales of `retina`'s anchors, in strides of their level.
    public var anchorScales: [Double] = [4, 5.0397, 6.3496]
    /// Height over width of `retina`'s anchors.
    public var anchorAspects: [Double] = [0.5, 1, 2]
    /// Least and greatest scale of `ssdlite`'s anchors, in shares of the input's side.
    public var anchorScaleLow = Anchors.usualScales.lowerBound
    public var anchorScaleHigh = Anchors.usualScales.upperBound
    /// With `overlap`: an anchor is matched to a box from this IoU on.
    public var positiveOverlap = 0.5
    /// With `overlap`: an anchor is background below this IoU.
    public var negativeOverlap = 0.4
    /// Channels of `retina`'s pyramid.
    public var channels = 128
    /// Convolutions of each of `retina`'s towers.
    public var depth = 2
    /// Maps of `retina`'s pyramid, from stride 8 on.
    public var levels = 5
    /// Whether `retina`'s towers normalise.
    public var normalisesHead = true
    /// Whether `retina`'s towers are depthwise-separable, as FPN-lite's.
    public var isSeparable = false
    /// A second head says which findings the whole image has; `image_scores` of the bundle.
    public var hasImageHead = false
    /// Between the backbone and the heads. `labels`: maps of findings, taught by image-level labels, say where to look; where there is no
    /// image head, `image_scores` are theirs. `coordinate`: coordinate attention. `both`. Each starts as the detector without it.
    public var attention = NeckAttention.none

    public init() {}

    /// For a person, such as `SSDLite on MobileNetV3-Large at 320 px`.
    package var title: String {
        guard family != .segmenter else { return "Depthwise U-Net at \(inputSide) px" }
        let backbones: [BackboneKind: String] = [
            .mobileNetV3Large: "MobileNetV3-Large", .mobileNetV2: "MobileNetV2", .resNet18: "ResNet-18", .resNet34: "ResNet-34",
            .resNet50: "ResNet-50", .efficientNetLite0: "EfficientNet-Lite0", .efficientNetLite1: "EfficientNet-Lite1",
            .efficientNetLite2: "EfficientNet-Lite2",
        ]
        let kind =
            switch family {
            case .ssdlite: "SSDLite"
            case .retina: head == .anchors ? "RetinaNet" : "Anchor-free pyramid detector"
            case .classifier, .segmenter: "Classifier"
            }
        let attended =
            switch attention {
            case .none: ""
            case .labels: " with attention by labels"
            case .coordinate: " with coordinate attention"
            case .both: " with attention by labels and coordinate attention"
            }
        return "\(kind) on \(backbones[backbone] ?? backbone.rawValue) at \(inputSide) px\(attended)"
    }

    /// - Throws: `TrainingError` saying which setting cannot be.
    func validated() throws {
        func refuse(_ reason: String) -> TrainingError { TrainingError(.configuration, "model: \(reason)") }
        switch family {
        case .ssdlite:
            guard [.mobileNetV3Large, .mobileNetV2].contains(backbone) else {
                throw refuse("ssdlite looks through mobilenet-v3-large or mobilenet-v2, not \(backbone.rawValue)")
            }
            guard head == .anchors, assigner == .overlap else { throw refuse("ssdlite has a head of anchors, assigned by overlap") }
            try SettingRange.refuse(SettingRange.fault("model.input_side", inputSide, 64...2048))
        case .retina:
            guard head == .anchors || assigner != .overlap else { throw refuse("an anchor-free head is assigned by fcos or atss") }
            guard head == .anchorFree || assigner != .fcos else { throw refuse("fcos assigns points: it goes with an anchor-free head") }
            guard inputSide.isMultiple(of: 64), (256...1024).contains(inputSide) else {
                throw TrainingError(.configuration, "model.input_side is \(inputSide); for retina it is a multiple of 64, 256 to 1024")
            }
        case .classifier:
            guard attention == .none else {
                throw refuse("attention is \(attention.rawValue), but a classifier has no neck for it: set it to none")
            }
            try SettingRange.refuse(SettingRange.fault("model.input_side", inputSide, 64...2048))
        case .segmenter:
            guard inputSide.isMultiple(of: 16), (64...512).contains(inputSide) else {
                throw TrainingError(.configuration, "model.input_side is \(inputSide); for a segmenter it is a multiple of 16, 64 to 512")
            }
            guard attention == .none else {
                throw refuse("attention is \(attention.rawValue), but a segmenter has no neck for it: set it to none")
            }
        }
        // Of every family, also what it does not use.
        try SettingRange.refuse(
            SettingRange.fault("model.anchor_scale_low", anchorScaleLow, above: 0, to: 1),
            SettingRange.fault("model.anchor_scale_high", anchorScaleHigh, above: 0, to: 1),
            SettingRange.fault(("model.anchor_scale_low", anchorScaleLow), rises: ("model.anchor_scale_high", anchorScaleHigh)),
            SettingRange.fault("model.channels", channels, 1...2048), SettingRange.fault("model.depth", depth, 0...16),
            SettingRange.fault("model.levels", levels, 3...6),
            SettingRange.fault("model.anchor_scales", anchorScales, 0.01...1000, count: 1...16),
            SettingRange.fault("model.anchor_aspects", anchorAspects, 0.001...1000, count: 1...16))
        try SettingRange.refuse(
            SettingRange.fault("model.negative_overlap", negativeOverlap, from: 0, below: 1),
            SettingRange.fault("model.positive_overlap", positiveOverlap, from: 0, below: 1),
            SettingRange.fault(("model.negative_overlap", negativeOverlap), rises: ("model.positive_overlap", positiveOverlap)))
    }

    /// The detector, with starting values of its own.
    /// - Throws: `NetworkError`, `TrainingError`.
    package func makeDetector(classCount: Int, seed: UInt64, inputChannels: Int = 1) throws -> any DetectionNetwork {
        switch family {
        case .ssdlite:
            return try SSDLite(
                classCount: classCount, backbone: backbone, inputChannels: inputChannels, inputSide: inputSide, hasImageHead: hasImageHead,
                attention: attention, anchorScales: anchorScaleLow...anchorScaleHigh, seed: seed)
        case .retina:
            let shape = RetinaNet.Shape(
                backbone: backbone, head: head == .anchorFree ? .anchorFree : .anchors(scales: anchorScales, aspects: anchorAspects),
                channels: channels, depth: depth, levels: levels, isNormalised: normalisesHead, isSeparable: isSeparable,
                hasImageHead: hasImageHead, attention: attention)
            return try RetinaNet(shape, classCount: classCount, inputChannels: inputChannels, inputSide: inputSide, seed: seed)
        case .classifier: throw TrainingError(.configuration, "model: a classifier draws no boxes")
        case .segmenter: throw TrainingError(.configuration, "model: a segmenter draws no boxes")
        }
    }

    /// - Throws: `NetworkError`.
    package func makeClassifier(classCount: Int, seed: UInt64, inputChannels: Int = 1) throws -> ImageClassifier {
        try ImageClassifier(backbone: backbone, classCount: classCount, inputChannels: inputChannels, inputSide: inputSide, seed: seed)
    }

    /// - Throws: `NetworkError`.
    package func makeSegmenter(structures: Int, seed: UInt64) throws -> Segmenter {
        try Segmenter(classCount: structures, inputSide: inputSide, seed: seed)
    }

    package func makeAssigner() -> any TargetAssigner {
        switch assigner {
        case .overlap: AnchorMatcher(positiveOverlap: positiveOverlap, negativeOverlap: negativeOverlap)
        case .fcos: CentreSampling()
        case .atss: AdaptiveSelection(pointScale: head == .anchorFree ? 8 : 1)
        }
    }
}
