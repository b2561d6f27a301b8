/// A one-stage detector over a feature pyramid: RetinaNet (Lin et al., ICCV 2017) with anchors, or FCOS and ATSS (Tian et al., ICCV
/// 2019; Zhang et al., CVPR 2020) with one point a cell and a say in how well the box fits.
public struct RetinaNet: DetectionNetwork {
    public enum Head: Hashable, Sendable {
        /// Scales over a level's stride and aspects (height over width) of the anchors of every cell.
        case anchors(scales: [Double], aspects: [Double])
        case anchorFree

        /// RetinaNet's nine: 4, 4 · 2^⅓ and 4 · 2^⅔ strides, each at 1:2, 1:1 and 2:1.
        public static let nineAnchors = Head.anchors(scales: [4, 5.0397, 6.3496], aspects: [0.5, 1, 2])
    }

    public struct Shape: Hashable, Sendable {
        public var backbone: BackboneKind
        public var head: Head
        /// Channels of the pyramid and of the head.
        public var channels: Int
        /// Convolutions of each tower.
        public var depth: Int
        /// Maps of the pyramid; from stride 8 on, each twice as coarse.
        public var levels: Int
        /// Whether the towers normalise.
        public var isNormalised: Bool
        /// Whether towers and predictors are depthwise-separable.
        public var isSeparable: Bool
        /// Whether a second head says which findings the whole image has.
        public var hasImageHead: Bool
        /// Between pyramid and head: `labels` on the levels of stride 16 and 32, `coordinate` on every level, before it.
        public var attention: NeckAttention

        public init(
            backbone: BackboneKind, head: Head = .anchorFree, channels: Int = 128, depth: Int = 2, levels: Int = 5,
            isNormalised: Bool = true, isSeparable: Bool = false, hasImageHead: Bool = false, attention: NeckAttention = .none
        ) {
            self.backbone = backbone
            self.head = head
            self.channels = channels
            self.depth = depth
            self.levels = levels
            self.isNormalised = isNormalised
            self.isSeparable = isSeparable
            self.hasImageHead = hasImageHead
            self.attention = attention
        }
    }

    public let shape: Shape
    public let classCount: Int
    public let inputChannels: Int
    public let inputSide: Int
    public let backbone: any Backbone
    public let pyramid: FeaturePyramid
    public let head: DenseHead
    let imageHead: ImageHead?
    let labelAttention: LabelAttention?
    /// One a level.
    let coordinateAttention: [CoordinateAttention]
    public let anchors: Anchors

    public var coding: BoxCoding { shape.head == .anchorFree ? .distances : .plain }
    public var architecture: String { "\(shape.head == .anchorFree ? "fcos" : "retinanet")_\(shape.backbone.identifier)_fpn" }

    /// - Parameters:
    ///   - inputSide: A multiple of 64, 256 to 1024 pixels.
    ///   - prior: The score every anchor starts with.
    /// - Throws: `NetworkError` where the shape cannot be built.
    public init(
        _ shape: Shape, classCount: Int, inputChannels: Int = 1, inputSide: Int, prior: Double = 0.01, seed: UInt64
    ) throws {
        guard inputSide % 64 == 0, (256...1024).contains(inputSide) else {
            throw NetworkError(.shape, "the input's side is \(inputSide); it must be a multiple of 64 between 256 and 1024")
        }
        guard shape.channels > 0, shape.depth >= 0, (3...6).contains(shape.levels), classCount > 0, inputChannels > 0 else {
            throw NetworkError(.shape, "channels and classes must be positive and the levels 3 to 6")
        }
        var anchorsPerCell = 1
        if case .anchors(let scales, let aspects) = shape.head {
            guard !scales.isEmpty, !aspects.isEmpty, (scales + aspects).allSatisfy({ $0 > 0 && $0.isFinite }) else {
                throw NetworkError(.shape, "an anchor needs a positive scale and aspect")
            }
            anchorsPerCell = scales.count * aspects.count
        }
        var initialiser = Initialiser(seed: seed)
        self.shape = shape
        self.classCount = classCount
        self.inputChannels = inputChannels
        self.inputSide = inputSide
        backbone = try shape.backbone.make("backbone", isForPyramid: true, inputChannels: inputChannels, initialiser: &initialiser)
        pyramid = try FeaturePyramid(
            "pyramid", backbone: backbone, channels: shape.channels, levels: shape.levels, initialiser: &initialiser)
        head = try DenseHead(
            "head", channels: shape.channels, depth: shape.depth, levels: shape.levels, anchorsPerCell: anchorsPerCell,
            classCount: classCount, isNormalised: shape.isNormalised, isSeparable: shape.isSeparable,
            saysQuality: shape.head == .anchorFree, prior: prior,
            initialiser: &initialiser)
        imageHead =
            shape.hasImageHead
            ? try ImageHead(
                "image_head", channels: backbone.mapChannels[backbone.mapChannels.count - 1], classCount: classCount,
                initialiser: &initialiser) : nil
        labelAttention = try shape.attention.makeLabels(
            channels: Self.labelledLevels(pyramid).map { _ in shape.channels }, classCount: classCount, seed: seed)
        coordinateAttention = try shape.attention.makeCoordinates(channels: pyramid.strides.map { _ in shape.channels }, seed: seed)
        let maps = pyramid.strides.map { stride in
            let side = (inputSide + stride - 1) / stride
            return (height: side, width: side, stride: stride)
        }
        anchors =
            switch shape.head {
            case .anchorFree: Anchors(pyramid: maps, scales: [1], aspects: [1])
            case .anchors(let scales, let aspects): Anchors(pyramid: maps, scales: scales, aspects: aspects)
            }
    }

    public func untrainedCopy(seed: UInt64) throws -> any DetectionNetwork {
        try RetinaNet(shape, classCount: classCount, inputChannels: inputChannels, inputSide: inputSide, seed: seed)
    }

    /// The levels that have attention by labels: finer ones would be most of all places, and no label says so much.
    private static func labelledLevels(_ pyramid: FeaturePyramid) -> [Int] {
        pyramid.strides.indices.filter { [16, 32].contains(pyramid.strides[$0]) }
    }

    public var parameters: [Parameter] {
        backbone.parameters + pyramid.parameters + head.parameters + (imageHead?.parameters ?? [])
            + (labelAttention?.parameters ?? []) + coordinateAttention.flatMap(\.parameters)
    }

    public func callAsFunction<E: Executor>(_ x: E.Value, _ executor: E) throws -> DetectionOutput<E.Value> {
        let maps = try backbone(x, executor)
        var levels = try pyramid(maps, executor)
        for (level, attention) in coordinateAttention.enumerated() { levels[level] = try attention(levels[level], executor) }
        var attentionLogits: E.Value?
        if let labelAttention {
            let places = Self.labelledLevels(pyramid)
            let attended = try labelAttention(places.map { levels[$0] }, executor)
            for (place, level) in zip(places, attended.features) { levels[place] = level }
            attentionLogits = attended.imageLogits
        }
        var output = try head(levels, executor)
        output.setImageLogits(head: try imageHead?(maps[maps.count - 1], executor), attention: attentionLogits)
        return output
    }
}
