import Foundation
import ModelGraph
import Networks
import PleuraTesting
import Tensors
import Testing
import Weights

@Suite struct StartingWeightsTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func write(_ arrays: [String: NumericArray], metadata: [String: String] = [:]) throws -> URL {
        let file = folder.file("w.safetensors")
        try WeightFile(arrays: arrays, metadata: metadata).write(to: file)
        return file
    }

    /// Everything filled with one number.
    private static func filled(_ network: any Network, _ number: Float, prefix: String = "") throws -> [String: NumericArray] {
        network.parameters.reduce(into: [:]) { arrays, parameter in
            let shape = parameter.tensor.shape
            arrays[prefix + parameter.name] = NumericArray(shape: shape, values: [Float](repeating: number, count: shape.reduce(1, *)))
        }
    }

    private static func network(
        _ backbone: BackboneKind = .mobileNetV2, classCount: Int = 2, hasImageHead: Bool = false, seed: UInt64 = 1
    ) throws -> RetinaNet {
        try RetinaNet(
            RetinaNet.Shape(backbone: backbone, channels: 32, depth: 1, hasImageHead: hasImageHead), classCount: classCount,
            inputSide: 256,
            seed: seed)
    }

    // MARK: Our own files

    @Test func whatARunWroteComesBackWhole() throws {
        let trained = try Self.network(hasImageHead: true, seed: 2)
        let file = try write(trained.arrays(), metadata: ["architecture": trained.architecture])
        let network = try Self.network(hasImageHead: true)
        let report = try StartingWeights.load(file, into: network)
        #expect(try network.arrays() == trained.arrays())
        #expect(report.loaded.count == network.parameters.count && report.unused.isEmpty && report.notes.isEmpty)
        #expect(
            report.lines == [
                "w.safetensors (safetensors; of a run that trained fcos_mobilenet_v2_fpn): \(report.total) of the network's \(report.total) tensors loaded"
            ])
    }

    /// A checkpoint has the last step's weights, their average and what the optimiser remembers: the average is taken.
    @Test func ofACheckpointTheAverageIsTaken() throws {
        let network = try Self.network()
        var arrays = try Self.filled(network, 1, prefix: "network/")
        arrays.merge(try Self.filled(network, 2, prefix: "average/")) { $1 }
        for index in 0..<3 { arrays["first_moment/\(index)"] = NumericArray(shape: [1], values: [0]) }
        let report = try StartingWeights.load(try write(arrays), into: network)
        #expect(try network.arrays() == Self.filled(network, 2))
        #expect(report.unused.count == network.parameters.count + 3)
        #expect(
            report.lines.last == "  in the file and not used: \(report.unused.count) (network \(network.parameters.count), first_moment 3)")
    }

    /// The same for what timm and others call it.
    @Test func ofATrainingOfOthersTheAverageIsTaken() throws {
        let names = try WeightNames.named("torchvision mobilenet_v2")
        let network = try Self.network()
        var arrays = names.arrays { $0.hasPrefix("features.1.") }.mapValues {
            NumericArray(shape: $0.shape, values: $0.values.map { _ in 1 })
        }
        let last = arrays
        arrays = [:]
        for (name, array) in last {
            arrays["state_dict.\(name)"] = array
            arrays["state_dict_ema.\(name)"] = NumericArray(shape: array.shape, values: array.values.map { _ in 2 })
        }
        try StartingWeights.load(try write(arrays), into: network)
        #expect(try network.arrays()["backbone.stage_1.0.depthwise.convolution.weight"]?.values.allSatisfy { $0 == 2 } == true)
    }

    /// Another number of findings: the predictor of scores starts fresh and is named with both shapes; all else is taken.
    @Test func anotherNumberOfFindingsKeepsThePredictorFresh() throws {
        let trained = try Self.network(classCount: 8, seed: 2)
        let network = try Self.network(classCount: 3)
        let before = try network.arrays()
        let report = try StartingWeights.load(try write(trained.arrays()), into: network)
        #expect(
            report.mismatched.map(\.description) == [
                "head.scores.predict.weight: the file has [8, 32, 3, 3], the network [3, 32, 3, 3]",
                "head.scores.predict.bias: the file has [8], the network [3]",
            ])
        let (after, theirs) = (try network.arrays(), try trained.arrays())
        for parameter in network.parameters {
            let isKept = parameter.name.hasPrefix("head.scores.predict")
            #expect(after[parameter.name] == (isKept ? before : theirs)[parameter.name], "\(parameter.name)")
        }
        #expect(report.lines.count == 3 && report.lines[1].hasPrefix("  of another shape, starts fresh: head.scores.predict.weight"))
    }

    /// A pretraining's backbone goes into a detector; its head for whole images only where the detector has one.
    @Test func aPretrainedBackboneGoesIntoADetector() throws {
        let classifier = try ImageClassifier(backbone: .mobileNetV2, classCount: 14, inputSide: 256, seed: 3)
        let file = try write(classifier.arrays())
        let network = try Self.network()
        let report = try StartingWeights.load(file, into: network)
        #expect(Set(report.loaded) == Set(network.backbone.parameters.map(\.name)))
        #expect(report.unused.sorted() == ["image_head.classify.bias", "image_head.classify.weight"])
        let joint = try Self.network(classCount: 14, hasImageHead: true)
        #expect(try StartingWeights.load(file, into: joint).loaded.contains("image_head.classify.weight"))
        #expect(try joint.arrays()["image_head.classify.weight"] == classifier.arrays()["image_head.classify.weight"])
    }

    /// Numbers that no training gives: nothing is loaded, and the tensor is named.
    @Test func variancesBelowZeroAreRefused() throws {
        let network = try Self.network()
        let before = try network.arrays()
        var arrays = before
        let name = try #require(arrays.keys.sorted().first { $0.hasSuffix("running_variance") })
        arrays[name]?.values[0] = -1
        let file = try write(arrays)
        let error = try #require(throws: ModelGraphError.self) { try StartingWeights.load(file, into: network) }
        #expect(error.reason == "\(name) holds variances below 0")
        #expect(try network.arrays() == before)
    }

    /// Quantised weights without their scales are no weights, however well their names and shapes fit.
    @Test(arguments: ["I8", "U8", "BOOL", "I32"])
    func wholeNumbersAreNoWeights(_ type: String) throws {
        let network = try Self.network()
        let size = type == "I32" ? 4 : 1
        var (header, end) = ([String: Any](), 0)
        for parameter in network.parameters {
            let shape = parameter.tensor.shape
            let count = shape.reduce(1, *) * size
            header[parameter.name] = ["dtype": type, "shape": shape, "data_offsets": [end, end + count]] as [String: Any]
            end += count
        }
        let json = try JSONSerialization.data(withJSONObject: header)
        let file = folder.file("quantised.safetensors")
        try (withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) } + json + Data(count: end)).write(to: file)
        let error = try #require(throws: ModelGraphError.self) { try StartingWeights.load(file, into: network) }
        #expect(error.reason.contains("none of its \(network.parameters.count) tensors fits"))
        #expect(error.reason.contains("hold no real numbers"))
    }

    @Test func aSafetensorsFileThatIsCutInItsHeaderIsToldAsSuch() throws {
        let file = try write(Self.network().arrays())
        try Data(contentsOf: file).prefix(100).write(to: file)
        let error = try #require(throws: ModelGraphError.self) { try StartingWeights(contentsOf: file) }
        #expect(error.code == .damaged && error.reason.hasPrefix("w.safetensors: a safetensors file whose header has "))
        #expect(error.reason.hasSuffix(" bytes, and the file 100: it is cut off or damaged"))
    }

    // MARK: Files of others

    @Test(arguments: ["", "module.", "state_dict.", "model.", "state_dict.module.", "model.module.backbone.body.", "encoder/"])
    func whateverStandsBeforeTheNamesIsFound(prefix: String) throws {
        let network = try Self.network()
        let arrays = try WeightNames.named("torchvision mobilenet_v2").arrays(prefix: prefix)
        let report = try StartingWeights.load(try write(arrays), into: network)
        #expect(Set(report.loaded) == Set(network.backbone.parameters.map(\.name)))
        #expect(report.unused.sorted() == ["classifier.1.bias", "classifier.1.weight"].map { prefix + $0 })
        #expect(report.missing.count == network.parameters.count - report.loaded.count)
    }

    /// A safetensors file begins with the length of its header, and so with every byte that other files begin with.
    @Test func safetensorsAreKnownWhateverTheirFirstByte() throws {
        var firstBytes: Set<UInt8> = []
        for count in 0..<256 {
            let arrays = ["x": NumericArray(shape: [1], values: [1])]
            let file = try write(arrays, metadata: ["text": String(repeating: "a", count: count)])
            firstBytes.insert(try Data(contentsOf: file)[0])
            #expect(try StartingWeights(contentsOf: file).kind == .safetensors)
        }
        #expect(firstBytes.count == 256)
    }

    /// Numbers as `torch.save` wrote them, against PyTorch's own sum over the colours.
    @Test func aPyTorchFileIsReadWithItsColoursSummed() throws {
        let fixtures = try #require(Bundle.module.resourceURL).appendingPathComponent("Fixtures")
        let network = try Self.network(.resNet18)
        let report = try StartingWeights.load(fixtures.appendingPathComponent("resnet18_stem.pth"), into: network)
        #expect(report.loaded.count == 5 && report.counters == 1 && report.notes == ["first convolution: 3 colours summed to 1 channel"])
        #expect(report.source == "resnet18_stem.pth (PyTorch)")
        let expected = try String(contentsOf: fixtures.appendingPathComponent("resnet18_stem.txt"), encoding: .utf8)
            .split(whereSeparator: \.isWhitespace).compactMap { Float($0) }
        let weight = try #require(network.parameters.first { $0.name == "backbone.stem.convolution.weight" }).tensor.floats()
        for (own, theirs) in zip(weight, expected) { #expect(abs(own - theirs) <= 1e-6 * max(1, abs(theirs))) }
    }

    @Test func theFrozenGraphOfTheDetectionZooIsRead() throws {
        let file = Repository.root.appendingPathComponent(".engines/weights/ssdlite_mobilenet_v3_large_coco.pb")
        let weights = try StartingWeights(contentsOf: file)
        #expect(weights.kind == .frozenGraph)
        let network = try SSDLite(classCount: 91, seed: 1)
        let report = try weights.load(into: network)
        #expect(report.loaded.count == network.parameters.count && report.mismatched.isEmpty)
        // With other findings the twelve tensors of the scores' predictors start fresh, and nothing else.
        let other = try weights.load(into: SSDLite(classCount: 8, seed: 1))
        #expect(other.mismatched.count == 12 && other.mismatched.allSatisfy { $0.name.contains(".scores.predict.") })
        #expect(other.missing.isEmpty)
    }

    /// The weights that `pleura model fetch` brings, where they are here: the whole backbone is taken, and only what lies behind it is not.
    @Test(arguments: [
        ("mobilenet-v2-imagenet", BackboneKind.mobileNetV2, ["classifier."]),
        ("efficientnet-lite0-imagenet", .efficientNetLite0, ["_conv_head.", "_bn1.", "_fc."]),
        ("efficientnet-lite1-imagenet", .efficientNetLite1, ["_conv_head.", "_bn1.", "_fc."]),
        ("efficientnet-lite2-imagenet", .efficientNetLite2, ["_conv_head.", "_bn1.", "_fc."]),
    ])
    func knownWeightsFillTheirBackbone(name: String, kind: BackboneKind, behind: [String]) throws {
        guard let file = WeightStore.standard.file(of: try KnownWeights.named(name)) else { return }
        let network = try Self.network(kind)
        let report = try StartingWeights.load(file, into: network)
        #expect(Set(report.loaded) == Set(network.backbone.parameters.map(\.name)))
        #expect(report.mismatched.isEmpty && report.unused.allSatisfy { unused in behind.contains { unused.hasPrefix($0) } })
        print(report.lines.joined(separator: "\n"))
    }

    // MARK: What cannot be

    @Test func whereNothingFitsTheErrorSaysWhatTheFileSeemsToBe() throws {
        let names = try WeightNames.named("torchvision densenet121")
        let file = try write(names.arrays { $0.hasPrefix("features.denseblock1") })
        let network = try Self.network()
        let before = try network.arrays()
        let error = try #require(throws: ModelGraphError.self) { try StartingWeights.load(file, into: network) }
        #expect(
            error.reason.contains("w.safetensors") && error.reason.contains("a DenseNet") && error.reason.contains("fcos_mobilenet_v2_fpn"))
        #expect(try network.arrays() == before)
    }

    @Test func numbersThatAreNotFiniteAreRefusedAndNothingChanges() throws {
        let network = try Self.network()
        let before = try network.arrays()
        var arrays = try Self.filled(network, 1)
        arrays["head.scores.predict.bias"]?.values[1] = .nan
        let file = try write(arrays)
        let error = try #require(throws: ModelGraphError.self) { try StartingWeights.load(file, into: network) }
        #expect(error.code == .damaged && error.reason.contains("head.scores.predict.bias"))
        #expect(try network.arrays() == before)
    }

    @Test(arguments: [
        ("", "empty"), ("\u{1}\u{2}\u{3} something", "no file of weights"), ("version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
        ("<!DOCTYPE html><html>", "web page"), ("0000TFL3", "TensorFlow Lite"),
    ])
    func whatIsNoFileOfWeightsIsNamed(content: String, expected: String) throws {
        let file = folder.file("model.bin")
        try Data(content.utf8).write(to: file)
        let error = try #require(throws: ModelGraphError.self) { try StartingWeights(contentsOf: file) }
        #expect(error.reason.hasPrefix("model.bin: ") && error.reason.contains(expected), "\(error)")
    }

    @Test func binaryFilesOfOtherProgramsAreNamed() throws {
        var tar = Data(count: 512)
        tar.replaceSubrange(257..<262, with: Data("ustar".utf8))
        let onnx = try Data(contentsOf: Repository.root.appendingPathComponent("Sources/PleuraTesting/Networks/tiny.onnx"))
        for (bytes, expected) in [
            (Data([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]), "HDF5"), (Data([0x1F, 0x8B, 8, 0]), "packed archive"),
            (tar, "packed archive"),
            (onnx, "ONNX"),
        ] {
            let file = folder.file("weights.dat")
            try bytes.write(to: file)
            let error = try #require(throws: ModelGraphError.self) { try StartingWeights(contentsOf: file) }
            #expect(error.code == .unsupported && error.reason.contains(expected), "\(error)")
        }
    }

    @Test func whatIsNotThereAndFoldersAreNamed() throws {
        let absent = try #require(throws: ModelGraphError.self) { try StartingWeights(contentsOf: folder.file("no.pth")) }
        #expect(absent.code == .notFound && absent.reason.contains("no.pth"))
        let directory = try #require(throws: ModelGraphError.self) { try StartingWeights(contentsOf: folder.url) }
        #expect(directory.reason.contains("folder"))
    }

    // MARK: The report

    /// Nothing is passed over: every tensor of the network and of the file is in one list.
    @Test(arguments: ["torchvision resnet34", "torchvision mobilenet_v2", "timm tf_efficientnet_lite0"])
    func everyTensorIsInOneList(name: String) throws {
        let names = try WeightNames.named(name)
        let network = try Self.network()
        let report = try network.backbone.load(names.arrays())
        let own = report.loaded + report.mismatched.map(\.name) + report.missing
        #expect(own.sorted() == network.backbone.parameters.map(\.name).sorted())
        #expect(report.total == own.count)
        let theirs = report.loaded.count + report.mismatched.count + report.unused.count + report.counters
        #expect(theirs == names.tensors.count)
    }

    @Test func namesAreGroupedByWhatTellsThemApart() {
        var report = WeightLoadReport()
        report.unused = ["model.fc.weight", "model.fc.bias", "model.head.norm.weight"]
        #expect(report.lines.last == "  in the file and not used: 3 (model.fc 2, model.head)")
        report.unused = ["only.one"]
        #expect(report.lines.last == "  in the file and not used: 1 (only.one)")
        report.unused = (0..<20).map { "group\($0).weight" }
        #expect(report.lines.last?.hasSuffix("12 more groups)") == true)
    }

    // MARK: A bundle's network

    /// The numbers that run at a site are those that a further training begins with.
    @Test func aBundlesNetworkIsStartedFrom() throws {
        let trained = try SSDLite(classCount: 3, inputSide: 128, seed: 4)
        for parameter in trained.parameters where parameter.name.contains("normalisation") {
            // Not those of a network that has learnt nothing.
            let shape = parameter.tensor.shape
            let isVariance = parameter.name.hasSuffix("variance")
            let (step, least): (Float, Float) = isVariance ? (0.05, 0.6) : (0.025, 0.8)
            let values = (0..<shape.reduce(1, *)).map { (index: Int) -> Float in
                let phase = (7 * index + 3) % 11
                return Float(phase) * step + least
            }
            try Engine.withoutGradients { try parameter.tensor.copyNumbers(from: Tensor(values, shape: shape)) }
        }
        var model = try trained.onnxModel(description: "test", version: "0")
        model.storeWeightsInHalfPrecision { !$0.hasPrefix("anchors.") }
        let file = folder.file("model.onnx")
        try model.bytes().write(to: file)
        let weights = try StartingWeights(contentsOf: file)
        #expect(weights.kind == .bundleNetwork)
        let started = try SSDLite(classCount: 3, inputSide: 128, seed: 9)
        let report = try weights.load(into: started)
        #expect(report.missing.isEmpty && report.mismatched.isEmpty)
        let greys = (0..<128 * 128).map { (index: Int) -> Float in
            let phase = 31 * index % 97
            return Float(phase) / 48 - 1
        }
        let input = try Tensor(greys, shape: [1, 1, 128, 128])
        let outputs = try Engine.withoutGradients {
            try [trained, started].map { try $0.detect(input, TorchExecutor(isTraining: false)).scores.floats() }
        }
        let largest = outputs[0].map(abs).max() ?? 0
        let off = zip(outputs[0], outputs[1]).map { abs($0 - $1) }.max() ?? .infinity
        // Weights of 16 bits.
        #expect(off < 0.01 * largest, "off by \(off) of \(largest)")
    }

    /// Of a network that nobody folded it is not known which constant is which weight.
    @Test func anotherToolsNetworkIsStillRefused() {
        let file = Repository.root.appendingPathComponent("Sources/PleuraTesting/Networks/tiny.onnx")
        #expect { try StartingWeights(contentsOf: file) } throws: { ($0 as? ModelGraphError)?.reason.contains("an ONNX model") == true }
    }
}
