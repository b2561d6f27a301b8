import Foundation
import Tensors

/// SSDLite (Sandler et al., CVPR 2018) on a MobileNet: the successor of the TF Object Detection API's SSD MobileNet.
///
/// Six levels of features at strides 16, 32, 64, … and on each a depthwise-separable predictor of boxes and of scores.
public struct SSDLite: DetectionNetwork {
    /// One level smaller than the last: 1x1 reduce, 3x3 depthwise at stride 2, 1x1 project.
    public struct Extra {
        public let reduce: ConvolutionUnit
        public let depthwise: ConvolutionUnit
        public let project: ConvolutionUnit
        var parameters: [Parameter] { reduce.parameters + depthwise.parameters + project.parameters }
    }

    /// Depthwise 3x3 and a 1x1 convolution to `anchors * columns` channels.
    public struct Predictor {
        public let depthwise: ConvolutionUnit
        public let predict: Convolution
        var parameters: [Parameter] { depthwise.parameters + predict.parameters }

        func callAsFunction<E: Executor>(_ x: E.Value, columns: Int, _ executor: E) throws -> E.Value {
            try executor.anchorMajor(predict(depthwise(x, executor), executor), columns: columns)
        }
    }

    public let classCount: Int
    public let inputChannels: Int
    /// Side of the square input in pixels.
    public let inputSide: Int
    public let backboneKind: BackboneKind
    public let backbone: any Backbone
    public let extras: [Extra]
    public let boxPredictors: [Predictor]
    public let scorePredictors: [Predictor]
    let imageHead: ImageHead?
    public let attention: NeckAttention
    /// On the backbone's maps, at strides 16 and 32.
    let labelAttention: LabelAttention?
    /// Behind each extra level.
    let coordinateAttention: [CoordinateAttention]
    private let anchorScales: ClosedRange<Double>
    public let anchors: Anchors
    public var coding: BoxCoding { .singleShot }
    public var architecture: String { "ssdlite_\(backboneKind.identifier)" }

    /// - Parameters:
    ///   - classCount: Columns of the scores; without a background.
    ///   - attention: `labels` on the two maps of the backbone, `coordinate` behind each of the four levels after them.
    ///   - anchorScales: Of the anchors, in shares of the input's side.
    ///   - prior: The score every anchor starts with, so that the many empty ones do not drown the first steps (Lin et al., ICCV 2017).
    public init(
        classCount: Int, backbone kind: BackboneKind = .mobileNetV3Large, inputChannels: Int = 1, inputSide: Int = 320,
        hasImageHead: Bool = false, attention: NeckAttention = .none, anchorScales: ClosedRange<Double> = Anchors.usualScales,
        prior: Double = 0.01, seed: UInt64
    ) throws {
        guard [.mobileNetV3Large, .mobileNetV2].contains(kind) else {
            throw NetworkError(.shape, "SSDLite looks through a MobileNet, not \(kind.rawValue)")
        }
        var initialiser = Initialiser(seed: seed)
        self.classCount = classCount
        self.inputChannels = inputChannels
        self.inputSide = inputSide
        backboneKind = kind
        backbone = try kind.make("backbone", isForPyramid: false, inputChannels: inputChannels, initialiser: &initialiser)
        var channels = backbone.mapChannels
        var extras: [Extra] = []
        for (index, (narrow, out)) in [(256, 512), (128, 256), (128, 256), (64, 128)].enumerated() {
            let name = "extra_\(index)"
            extras.append(
                Extra(
                    reduce: try ConvolutionUnit(
                        "\(name).reduce", inputs: channels[channels.count - 1], outputs: narrow, kernel: 1, activation: .relu6,
                        initialiser: &initialiser),
                    depthwise: try ConvolutionUnit(
                        "\(name).depthwise", inputs: narrow, outputs: narrow, kernel: 3, stride: 2, groups: narrow, activation: .relu6,
                        initialiser: &initialiser),
                    project: try ConvolutionUnit(
                        "\(name).project", inputs: narrow, outputs: out, kernel: 1, activation: .relu6, initialiser: &initialiser)))
            channels.append(out)
        }
        self.extras = extras
        func predictors(_ kind: String, columns: Int, bias: Double) throws -> [Predictor] {
            try channels.enumerated().map { level, channels in
                Predictor(
                    depthwise: try ConvolutionUnit(
                        "head_\(level).\(kind).depthwise", inputs: channels, outputs: channels, kernel: 3, groups: channels,
                        activation: .relu6,
                        initialiser: &initialiser),
                    predict: try Convolution(
                        "head_\(level).\(kind).predict", inputs: channels, outputs: Anchors.perCell(level: level) * columns, kernel: 1,
                        bias: Float(bias), deviation: 0.01, initialiser: &initialiser))
            }
        }
        boxPredictors = try predictors("boxes", columns: 4, bias: 0)
        scorePredictors = try predictors("scores", columns: classCount, bias: BoxCoding.logit(prior))
        imageHead =
            hasImageHead
            ? try ImageHead(
                "image_head", channels: backbone.mapChannels[backbone.mapChannels.count - 1], classCount: classCount,
                initialiser: &initialiser) : nil
        self.attention = attention
        labelAttention = try attention.makeLabels(channels: backbone.mapChannels, classCount: classCount, seed: seed)
        coordinateAttention = try attention.makeCoordinates(channels: Array(channels.suffix(extras.count)), seed: seed)
        var levels: [(height: Int, width: Int)] = []
        var side = (inputSide + 15) / 16
        for _ in channels {
            levels.append((side, side))
            side = (side + 1) / 2
        }
        self.anchorScales = anchorScales
        anchors = Anchors(levels: levels, inputWidth: inputSide, inputHeight: inputSide, scales: anchorScales)
    }

    public func untrainedCopy(seed: UInt64) throws -> any DetectionNetwork {
        try SSDLite(
            classCount: classCount, backbone: backboneKind, inputChannels: inputChannels, inputSide: inputSide,
            hasImageHead: imageHead != nil, attention: attention, anchorScales: anchorScales, seed: seed)
    }

    /// Every parameter, in a fixed order.
    public var parameters: [Parameter] {
        backbone.parameters + extras.flatMap(\.parameters) + boxPredictors.flatMap(\.parameters) + scorePredictors.flatMap(\.parameters)
            + (imageHead?.parameters ?? []) + (labelAttention?.parameters ?? []) + coordinateAttention.flatMap(\.parameters)
    }

    /// [N, inputChannels, inputSide, inputSide] to encodings and logits.
    public func callAsFunction<E: Executor>(_ x: E.Value, _ executor: E) throws -> DetectionOutput<E.Value> {
        var maps = try backbone(x, executor)
        let imageLogits = try imageHead?(maps[maps.count - 1], executor)
        let attended = try labelAttention?(maps, executor)
        maps = attended?.features ?? maps
        for (index, extra) in extras.enumerated() {
            let reduced = try extra.reduce(maps[maps.count - 1], executor)
            let map = try extra.project(extra.depthwise(reduced, executor), executor)
            maps.append(try coordinateAttention.isEmpty ? map : coordinateAttention[index](map, executor))
        }
        let encodings = try zip(boxPredictors, maps).map { try $0($1, columns: 4, executor) }
        let logits = try zip(scorePredictors, maps).map { try $0($1, columns: classCount, executor) }
        var output = DetectionOutput(
            encodings: try executor.concatenate(encodings, axis: 1), logits: try executor.concatenate(logits, axis: 1))
        output.setImageLogits(head: imageLogits, attention: attended?.imageLogits)
        return output
    }
}
