extension Backbone {
    /// Every family of files that this backbone is known from: its own `sources`, and timm's.
    var weightPart: WeightPart {
        var namings = [WeightNaming(sources)]
        switch self {
        case let backbone as MobileNetV2: namings.append(WeightNaming(backbone.timmSources))
        case let backbone as EfficientNetLite: namings.append(WeightNaming(backbone.timmSources))
        case let backbone as MobileNetV3:
            namings += [
                WeightNaming(backbone.detectorSources), WeightNaming(backbone.timmSources), WeightNaming(backbone.tensorFlowSources),
            ]
        default: break
        }
        return WeightPart(parameters, namings: namings)
    }
}

/// An inverted residual as timm names its layers: `conv_pw`, `conv_dw`, `se`, `conv_pwl`, and where nothing expands `conv_dw`, `se`, `conv_pw`.
private func timmBlock(
    _ name: String, expand: ConvolutionUnit?, depthwise: ConvolutionUnit, squeeze: SqueezeExcitation?, project: ConvolutionUnit
) -> [WeightSource] {
    let squeezed =
        squeeze.map { [WeightSource($0.reduce, "\(name).se.conv_reduce"), WeightSource($0.expand, "\(name).se.conv_expand")] } ?? []
    guard let expand else {
        return [WeightSource(depthwise, "\(name).conv_dw", "\(name).bn1")] + squeezed
            + [WeightSource(project, "\(name).conv_pw", "\(name).bn2")]
    }
    return [WeightSource(expand, "\(name).conv_pw", "\(name).bn1"), WeightSource(depthwise, "\(name).conv_dw", "\(name).bn2")]
        + squeezed + [WeightSource(project, "\(name).conv_pwl", "\(name).bn3")]
}

private func timmNetwork(stem: ConvolutionUnit, _ blocks: [[InvertedResidual]]) -> [WeightSource] {
    [WeightSource(stem, "conv_stem", "bn1")]
        + blocks.enumerated().flatMap { stage, blocks in
            blocks.enumerated().flatMap { number, block in
                timmBlock(
                    "blocks.\(stage).\(number)", expand: block.expand, depthwise: block.depthwise, squeeze: nil, project: block.project)
            }
        }
}

extension MobileNetV2 {
    /// timm's `mobilenetv2_100`.
    fileprivate var timmSources: [WeightSource] { timmNetwork(stem: stem, blocks) + [WeightSource(last, "conv_head", "bn2")] }
}

extension EfficientNetLite {
    /// timm's `tf_efficientnet_lite0` and its larger ones.
    fileprivate var timmSources: [WeightSource] { timmNetwork(stem: stem, blocks) }
}

extension MobileNetV3 {
    /// torchvision's `mobilenet_v3_large`: `features.0.0`, `features.1.block.0.0`, …, `features.16.0`.
    var torchvisionSources: [WeightSource] {
        [WeightSource(stem, "features.0.0", "features.0.1")]
            + blocks.enumerated().flatMap { torchvisionBlock("features.\($0 + 1).block", $1) }
            + [WeightSource(last, "features.16.0", "features.16.1")]
    }

    /// torchvision's `ssdlite320_mobilenet_v3_large`: the backbone in two pieces, cut behind the expansion of its block 13.
    fileprivate var detectorSources: [WeightSource] {
        var sources = [WeightSource(stem, "features.0.0.0", "features.0.0.1")]
        for (index, block) in blocks.enumerated() {
            if index < 12 {
                sources += torchvisionBlock("features.0.\(index + 1).block", block)
            } else if index > 12 {
                sources += torchvisionBlock("features.1.\(index - 12).block", block)
            } else if let expand = block.expand {
                sources.append(WeightSource(expand, "features.0.13.0", "features.0.13.1"))
                sources += torchvisionBlock("features.1.0", block).dropFirst()
            }
        }
        return sources + [WeightSource(last, "features.1.3.0", "features.1.3.1")]
    }

    /// Numbered layers; those that are not there take no number.
    private func torchvisionBlock(_ name: String, _ block: Block) -> [WeightSource] {
        var sources: [WeightSource] = []
        var number = 0
        func add(_ unit: ConvolutionUnit) {
            sources.append(WeightSource(unit, "\(name).\(number).0", "\(name).\(number).1"))
            number += 1
        }
        if let expand = block.expand { add(expand) }
        add(block.depthwise)
        if let squeeze = block.squeeze {
            sources += [WeightSource(squeeze.reduce, "\(name).\(number).fc1"), WeightSource(squeeze.expand, "\(name).\(number).fc2")]
            number += 1
        }
        add(block.project)
        return sources
    }

    /// timm's `mobilenetv3_large_100`: 1, 2, 3, 4, 2 and 3 blocks a stage.
    fileprivate var timmSources: [WeightSource] {
        var sources = [WeightSource(stem, "conv_stem", "bn1")]
        var left = blocks[...]
        for (stage, count) in [1, 2, 3, 4, 2, 3].enumerated() {
            for (number, block) in left.prefix(count).enumerated() {
                sources += timmBlock(
                    "blocks.\(stage).\(number)", expand: block.expand, depthwise: block.depthwise, squeeze: block.squeeze,
                    project: block.project)
            }
            left = left.dropFirst(count)
        }
        return sources + [WeightSource(last, "blocks.6.0.conv", "blocks.6.0.bn1")]
    }
}
