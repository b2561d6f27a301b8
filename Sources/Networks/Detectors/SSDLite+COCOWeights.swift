import ModelGraph
import Tensors

extension SSDLite {
    /// Loads the COCO-trained `ssd_mobilenet_v3_large_coco_2020_01_14` of the TF Object Detection API's model zoo.
    ///
    /// With one input channel the first convolution takes the sum over red, green and blue: a grey picture gives the same features as
    /// its three equal channels did. The predictors of scores fit only where `classCount` is COCO's 91 (background first).
    /// - Parameter strict: Throw where anything is missing or differs.
    public func loadCOCOWeights(_ graph: FrozenTensorFlowGraph, strict: Bool = false) throws -> WeightLoadReport {
        guard let backbone = backbone as? MobileNetV3 else {
            throw ModelGraphError(.damaged, "these weights are MobileNetV3's, and the network's backbone is another")
        }
        var report = WeightLoadReport()
        let root = "FeatureExtractor/MobilenetV3/"
        try load(backbone.stem, root + "Conv", graph, &report)
        for (index, block) in backbone.blocks.enumerated() {
            let scope = root + (index == 0 ? "expanded_conv" : "expanded_conv_\(index)")
            if let expand = block.expand { try load(expand, scope + "/expand", graph, &report) }
            try load(block.depthwise, scope + "/depthwise", graph, &report)
            if let squeeze = block.squeeze {
                try load(squeeze.reduce, scope + "/squeeze_excite/Conv", graph, &report)
                try load(squeeze.expand, scope + "/squeeze_excite/Conv_1", graph, &report)
            }
            try load(block.project, scope + "/project", graph, &report)
        }
        try load(backbone.last, root + "Conv_1", graph, &report)
        let extraNames = [
            ("2_1x1_256", "2_3x3_s2_512"), ("3_1x1_128", "3_3x3_s2_256"), ("4_1x1_128", "4_3x3_s2_256"), ("5_1x1_64", "5_3x3_s2_128"),
        ]
        for (extra, (narrow, wide)) in zip(extras, extraNames) {
            try load(extra.reduce, root + "layer_17_1_Conv2d_\(narrow)", graph, &report)
            try load(extra.depthwise, root + "layer_17_2_Conv2d_\(wide)_depthwise", graph, &report)
            try load(extra.project, root + "layer_17_2_Conv2d_\(wide)", graph, &report)
        }
        for (level, (boxes, scores)) in zip(boxPredictors, scorePredictors).enumerated() {
            try load(boxes.depthwise, "BoxPredictor_\(level)/BoxEncodingPredictor_depthwise", graph, &report)
            try load(boxes.predict, "BoxPredictor_\(level)/BoxEncodingPredictor", graph, &report, swapsAxes: true)
            try load(scores.depthwise, "BoxPredictor_\(level)/ClassPredictor_depthwise", graph, &report)
            try load(scores.predict, "BoxPredictor_\(level)/ClassPredictor", graph, &report)
        }
        if strict, let first = (report.missing + report.mismatched).first {
            throw ModelGraphError(.missing, "the COCO weights do not fit: \(first)")
        }
        return report
    }

    private func load(_ unit: ConvolutionUnit, _ scope: String, _ graph: FrozenTensorFlowGraph, _ report: inout WeightLoadReport) throws {
        try load(unit.convolution, scope, graph, &report)
        let normalisation = unit.normalisation
        for (parameter, name) in [
            (normalisation.weight, "gamma"), (normalisation.bias, "beta"), (normalisation.runningMean, "moving_mean"),
            (normalisation.runningVariance, "moving_variance"),
        ] {
            try parameter.load(graph.constants["\(scope)/BatchNorm/\(name)"], &report)
        }
    }

    /// - Parameter swapsAxes: The file's columns are ty, tx, th, tw; ours are tx, ty, tw, th.
    private func load(
        _ convolution: Convolution, _ scope: String, _ graph: FrozenTensorFlowGraph, _ report: inout WeightLoadReport,
        swapsAxes: Bool = false
    ) throws {
        // TensorFlow keeps height, width, in, out; depthwise height, width, channel, 1.
        var weight =
            graph.constants["\(scope)/weights"]?.transposed([3, 2, 0, 1])
            ?? graph.constants["\(scope)/depthwise_weights"]?.transposed([2, 3, 0, 1])
        if let colours = weight, colours.shape.count == 4, colours.shape[1] == 3, convolution.weight.tensor.shape[1] == 1 {
            weight = colours.summedOverColours
        }
        var bias = graph.constants["\(scope)/biases"]
        if swapsAxes {
            weight = weight.map(Self.horizontalFirst)
            bias = bias.map(Self.horizontalFirst)
        }
        try convolution.weight.load(weight, &report)
        if let parameter = convolution.bias { try parameter.load(bias, &report) }
    }

    /// Swaps rows 0 and 1, 2 and 3, 4 and 5 … of the first axis.
    private static func horizontalFirst(_ array: NumericArray) -> NumericArray {
        let row = array.values.count / array.shape[0]
        let values = (0..<array.values.count).map { array.values[($0 / row ^ 1) * row + $0 % row] }
        return NumericArray(shape: array.shape, values: values)
    }
}

extension Parameter {
    /// Takes an array of the same shape, and writes down what happened.
    func load(_ array: NumericArray?, _ report: inout WeightLoadReport) throws {
        guard let array else {
            report.missing.append(name)
            return
        }
        guard array.shape == tensor.shape else {
            report.mismatched.append("\(name): the file has \(array.shape), the network \(tensor.shape)")
            return
        }
        tensor = try Tensor(array.values, shape: array.shape)
        report.loaded.append(name)
    }
}
