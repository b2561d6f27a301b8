extension SSDLite: NamedWeights {
    /// The extra levels and the predictors, as torchvision's `ssdlite320_mobilenet_v3_large` and the TF Object Detection API name them.
    var weightParts: [WeightPart] {
        [
            WeightPart(extras.flatMap(\.parameters), namings: [WeightNaming(torchvisionExtras), WeightNaming(tensorFlowExtras)]),
            WeightPart(
                (boxPredictors + scorePredictors).flatMap(\.parameters),
                namings: [WeightNaming(torchvisionPredictors), WeightNaming(tensorFlowPredictors)]),
        ]
    }

    private var torchvisionExtras: [WeightSource] {
        extras.enumerated().flatMap { index, extra in
            [extra.reduce, extra.depthwise, extra.project].enumerated().map { number, unit in
                WeightSource(unit, "extra.\(index).\(number).0", "extra.\(index).\(number).1")
            }
        }
    }

    private var torchvisionPredictors: [WeightName] {
        // Of a cell's anchors torchvision has the two squares first; ours have the square between two levels last.
        let order = [0, 2, 3, 4, 5, 1]
        func names(_ predictors: [Predictor], _ head: String) -> [WeightName] {
            predictors.enumerated().flatMap { level, predictor -> [WeightName] in
                let name = "\(head).module_list.\(level)"
                return WeightSource(predictor.depthwise, "\(name).0.0", "\(name).0.1").names
                    + predictor.predict.names("\(name).1").map { WeightName($0.parameter, $0.name, change: .blocks(order)) }
            }
        }
        return names(boxPredictors, "regression_head") + names(scorePredictors, "classification_head")
    }
}
