import Basics
import Detection
import Findings
import Foundation
import Inference
import ModelGraph
import Models
import PleuraTesting
import Quantisation
import Testing

/// Graphs of 8-bit integers as the engine runs them.
@Suite struct NetworkQuantisationTests {
    // MARK: Against brute force

    /// A convolution by its definition, in double precision.
    /// - Parameters:
    ///   - input: [I, side, side].
    ///   - weight: [O, I / groups, 3, 3], padded by one pixel of zeros.
    private static func convolution(
        _ input: [Float], side: Int, _ weight: NumericArray, _ bias: [Float], stride: Int, groups: Int
    ) -> [Float] {
        let (outputs, perGroup) = (weight.shape[0], weight.shape[1])
        let size = (side + stride - 1) / stride
        var result: [Float] = []
        for output in 0..<outputs {
            let first = output / (outputs / groups) * perGroup
            for row in 0..<size {
                for column in 0..<size {
                    var sum = Double(bias[output])
                    for channel in 0..<perGroup {
                        for y in 0..<3 {
                            for x in 0..<3 {
                                let (py, px) = (row * stride + y - 1, column * stride + x - 1)
                                guard (0..<side).contains(py), (0..<side).contains(px) else { continue }
                                sum +=
                                    Double(input[((first + channel) * side + py) * side + px])
                                    * Double(weight.values[((output * perGroup + channel) * 3 + y) * 3 + x])
                            }
                        }
                    }
                    result.append(Float(sum))
                }
            }
        }
        return result
    }

    /// To the nearest of 256 steps from `low` to `high`, of which zero is one.
    private static func rounded(_ values: [Float], low: Float, high: Float) -> [Float] {
        let step = (high - low) / 255
        let zero = (-low / step).rounded(.toNearestOrEven)
        return values.map { (min(max(($0 / step).rounded(.toNearestOrEven) + zero, 0), 255) - zero) * step }
    }

    /// To the nearest of 255 steps around zero, channel by channel.
    private static func rounded(_ weight: NumericArray) -> NumericArray {
        let perChannel = weight.values.count / weight.shape[0]
        return NumericArray(
            shape: weight.shape,
            values: stride(from: 0, to: weight.values.count, by: perChannel).flatMap { start in
                let row = weight.values[start..<start + perChannel]
                let step = (row.map(abs).max() ?? 0) / 127
                return row.map { ($0 / step).rounded(.toNearestOrEven) * step }
            })
    }

    private struct Small {
        let side = 16
        let weights: [NumericArray]
        let biases: [[Float]]
        let model: ONNXModel

        /// A dense and a depthwise convolution; channels differ a hundredfold.
        init() {
            var random = SeededGenerator(seed: 11)
            func numbers(_ count: Int, _ size: (Int) -> Double) -> [Float] {
                (0..<count).map { Float(random.uniform(-1...1) * size($0)) }
            }
            let weights = [
                NumericArray(shape: [8, 1, 3, 3], values: numbers(72) { [1, 0.01, 0.3, 1, 0.1, 2, 0.05, 1][$0 / 9] }),
                NumericArray(shape: [8, 1, 3, 3], values: numbers(72) { [0.5, 20, 1, 1, 4, 0.2, 9, 1][$0 / 9] }),
            ]
            let biases = [numbers(8) { _ in 0.2 }, numbers(8) { _ in 0.5 }]
            var builder = GraphBuilder(name: "small")
            let image = builder.input("image", axes: [.open("N"), .fixed(1), .fixed(16), .fixed(16)])
            func add(_ x: GraphBuilder.Value, _ index: Int, stride: Int, groups: Int) -> GraphBuilder.Value {
                let weight = builder.constant("weight\(index)", weights[index])
                let bias = builder.constant("bias\(index)", NumericArray(shape: [8], values: biases[index]))
                return builder.node(
                    "Conv", [x, weight, bias],
                    [
                        ("kernel_shape", .integers([3, 3])), ("strides", .integers([stride, stride])),
                        ("pads", .integers([1, 1, 1, 1])), ("group", .integer(groups)),
                    ])
            }
            let dense = add(image, 0, stride: 1, groups: 1)
            let rectified = builder.node("Relu", [dense])
            builder.output(add(rectified, 1, stride: 2, groups: 8), name: "made", axes: [.open("N"), .fixed(8), .fixed(8), .fixed(8)])
            model = builder.model(producer: "tests", version: "1", description: "")
            (self.weights, self.biases) = (weights, biases)
        }

        func run(_ model: ONNXModel, _ input: [Float]) throws -> [Float] {
            var made: [Float] = []
            try NetworkProbe(model, outputs: ["made"], side: side).run(input) { made = Array($1) }
            return made
        }
    }

