import ModelGraph
import Weights

extension FrozenTensorFlowGraph {
    /// The constants of the TF Object Detection API's networks in PyTorch's layouts, named as PyTorch names a layer's tensors: of a scope
    /// `S/weights` becomes `S.weight`, `S/BatchNorm/moving_mean` becomes `S/BatchNorm.running_mean`. Others stay as they are.
    var layerArrays: [String: NumericArray] {
        let names = [
            "/weights": ".weight", "/depthwise_weights": ".weight", "/biases": ".bias", "/BatchNorm/gamma": "/BatchNorm.weight",
            "/BatchNorm/beta": "/BatchNorm.bias", "/BatchNorm/moving_mean": "/BatchNorm.running_mean",
            "/BatchNorm/moving_variance": "/BatchNorm.running_var",
        ]
        var arrays: [String: NumericArray] = [:]
        for (name, array) in constants {
            guard let (ending, ours) = names.first(where: { name.hasSuffix($0.key) }) else {
                arrays[name] = array
                continue
            }
            var array = array
            // TensorFlow keeps height, width, in, out; depthwise height, width, channel, 1.
            if array.shape.count == 4 { array = array.transposed(ending == "/depthwise_weights" ? [2, 3, 0, 1] : [3, 2, 0, 1]) }
            arrays[name.dropLast(ending.count) + ours] = array
        }
        return arrays
    }
}

extension WeightSource {
    fileprivate init(_ unit: ConvolutionUnit, scope: String) { self.init(unit, scope, "\(scope)/BatchNorm") }
}

private let extractor = "FeatureExtractor/MobilenetV3"

extension MobileNetV3 {
    /// The TF Object Detection API's MobileNetV3.
    var tensorFlowSources: [WeightSource] {
        var sources = [WeightSource(stem, scope: "\(extractor)/Conv")]
        for (index, block) in blocks.enumerated() {
            let scope = extractor + (index == 0 ? "/expanded_conv" : "/expanded_conv_\(index)")
            if let expand = block.expand { sources.append(WeightSource(expand, scope: "\(scope)/expand")) }
            sources.append(WeightSource(block.depthwise, scope: "\(scope)/depthwise"))
            if let squeeze = block.squeeze {
                sources.append(WeightSource(squeeze.reduce, "\(scope)/squeeze_excite/Conv"))
                sources.append(WeightSource(squeeze.expand, "\(scope)/squeeze_excite/Conv_1"))
            }
            sources.append(WeightSource(block.project, scope: "\(scope)/project"))
        }
        return sources + [WeightSource(last, scope: "\(extractor)/Conv_1")]
    }
}

extension SSDLite {
    var tensorFlowExtras: [WeightSource] {
        let names = [
            ("2_1x1_256", "2_3x3_s2_512"), ("3_1x1_128", "3_3x3_s2_256"), ("4_1x1_128", "4_3x3_s2_256"), ("5_1x1_64", "5_3x3_s2_128"),
        ]
        return zip(extras, names).flatMap { extra, names in
            [
                WeightSource(extra.reduce, scope: "\(extractor)/layer_17_1_Conv2d_\(names.0)"),
                WeightSource(extra.depthwise, scope: "\(extractor)/layer_17_2_Conv2d_\(names.1)_depthwise"),
                WeightSource(extra.project, scope: "\(extractor)/layer_17_2_Conv2d_\(names.1)"),
            ]
        }
    }

    var tensorFlowPredictors: [WeightName] {
        zip(boxPredictors, scorePredictors).enumerated().flatMap { level, predictors in
            let (boxes, scores) = predictors
            let root = "BoxPredictor_\(level)"
            var names = WeightSource(boxes.depthwise, scope: "\(root)/BoxEncodingPredictor_depthwise").names
            // The file's columns are ty, tx, th, tw; ours are tx, ty, tw, th.
            names += boxes.predict.names("\(root)/BoxEncodingPredictor").map { WeightName($0.parameter, $0.name, change: .pairs) }
            names += WeightSource(scores.depthwise, scope: "\(root)/ClassPredictor_depthwise").names
            return names + scores.predict.names("\(root)/ClassPredictor")
        }
    }
}
