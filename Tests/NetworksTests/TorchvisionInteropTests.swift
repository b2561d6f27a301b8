import Foundation
import ModelGraph
import Networks
import PleuraTesting
import Tensors
import Testing
import Weights

private let python = OtherProgram.named(by: "PLEURA_TORCHVISION")

/// Our networks with torchvision's weights, against torchvision's own outputs on the same picture (Tests/Interop/torchvision_networks.py).
/// `make test-interop` lays torchvision and names its Python by `PLEURA_TORCHVISION`; without it the suite is left out.
@Suite(.enabled(if: python != nil, "PLEURA_TORCHVISION names no Python; make test-interop does"), .serialized)
struct TorchvisionInteropTests {
    /// What torchvision made, and from what.
    private struct Theirs {
        let folder = try? TemporaryFolder()
        let weights: StartingWeights
        let outputs: [String: NumericArray]

        init(_ name: String, weights file: URL? = nil) throws {
            let folder = try #require(folder)
            let script = Repository.root.appendingPathComponent("Tests/Interop/torchvision_networks.py")
            let result = try Shell.run(
                program: #require(python), ["-B", script.path, name, folder.url.path] + (file.map { [$0.path] } ?? []))
            try #require(result.status == 0, "\(result.errors.suffix(2000))")
            weights = try StartingWeights(contentsOf: file ?? folder.file("weights.pth"))
            outputs = try TorchFile(contentsOf: folder.file("outputs.pth")).arrays
        }

        func input() throws -> Tensor {
            let input = try #require(outputs["input"])
            return try Tensor(input.values, shape: input.shape)
        }
    }

    /// The largest difference is less than a ten-thousandth of the largest number: what two orders of summing 32-bit floats leave.
    private static func expectEqual(_ ours: [Float], _ theirs: [Float], _ what: String) throws {
        try #require(ours.count == theirs.count, "\(what)")
        let largest = theirs.map(abs).max() ?? 0
        let difference = zip(ours, theirs).map { abs($0 - $1) }.max() ?? .infinity
        #expect(largest > 0 && difference < 1e-4 * largest, "\(what): \(difference) of \(largest)")
        print("torchvision parity: \(what): \(difference) of \(largest)")
    }

    private static func expectSameMaps(_ backbone: any Backbone, _ theirs: Theirs, _ names: [String], _ title: String) throws {
        let report = try theirs.weights.load(into: backbone)
        #expect(report.loaded.count == backbone.parameters.count, "\(report.lines)")
        let maps = try Engine.withoutGradients { try backbone(theirs.input(), TorchExecutor(isTraining: false)) }
        for (name, map) in zip(names, maps) {
            let expected = try #require(theirs.outputs[name])
            #expect(map.shape == expected.shape)
            try expectEqual(map.floats(), expected.values, "\(title) \(name)")
        }
    }

    private static func backbone(_ kind: BackboneKind) throws -> any Backbone {
        try ImageClassifier(backbone: kind, classCount: 1, inputSide: 128, seed: 1).backbone
    }

    @Test(arguments: [("resnet18", BackboneKind.resNet18), ("resnet34", .resNet34), ("resnet50", .resNet50)])
    func resNetsGiveTheSameMaps(name: String, kind: BackboneKind) throws {
        try Self.expectSameMaps(Self.backbone(kind), Theirs(name), ["map_0", "map_1", "map_2"], name)
    }

    @Test func mobileNetV2GivesTheSameMaps() throws {
        let theirs = try Theirs("mobilenet_v2")
        try Self.expectSameMaps(Self.backbone(.mobileNetV2), theirs, ["map_0", "map_1", "map_2"], "mobilenet_v2")
        let detector = try SSDLite(classCount: 1, backbone: .mobileNetV2, seed: 1)
        try Self.expectSameMaps(detector.backbone, theirs, ["expansion", "map_2"], "mobilenet_v2 for SSDLite")
    }

    /// At a side that stays odd, where TensorFlow's padding, which ours has, is PyTorch's.
    @Test func mobileNetV3GivesTheSameMaps() throws {
        let backbone = try SSDLite(classCount: 1, inputSide: 257, seed: 1).backbone
        try Self.expectSameMaps(backbone, Theirs("mobilenet_v3_large"), ["map_0", "map_1"], "mobilenet_v3_large")
    }