    @Test func aQuantisedGraphGivesWhatRoundingByHandGives() throws {
        let small = Small()
        var random = SeededGenerator(seed: 12)
        let input = (0..<256).map { _ in Float(random.uniform(-1.2...1.5)) }
        let convolutions = small.model.quantisableConvolutions
        #expect(convolutions.count == 2)
        // The ranges cut off some values of both inputs.
        let ranges = [
            convolutions[0].input: ActivationRange(low: -1, high: 1.25), convolutions[1].input: ActivationRange(low: 0, high: 2),
        ]
        let made = try small.run(small.model.quantised(convolutions, ranges: ranges), input)

        let seen = Self.rounded(input, low: -1, high: 1.25)
        let dense = Self.convolution(seen, side: 16, Self.rounded(small.weights[0]), small.biases[0], stride: 1, groups: 1)
        let between = Self.rounded(dense.map { max($0, 0) }, low: 0, high: 2)
        let expected = Self.convolution(between, side: 16, Self.rounded(small.weights[1]), small.biases[1], stride: 2, groups: 8)
        let plain = Self.convolution(
            Self.convolution(input, side: 16, small.weights[0], small.biases[0], stride: 1, groups: 1).map { max($0, 0) }, side: 16,
            small.weights[1], small.biases[1], stride: 2, groups: 8)

        #expect(made.count == 512 && expected.count == 512)
        var (close, lost) = (0, 0)
        for (index, (value, wanted)) in zip(made, expected).enumerated() {
            // A sum on the edge between two steps may round to either: then one of nine inputs is a step of 2 / 255 off.
            let channel = index / 64
            let largest = small.weights[1].values[channel * 9..<channel * 9 + 9].map(abs).max() ?? 0
            #expect(abs(value - wanted) <= largest * 2.1 * 2 / 255 + 1e-4, "\(index)")
            if abs(value - wanted) <= largest * 1e-3 + 1e-5 { close += 1 }
            if abs(value - plain[index]) > largest * 1e-2 { lost += 1 }
        }
        #expect(close > 480)
        // The 32-bit network is something else: what is compared above is the rounding.
        #expect(lost > 100)
        #expect(try zip(small.run(small.model, input), plain).allSatisfy { abs($0 - $1) < 1e-3 })
    }

    #if arch(x86_64)
        /// The engine's own word for what it ran: kernels end in the type they compute in.
        @Test func theEngineComputesInIntegers() throws {
            let small = Small()
            let input = [Float](repeating: 0.5, count: 256)
            func kernels(_ model: ONNXModel) throws -> [String] {
                let probe = try NetworkProbe(model, outputs: ["made"], side: 16)
                try probe.run(input) { _, _ in }
                return try probe.kernels().keys.filter { $0.lowercased().contains("conv") || $0.lowercased().hasSuffix("i8") }
            }
            let convolutions = small.model.quantisableConvolutions
            let range = ActivationRange(low: 0, high: 1)
            let quantised = try small.model.quantised(
                convolutions, ranges: Dictionary(uniqueKeysWithValues: convolutions.map { ($0.input, range) }))
            #expect(try !kernels(small.model).contains { $0.lowercased().hasSuffix("i8") })
            #expect(try kernels(quantised).contains { $0.lowercased().hasSuffix("i8") })
        }
    #endif

    // MARK: Biases

