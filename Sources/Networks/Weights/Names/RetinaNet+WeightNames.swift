extension RetinaNet: NamedWeights {
    /// The pyramid and the head, as torchvision's `retinanet_resnet50_fpn` and `fcos_resnet50_fpn` name them.
    var weightParts: [WeightPart] {
        [
            // The files of torchvision's first detectors have no second number.
            WeightPart(pyramid.parameters, namings: [WeightNaming(pyramid.sources(".0")), WeightNaming(pyramid.sources(""))]),
            WeightPart(
                head.parameters,
                namings: head.isPlain
                    ? [WeightNaming(head.retinaNetNames), WeightNaming(head.firstRetinaNetNames), WeightNaming(head.pointNames)] : []),
        ]
    }
}

extension FeaturePyramid {
    fileprivate func sources(_ ending: String) -> [WeightSource] {
        laterals.enumerated().map { WeightSource($1, "inner_blocks.\($0)\(ending)") }
            + smoothings.enumerated().map { WeightSource($1, "layer_blocks.\($0)\(ending)") }
            + zip(coarser, ["p6", "p7"]).map { WeightSource($0, "extra_blocks.\($1)") }
    }
}

extension DenseHead {
    /// Whole 3x3 convolutions, as torchvision's.
    fileprivate var isPlain: Bool { scores.depthwise == nil }

    private var towers: [(tower: Tower, head: String)] { [(scoreTower, "classification_head"), (boxTower, "regression_head")] }

    /// torchvision's FCOS predicts distances, and this head's anchor-free boxes are logarithms of them.
    private var predictors: [WeightName] {
        let condition = WeightName.Condition.apart(
            "regression_head.bbox_ctrness.weight", otherwise: "the file's boxes are distances, this network's are not")
        return scores.convolution.names("classification_head.cls_logits")
            + boxes.convolution.names("regression_head.bbox_reg").map { WeightName($0.parameter, $0.name, condition: condition) }
            + (quality?.convolution.names("regression_head.bbox_ctrness") ?? [])
    }

    /// A tower's convolution and its normalisation, where the tower normalises: every level takes the statistics that torchvision shares
    /// between the levels.
    private func layer(_ tower: Tower, _ number: Int, convolution: String, normalisation: String) -> [WeightName] {
        let condition = WeightName.Condition.beside(
            "\(normalisation).running_mean", otherwise: "the file's towers normalise by groups, this network's by batches")
        return tower.convolutions[number].convolution.names(convolution)
            + tower.normalisations.flatMap { level in
                level[number].names(normalisation).map {
                    let isMean = $0.parameter === level[number].runningMean
                    return WeightName($0.parameter, $0.name, condition: condition, less: isMean ? "\(convolution).bias" : nil)
                }
            }
    }

    /// torchvision's RetinaNet since version 0.12.
    fileprivate var retinaNetNames: [WeightName] {
        towers.flatMap { tower, head in
            tower.convolutions.indices.flatMap {
                layer(tower, $0, convolution: "\(head).conv.\($0).0", normalisation: "\(head).conv.\($0).1")
            }
        } + predictors
    }

    /// Before that, and so in the files of weights: convolutions and ReLUs are numbered on. FCOS has a normalisation between the two, and
    /// so it has no convolution at 2.
    fileprivate var firstRetinaNetNames: [WeightName] {
        towers.flatMap { tower, head in
            tower.convolutions.indices.flatMap { number in
                tower.convolutions[number].convolution.names("\(head).conv.\(2 * number)").map {
                    let otherwise = "the file's towers normalise, this network's do not"
                    return WeightName($0.parameter, $0.name, condition: .beside("\(head).conv.2.weight", otherwise: otherwise))
                }
            }
        } + predictors
    }

    /// torchvision's FCOS: convolution, normalisation, ReLU. A tower that does not normalise takes nothing of it.
    fileprivate var pointNames: [WeightName] {
        towers.flatMap { tower, head in
            tower.normalisations.isEmpty
                ? []
                : tower.convolutions.indices.flatMap {
                    layer(tower, $0, convolution: "\(head).conv.\(3 * $0)", normalisation: "\(head).conv.\(3 * $0 + 1)")
                }
        } + predictors
    }
}