    /// From the second level on; on the first, torchvision has other anchors. Again at a side that stays odd.
    @Test func ssdLiteSaysTheSameOfTheAnchorsThatBothHave() throws {
        let theirs = try Theirs("ssdlite320_mobilenet_v3_large")
        let network = try SSDLite(classCount: 5, inputSide: 513, seed: 1)
        let report = try theirs.weights.load(into: network)
        #expect(report.mismatched.count == 4 && report.missing.isEmpty && report.unused.isEmpty)
        let output = try Engine.withoutGradients { try network(theirs.input(), TorchExecutor(isTraining: false)) }
        let sides = try #require(theirs.outputs["sizes"]).values.map { Int($0) }
        #expect(sides == [33, 17, 9, 5, 3, 2])
        let (ourFirst, theirFirst) = (33 * 33 * 3, 33 * 33 * 6)
        let count = network.anchors.count - ourFirst
        // Ours of a cell, in torchvision's order.
        let order = [0, 2, 3, 4, 5, 1]
        for (name, columns, ours) in [("encodings", 4, output.encodings), ("logits", 5, output.logits)] {
            let expected = try #require(theirs.outputs[name])
            #expect(expected.shape == [1, theirFirst + count, columns])
            let rows = (0..<count).flatMap { index -> ArraySlice<Float> in
                let row = theirFirst + index / 6 * 6 + order[index % 6]
                return expected.values[row * columns..<(row + 1) * columns]
            }
            try Self.expectEqual(Array(ours.floats()[(ourFirst * columns)...]), rows, "ssdlite \(name)")
        }
    }

    private static func pyramid(_ head: RetinaNet.Head, isNormalised: Bool) throws -> RetinaNet {
        try RetinaNet(
            RetinaNet.Shape(backbone: .resNet50, head: head, channels: 256, depth: 4, isNormalised: isNormalised), classCount: 5,
            inputSide: 256, seed: 1)
    }

    @Test func retinaNetSaysTheSameOfEveryAnchor() throws {
        let theirs = try Theirs("retinanet_resnet50_fpn")
        let network = try Self.pyramid(.nineAnchors, isNormalised: false)
        let report = try theirs.weights.load(into: network)
        #expect(report.loaded.count == network.parameters.count && report.unused.isEmpty, "\(report.lines)")
        let output = try Engine.withoutGradients { try network(theirs.input(), TorchExecutor(isTraining: false)) }
        try Self.expectEqual(output.encodings.floats(), #require(theirs.outputs["encodings"]).values, "retinanet encodings")
        try Self.expectEqual(output.logits.floats(), #require(theirs.outputs["logits"]).values, "retinanet logits")
    }

    /// torchvision's FCOS with batch normalisation in its towers. Its boxes are distances and are not taken; here they are, by hand, to
    /// compare what both compute before the ReLU that only torchvision has.
    @Test func fcosSaysTheSameOfEveryPoint() throws {
        let theirs = try Theirs("fcos_resnet50_fpn")
        let network = try Self.pyramid(.anchorFree, isNormalised: true)
        let report = try theirs.weights.load(into: network)
        #expect(
            report.missing.sorted() == ["head.boxes.predict.bias", "head.boxes.predict.weight"] + (0..<5).map { "head.scale_\($0)" },
            "\(report.lines)")
        #expect(report.unused.sorted() == ["head.regression_head.bbox_reg.bias", "head.regression_head.bbox_reg.weight"])
        var arrays = try network.arrays()
        for name in ["weight", "bias"] {
            arrays["head.boxes.predict.\(name)"] = theirs.weights.arrays["head.regression_head.bbox_reg.\(name)"]
        }
        try network.load(arrays)
        let output = try Engine.withoutGradients { try network(theirs.input(), TorchExecutor(isTraining: false)) }
        try Self.expectEqual(output.encodings.floats(), #require(theirs.outputs["encodings"]).values, "fcos encodings")
        try Self.expectEqual(output.logits.floats(), #require(theirs.outputs["logits"]).values, "fcos logits")
        try Self.expectEqual(#require(output.quality).floats(), #require(theirs.outputs["quality"]).values, "fcos quality")
    }

    /// The weights that `pleura model fetch` brings, where they are here.
    @Test(arguments: [
        ("mobilenet-v2-imagenet", "mobilenet_v2", BackboneKind.mobileNetV2), ("efficientnet-lite0-imagenet", "lite0", .efficientNetLite0),
        ("efficientnet-lite1-imagenet", "lite1", .efficientNetLite1), ("efficientnet-lite2-imagenet", "lite2", .efficientNetLite2),
    ])
    func knownWeightsGiveTheSameMaps(known: String, network: String, kind: BackboneKind) throws {
        guard let file = WeightStore.standard.file(of: try KnownWeights.named(known)) else {
            print("torchvision parity: \(known) SKIPPED: it is not here; pleura model fetch \(known)")
            return
        }
        try Self.expectSameMaps(Self.backbone(kind), Theirs(network, weights: file), ["map_0", "map_1", "map_2"], known)
    }
}