    /// With its mean shift taken back, a convolution makes on average just what it made in 32 bits.
    @Test func theMeanShiftIsTakenBack() throws {
        let small = Small()
        var random = SeededGenerator(seed: 13)
        let input = (0..<256).map { _ in Float(random.uniform(0...1.5)) }
        let convolution = small.model.quantisableConvolutions[1]
        // So coarse that it shifts: a quarter of the values is cut off.
        let ranges = [convolution.input: ActivationRange(low: 0, high: 0.8)]
        let (probed, outputs) = try small.model.shiftProbe([convolution], ranges: ranges)
        var shift: [Float] = []
        try NetworkProbe(probed, outputs: [#require(outputs[convolution.output])], side: 16).run(input) { shift = Array($1) }
        #expect(shift.count == 8)
        let coarse = try small.model.quantised([convolution], ranges: ranges)
        var corrected = coarse
        try corrected.addToBiases([convolution.output: shift])
        func means(_ model: ONNXModel) throws -> [Float] {
            let made = try small.run(model, input)
            return (0..<8).map { channel in made[channel * 64..<channel * 64 + 64].reduce(0, +) / 64 }
        }
        let (plain, before, after) = (try means(small.model), try means(coarse), try means(corrected))
        #expect(zip(plain, before).contains { abs($0 - $1) > 0.05 })
        for (mine, other) in zip(plain, after) { #expect(abs(mine - other) < 2e-3 * max(1, abs(mine))) }
    }

    // MARK: The whole

    private static func input(_ seed: UInt64) -> [Float] {
        var random = SeededGenerator(seed: seed)
        let cells = (0..<16).map { _ in Float(random.uniform()) }
        return (0..<4096).map { cells[$0 % 64 / 16 + $0 / 64 / 16 * 4] }
    }

    @Test func rangesAreThoseOfTheImagesSeen() throws {
        let quantiser = try NetworkQuantiser(onnx: Data(contentsOf: TinyModel.network("convolutions")), side: 64)
        #expect(quantiser.ranges.isEmpty)
        #expect(throws: ModelGraphError.self) { try quantiser.network() }
        let inputs = (0..<6).map { Self.input(UInt64($0)) }
        for input in inputs { try quantiser.observe(input) }
        #expect(Set(quantiser.ranges.keys) == ["image", "rectified", "cells", "carried"])
        let highest = inputs.map { $0.max() ?? 0 }.reduce(0, +) / 6
        let image = try #require(quantiser.ranges["image"]), cells = try #require(quantiser.ranges["cells"])
        #expect(abs(image.high - highest) < 1e-5 && image.low == 0)
        // The steepest of its channels is three times the mean of a cell.
        #expect(abs(cells.high - 3 * highest) < 1e-3 && cells.low == 0)
        #expect(throws: InferenceError.self) { try quantiser.observe([1, 2]) }
    }

    @Test func aNetworkInIntegersSaysNearlyTheSame() throws {
        let folder = try TemporaryFolder()
        let quantiser = try NetworkQuantiser(onnx: Data(contentsOf: TinyModel.network("convolutions")), side: 64)
        for seed in 0..<12 as Range<UInt64> { try quantiser.observe(Self.input(seed)) }
        let made = try quantiser.network()
        #expect(made.convolutions + made.kept == 5 && made.convolutions >= 3 && made.deviation < 0.01)
        #expect(try ONNXModel(bytes: made.onnx).integerWeightNames.count == made.convolutions)
        try made.onnx.write(to: folder.file("int8.onnx"))
        let session = try DetectorSession(
            modelFile: folder.file("int8.onnx"), width: 64, height: 64, settings: EngineSettings(precision: .int8))
        for seed in 100..<104 as Range<UInt64> {
            let input = Self.input(seed)
            let output = try session.run(input)
            let expected = TinyModel.answer(to: input)
            func mean(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + abs($1.0 - $1.1) } / Float(a.count) }
            #expect(output.scores.count == 32 && mean(output.scores, expected.scores) < 0.015)
            #expect(output.boxes.count == 64 && mean(output.boxes, expected.boxes) < 0.04)
            // Brighter cells than those seen are cut off at the end of the range, and steps are seen: it is not the 32-bit network.
            #expect(zip(output.scores, expected.scores).allSatisfy { abs($0 - $1) < 0.1 })
            #expect(zip(output.scores, expected.scores).contains { abs($0 - $1) > 1e-5 })
        }
    }

    /// One channel a thousand times as large as those that matter: what reads it keeps its 32 bits, as far as half of the network may.
    @Test func whatLosesMostKeepsItsBits() throws {
        let quantiser = try NetworkQuantiser(onnx: Data(contentsOf: TinyModel.network("fragile")), side: 64)
        for seed in 0..<12 as Range<UInt64> { try quantiser.observe(Self.input(seed)) }
        var steps: [Int] = []
        let made = try quantiser.network { done, total in
            steps.append(done)
            #expect(done <= total)
        }
        #expect(made.kept > 0 && made.deviation > 0.006)
        #expect(steps == Array(1...steps.count) && steps.count >= 5)
    }

    @Test func whatCannotBeQuantisedSaysWhy() throws {
        #expect(throws: ModelGraphError(.unsupported, "the network has no convolution to be quantised")) {
            try NetworkQuantiser(onnx: Data(contentsOf: TinyModel.network()), side: 64)
        }
        #expect(throws: ModelGraphError(.damaged, "not an ONNX model")) { try NetworkQuantiser(onnx: Data("text".utf8), side: 64) }
        let quantiser = try NetworkQuantiser(onnx: Data(contentsOf: TinyModel.network("convolutions")), side: 64)
        try quantiser.observe(Self.input(1))
        let made = try quantiser.network()
        #expect(throws: ModelGraphError(.unsupported, "the network has 8-bit integers already")) {
            try NetworkQuantiser(onnx: made.onnx, side: 64)
        }
    }

    @Test func aModelWithoutTheSecondNetworkSaysSo() throws {
        let folder = try TemporaryFolder()
        try TinyModel.write(to: folder.file("tiny"))
        #expect(throws: InferenceError(.missing, "tiny has no INT8 network; pleura model quantize makes one")) {
            try Detector(bundle: ModelBundle(directory: folder.file("tiny")), settings: EngineSettings(precision: .int8))
        }
    }
}
