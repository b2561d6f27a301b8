import Foundation
import ModelGraph
import Networks
import PleuraTesting
import Tensors
import Testing
import Weights

/// Other programs' names, as their own networks list them, against what our networks take by them.
@Suite struct WeightNamingTests {
    private static func network(_ backbone: BackboneKind) throws -> any Network {
        try ImageClassifier(backbone: backbone, classCount: 1, inputSide: 64, seed: 1)
    }

    private static let classifier = ["fc.", "classifier."]

    /// Every tensor of the backbone is taken, in the order of the layers on both sides (so that no two are swapped), and what is left over
    /// in the file is the classifier, or what lies behind our last map.
    @Test(arguments: [
        ("torchvision resnet18", BackboneKind.resNet18, classifier), ("torchvision resnet34", .resNet34, classifier),
        ("torchvision resnet50", .resNet50, classifier), ("timm resnet18", .resNet18, classifier),
        ("torchvision mobilenet_v2", .mobileNetV2, classifier), ("timm mobilenetv2_100", .mobileNetV2, classifier),
        ("timm tf_efficientnet_lite0", .efficientNetLite0, ["conv_head.", "bn2.", "classifier."]),
        ("timm tf_efficientnet_lite1", .efficientNetLite1, ["conv_head.", "bn2.", "classifier."]),
        ("timm tf_efficientnet_lite2", .efficientNetLite2, ["conv_head.", "bn2.", "classifier."]),
    ])
    func everyLayerTakesItsOwn(_ name: String, _ kind: BackboneKind, _ leftOver: [String]) throws {
        let names = try WeightNames.named(name)
        let backbone = try Self.network(kind).backbone
        let report = try backbone.load(names.arrays())
        #expect(report.loaded.count == backbone.parameters.count)
        #expect(report.mismatched.isEmpty && report.missing.isEmpty)
        #expect(report.unused.allSatisfy { unused in leftOver.contains { unused.hasPrefix($0) } }, "\(report.unused)")
        let counters = names.tensors.filter { $0.name.hasSuffix("num_batches_tracked") }.count
        #expect(report.counters == counters)
        #expect(report.loaded.count + report.unused.count + counters == names.tensors.count)

        let parameters = Dictionary(uniqueKeysWithValues: backbone.parameters.map { ($0.name, $0) })
        // The first convolution holds the sum over the colours of tensor 0.
        let places = try report.loaded.map { try #require(parameters[$0]).tensor.floats()[0] }
        #expect(places == places.sorted() && Set(places).count == places.count)
    }

    /// ImageNet's MobileNetV3-Large has a wider tail than the detectors': what lies before it fits, and the tail is named.
    @Test(arguments: ["torchvision mobilenet_v3_large", "timm mobilenetv3_large_100"])
    func theWideTailOfMobileNetV3IsListed(_ name: String) throws {
        let backbone = try SSDLite(classCount: 1, seed: 1).backbone
        let report = try backbone.load(WeightNames.named(name).arrays())
        #expect(report.missing.isEmpty && report.loaded.count + report.mismatched.count == backbone.parameters.count)
        let narrow = ["backbone.block_12.project", "backbone.block_13", "backbone.block_14", "backbone.last"]
        #expect(report.mismatched.allSatisfy { mismatch in narrow.contains { mismatch.name.hasPrefix($0) } })
        // 12.project, 13, 14 and last: all but the squeezing bias of no block has the width of the reduced tail.
        #expect(report.loaded.allSatisfy { loaded in !narrow.contains { loaded.hasPrefix($0) } })
        let parameters = Dictionary(uniqueKeysWithValues: backbone.parameters.map { ($0.name, $0) })
        let places = try report.loaded.map { try #require(parameters[$0]).tensor.floats()[0] }
        #expect(places == places.sorted())
    }

    @Test func aWholeSSDLiteOfTorchvisionFitsButForItsFirstLevel() throws {
        let names = try WeightNames.named("torchvision ssdlite320_mobilenet_v3_large")
        let folder = try TemporaryFolder()
        let file = folder.file("ssdlite.safetensors")
        try WeightFile(arrays: names.arrays()).write(to: file)
        // As many columns as COCO's, so that scores fit too.
        let network = try SSDLite(classCount: 91, seed: 1)
        let weights = try StartingWeights(contentsOf: file)
        #expect(weights.title == "ssdlite.safetensors (safetensors; it seems to be torchvision's SSDLite)")
        let report = try weights.load(into: network)
        // torchvision has six anchors a cell on the first level, the TF Object Detection API three.
        #expect(
            report.mismatched.map(\.description) == [
                "head_0.boxes.predict.weight: the file has [24, 672, 1, 1], the network [12, 672, 1, 1]",
                "head_0.boxes.predict.bias: the file has [24], the network [12]",
                "head_0.scores.predict.weight: the file has [546, 672, 1, 1], the network [273, 672, 1, 1]",
                "head_0.scores.predict.bias: the file has [546], the network [273]",
            ])
        #expect(report.missing.isEmpty && report.unused.isEmpty)
        #expect(report.loaded.count == network.parameters.count - 4)

        let order = Dictionary(uniqueKeysWithValues: names.tensors.enumerated().map { ($1.name, Float($0)) })
        let parameters = Dictionary(uniqueKeysWithValues: network.parameters.map { ($0.name, $0) })
        for (own, theirs) in [
            ("backbone.block_0.depthwise.convolution.weight", "backbone.features.0.1.block.0.0.weight"),
            ("backbone.block_3.squeeze.expand.bias", "backbone.features.0.4.block.2.fc2.bias"),
            ("backbone.block_12.expand.normalisation.running_variance", "backbone.features.0.13.1.running_var"),
            ("backbone.block_12.project.convolution.weight", "backbone.features.1.0.3.0.weight"),
            ("backbone.block_14.squeeze.reduce.weight", "backbone.features.1.2.block.2.fc1.weight"),
            ("backbone.last.normalisation.bias", "backbone.features.1.3.1.bias"),
            ("extra_2.depthwise.normalisation.weight", "backbone.extra.2.1.1.weight"),
            ("head_3.boxes.depthwise.convolution.weight", "head.regression_head.module_list.3.0.0.weight"),
            ("head_5.scores.predict.bias", "head.classification_head.module_list.5.1.bias"),
        ] {
            #expect(try #require(parameters[own]).tensor.floats()[0] == order[theirs], "\(own)")
        }
    }

    /// torchvision's anchors of a cell, written down from its DefaultBoxGenerator, against the shapes of our anchors.
    @Test func predictorsOfTorchvisionsSSDKeepTheirAnchors() throws {
        let network = try SSDLite(classCount: 2, seed: 1)
        // Level 1 begins behind three anchors in each of 20 x 20 cells.
        let cell = network.anchors.boxes[1200..<1206].map { ($0.width / 320, $0.height / 320) }
        let (scale, next): (Float, Float) = (0.35, 0.5)
        let theirs: [(Float, Float)] =
            [(scale, scale), ((scale * next).squareRoot(), (scale * next).squareRoot())]
            + [2, 3].flatMap { (aspect: Float) in
                let (wide, low) = (scale * aspect.squareRoot(), scale / aspect.squareRoot())
                return [(wide, low), (low, wide)]
            }
        var arrays = try WeightNames.named("torchvision ssdlite320_mobilenet_v3_large").arrays { $0.contains("regression_head") }
        // Row a * 4 + column of anchor a.
        arrays["head.regression_head.module_list.1.1.bias"] = NumericArray(shape: [24], values: (0..<24).map { Float($0) })
        let folder = try TemporaryFolder()
        try WeightFile(arrays: arrays).write(to: folder.file("w.safetensors"))
        try StartingWeights.load(folder.file("w.safetensors"), into: network)
        let bias = try #require(network.parameters.first { $0.name == "head_1.boxes.predict.bias" }).tensor.floats()
        for (anchor, shape) in cell.enumerated() {
            let (theirAnchor, column) = (Int(bias[anchor * 4]) / 4, Int(bias[anchor * 4]) % 4)
            #expect(column == 0 && (0..<4).allSatisfy { bias[anchor * 4 + $0] == Float(theirAnchor * 4 + $0) })
            #expect(abs(theirs[theirAnchor].0 - shape.0) < 0.001 && abs(theirs[theirAnchor].1 - shape.1) < 0.001, "anchor \(anchor)")
        }
    }

    private static func retinaNet(_ head: RetinaNet.Head, backbone: BackboneKind = .resNet18, isNormalised: Bool) throws -> RetinaNet {
        try RetinaNet(
            RetinaNet.Shape(backbone: backbone, head: head, channels: 256, depth: 4, isNormalised: isNormalised), classCount: 91,
            inputSide: 256, seed: 1)
    }

    private static func load(_ arrays: [String: NumericArray], into network: any Network) throws -> WeightLoadReport {
        let folder = try TemporaryFolder()
        try WeightFile(arrays: arrays).write(to: folder.file("w.safetensors"))
        return try StartingWeights.load(folder.file("w.safetensors"), into: network)
    }

    @Test func aWholeRetinaNetOfTorchvisionFitsUnderItsNewAndItsOldNames() throws {
        let names = try WeightNames.named("torchvision retinanet_resnet50_fpn")
        // Enough of the backbone to find it.
        let arrays = names.arrays { !$0.contains("body.layer") }
        let old = Dictionary(
            uniqueKeysWithValues: arrays.map { name, array in
                let old = name.replacing(/_blocks\.(\d)\.0\./) { "_blocks.\($0.output.1)." }
                    .replacing(/head\.conv\.(\d)\.0\./) { "head.conv.\(2 * (Int($0.output.1) ?? 0))." }
                return (old, array)
            })
        let network = try Self.retinaNet(.nineAnchors, backbone: .resNet50, isNormalised: false)
        for arrays in [arrays, old] {
            let report = try Self.load(arrays, into: network)
            #expect(
                report.mismatched.isEmpty && report.unused.isEmpty && report.notes == ["first convolution: 3 colours summed to 1 channel"])
            #expect(report.missing.allSatisfy { $0.hasPrefix("backbone.layer_") })
            #expect(Set(report.loaded).isSuperset(of: network.parameters.map(\.name).filter { !$0.hasPrefix("backbone.") }))
            let order = Dictionary(uniqueKeysWithValues: names.tensors.enumerated().map { ($1.name, Float($0)) })
            let parameters = Dictionary(uniqueKeysWithValues: network.parameters.map { ($0.name, $0) })
            for (own, theirs) in [
                ("pyramid.lateral_2.bias", "backbone.fpn.inner_blocks.2.0.bias"),
                ("pyramid.smoothing_0.weight", "backbone.fpn.layer_blocks.0.0.weight"),
                ("pyramid.coarser_1.bias", "backbone.fpn.extra_blocks.p7.bias"),
                ("head.scores.convolution_3.weight", "head.classification_head.conv.3.0.weight"),
                ("head.boxes.convolution_1.bias", "head.regression_head.conv.1.0.bias"),
                ("head.scores.predict.bias", "head.classification_head.cls_logits.bias"),
                ("head.boxes.predict.weight", "head.regression_head.bbox_reg.weight"),
            ] {
                #expect(try #require(parameters[own]).tensor.floats()[0] == order[theirs], "\(own)")
            }
        }
    }

