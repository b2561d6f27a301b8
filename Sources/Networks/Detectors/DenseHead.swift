/// The head of a one-stage detector over a pyramid: two towers of convolutions, shared between the levels, for scores and for boxes. Each level
/// normalises with statistics of its own (as TensorFlow's weight-shared predictor does), for features of different levels
/// differ in scale.
public struct DenseHead {
    /// A 3x3 convolution, whole or depthwise and then 1x1 (FPN-lite).
    struct Brick {
        let depthwise: Convolution?
        let convolution: Convolution

        init(
            _ name: String, inputs: Int, outputs: Int, isSeparable: Bool, bias: Float?, deviation: Double?, initialiser: inout Initialiser
        ) throws {
            depthwise =
                isSeparable
                ? try Convolution(
                    "\(name).depthwise", inputs: inputs, outputs: inputs, kernel: 3, groups: inputs, padding: .centred,
                    initialiser: &initialiser) : nil
            convolution = try Convolution(
                name, inputs: inputs, outputs: outputs, kernel: isSeparable ? 1 : 3, bias: bias, deviation: deviation, padding: .centred,
                initialiser: &initialiser)
        }

        var parameters: [Parameter] { (depthwise?.parameters ?? []) + convolution.parameters }

        func callAsFunction<E: Executor>(_ x: E.Value, _ executor: E) throws -> E.Value {
            try convolution(depthwise?(x, executor) ?? x, executor)
        }
    }

    /// One tower and what it predicts.
    struct Tower {
        let convolutions: [Brick]
        /// [level][convolution].
        let normalisations: [[BatchNormalisation]]

        init(
            _ name: String, channels: Int, depth: Int, levels: Int, isNormalised: Bool, isSeparable: Bool, initialiser: inout Initialiser
        ) throws {
            var initialiser = initialiser
            convolutions = try (0..<depth).map {
                try Brick(
                    "\(name).convolution_\($0)", inputs: channels, outputs: channels, isSeparable: isSeparable,
                    bias: isNormalised ? nil : 0, deviation: isNormalised ? nil : 0.01, initialiser: &initialiser)
            }
            normalisations =
                isNormalised
                ? try (0..<levels).map { level in
                    try (0..<depth).map {
                        try BatchNormalisation(
                            "\(name).level_\(level).normalisation_\($0)", channels: channels, epsilon: ConvolutionUnit.tensorFlowEpsilon,
                            initialiser: initialiser)
                    }
                } : []
        }

        var parameters: [Parameter] { convolutions.flatMap(\.parameters) + normalisations.joined().flatMap(\.parameters) }

        func callAsFunction<E: Executor>(_ x: E.Value, level: Int, _ executor: E) throws -> E.Value {
            var y = x
            for (index, convolution) in convolutions.enumerated() {
                y = try convolution(y, executor)
                if !normalisations.isEmpty { y = try executor.batchNormalisation(y, normalisations[level][index]) }
                y = try executor.reluConsuming(y)
            }
            return y
        }
    }

    let scoreTower: Tower
    let boxTower: Tower
    let scores: Brick
    let boxes: Brick
    /// Predicts from the boxes' tower how well the box fits.
    let quality: Brick?
    /// [1, 1, 1] a level: what the encodings are multiplied by, for levels differ in scale (FCOS).
    let scales: [Parameter]
    let classCount: Int

    init(
        _ name: String, channels: Int, depth: Int, levels: Int, anchorsPerCell: Int, classCount: Int, isNormalised: Bool,
        isSeparable: Bool, saysQuality: Bool, prior: Double, initialiser: inout Initialiser
    ) throws {
        self.classCount = classCount
        scoreTower = try Tower(
            "\(name).scores", channels: channels, depth: depth, levels: levels, isNormalised: isNormalised,
            isSeparable: isSeparable, initialiser: &initialiser)
        boxTower = try Tower(
            "\(name).boxes", channels: channels, depth: depth, levels: levels, isNormalised: isNormalised,
            isSeparable: isSeparable, initialiser: &initialiser)
        func predictor(_ kind: String, _ columns: Int, bias: Double) throws -> Brick {
            try Brick(
                "\(name).\(kind).predict", inputs: channels, outputs: anchorsPerCell * columns, isSeparable: isSeparable,
                bias: Float(bias), deviation: 0.01, initialiser: &initialiser)
        }
        scores = try predictor("scores", classCount, bias: BoxCoding.logit(prior))
        // An anchor-free box starts at four strides to every side: e^1.4.
        boxes = try predictor("boxes", 4, bias: saysQuality ? 1.4 : 0)
        quality = saysQuality ? try predictor("quality", 1, bias: 0) : nil
        scales =
            saysQuality
            ? try (0..<levels).map {
                Parameter(name: "\(name).scale_\($0)", role: .bias, tensor: try initialiser.constant([1, 1, 1], 1))
            } : []
    }

    var parameters: [Parameter] {
        scoreTower.parameters + boxTower.parameters + scores.parameters + boxes.parameters + (quality?.parameters ?? []) + scales
    }

    /// Maps [N, channels, H, W] of all levels to the output of every anchor.
    func callAsFunction<E: Executor>(_ maps: [E.Value], _ executor: E) throws -> DetectionOutput<E.Value> {
        var encodings: [E.Value] = []
        var logits: [E.Value] = []
        var qualities: [E.Value] = []
        for (level, map) in maps.enumerated() {
            let places = try boxTower(map, level: level, executor)
            var encoding = try executor.anchorMajor(boxes(places, executor), columns: 4)
            if !scales.isEmpty { encoding = try executor.multiply(encoding, executor.value(of: scales[level])) }
            encodings.append(encoding)
            let kinds = try scoreTower(map, level: level, executor)
            logits.append(try executor.anchorMajor(scores(kinds, executor), columns: classCount))
            if let quality { qualities.append(try executor.anchorMajor(quality(places, executor), columns: 1)) }
        }
        return DetectionOutput(
            encodings: try executor.concatenate(encodings, axis: 1), logits: try executor.concatenate(logits, axis: 1),
            quality: qualities.isEmpty ? nil : try executor.concatenate(qualities, axis: 1))
    }
}