    /// torchvision's FCOS normalises its towers by groups and predicts distances: neither is this network's, and both are said.
    @Test func whatOfFCOSIsOfAnotherKindIsSaidAndLeft() throws {
        let names = try WeightNames.named("torchvision fcos_resnet50_fpn")
        let arrays = names.arrays { !$0.contains("body.layer") }
        for isNormalised in [true, false] {
            let network = try Self.retinaNet(.anchorFree, isNormalised: isNormalised)
            let before = try network.arrays()
            let report = try Self.load(arrays, into: network)
            // The file's backbone is wider than this one.
            #expect(report.mismatched.map(\.name) == (0..<3).map { "pyramid.lateral_\($0).weight" })
            #expect(report.notes.contains("the file's boxes are distances, this network's are not: these start fresh"))
            let loaded = Set(report.loaded)
            #expect(loaded.isSuperset(of: ["head.scores.predict.weight", "head.quality.predict.bias", "pyramid.coarser_0.weight"]))
            #expect(loaded.isDisjoint(with: ["head.boxes.predict.weight", "head.boxes.predict.bias", "head.scale_0"]))
            #expect(loaded.contains("head.boxes.convolution_2.weight") == isNormalised)
            #expect(
                report.notes.contains("the file's towers normalise by groups, this network's by batches: these start fresh") == isNormalised
            )
            let after = try network.arrays()
            for name in report.missing { #expect(after[name] == before[name], "\(name)") }
            #expect(
                report.unused.contains("head.regression_head.bbox_reg.weight")
                    && report.unused.contains("head.classification_head.conv.1.weight"))
        }
    }

    /// A tower with shared statistics: each level gets them, and the bias of the convolution before goes into the mean.
    @Test func sharedNormalisationsGoToEveryLevel() throws {
        var arrays = try WeightNames.named("torchvision fcos_resnet50_fpn").arrays { $0.hasPrefix("head.") }
        let name = "head.regression_head.conv.4"
        arrays["\(name).running_mean"] = NumericArray(shape: [256], values: (0..<256).map { Float($0) })
        arrays["\(name).running_var"] = NumericArray(shape: [256], values: [Float](repeating: 2, count: 256))
        arrays["head.regression_head.conv.3.bias"] = NumericArray(shape: [256], values: (0..<256).map { Float($0 % 7) })
        let network = try Self.retinaNet(.anchorFree, isNormalised: true)
        let report = try Self.load(arrays, into: network)
        let loaded = try network.arrays()
        for level in 0..<5 {
            let own = "head.boxes.level_\(level).normalisation_1"
            #expect(report.loaded.contains("\(own).running_variance"))
            #expect(loaded["\(own).running_mean"]?.values == (0..<256).map { Float($0 - $0 % 7) })
        }
        #expect(!report.unused.contains("head.regression_head.conv.3.bias"))
    }
}
