import Foundation
import Inference
import ModelGraph
import Models

/// Makes a network of 8-bit integers from one of 32-bit numbers, after seeing what it computes on some images.
///
/// Ranges of activations are `ActivationStatistics`. What rounding shifts on average is taken back in the biases (Nagel et al., Data-free
/// quantization through weight equalization and bias correction, ICCV 2019; measured here rather than derived). If the outputs still lie too far
/// from those of the 32-bit network, each convolution is tried alone in 8 bits, and those that harm most keep their 32 bits, as few as will do.
public final class NetworkQuantiser {
    /// The network made.
    public struct Result: Sendable {
        /// ONNX.
        public let onnx: Data
        /// Convolutions in 8 bits.
        public let convolutions: Int
        /// Convolutions that could be and are not.
        public let kept: Int
        /// `OutputDeviation` on images it was measured on.
        public let deviation: Double
    }

    /// Outputs that deviate so little are good enough: half as much again as bf16 makes.
    static let wantedDeviation = 0.006
    /// Images on which shifts and deviations are measured, and those of them on which convolutions are tried alone.
    private static let (keptInputs, triedInputs) = (32, 8)

    private let model: ONNXModel
    private let side: Int
    private let channels: Int
    /// Constants that were stored in 16 bits, and are again where they stay as they are.
    private let halves: Set<String>
    private let convolutions: [QuantisableConvolution]
    private let probe: NetworkProbe
    private var statistics: [String: ActivationStatistics]
    private var inputs: [[Float]] = []

    /// - Parameters:
    ///   - onnx: The network of 32-bit numbers; its weights may be stored in 16.
    ///   - side: Of its square input, pixels.
    ///   - channels: Of its input, 1 or 3.
    /// - Throws: `ModelGraphError` where it cannot be quantised, `InferenceError` where it cannot be run.
    public init(onnx: Data, side: Int, channels: Int = 1) throws {
        var model = try ONNXModel(bytes: onnx)
        guard !model.isQuantised else { throw ModelGraphError(.unsupported, "the network has 8-bit integers already") }
        halves = model.restoreFullPrecisionWeights()
        try model.foldBatchNormalisation()
        convolutions = model.quantisableConvolutions
        guard !convolutions.isEmpty else { throw ModelGraphError(.unsupported, "the network has no convolution to be quantised") }
        let read = Set(convolutions.map(\.input)).sorted()
        probe = try NetworkProbe(
            model.exposing(read.filter { !model.inputNames.contains($0) }), outputs: read, side: side, channels: channels)
        statistics = Dictionary(uniqueKeysWithValues: read.map { ($0, ActivationStatistics()) })
        (self.model, self.side, self.channels) = (model, side, channels)
    }

    /// Looks at an image; the first ones are kept for what follows, so they should be of all kinds.
    /// - Parameter input: [C * side * side], preprocessed.
    /// - Throws: `InferenceError`.
    public func observe(_ input: [Float]) throws {
        try probe.run(input) { name, values in statistics[name]?.add(values) }
        if inputs.count < Self.keptInputs { inputs.append(input) }
    }

    /// The ranges measured so far, by the name of the value.
    package var ranges: [String: ActivationRange] { statistics.compactMapValues(\.range) }

    /// The network; call it after the last image.
    /// - Parameter progress: Called with steps done and steps there may be.
    /// - Throws: `ModelGraphError` where no image was seen, `InferenceError`.
    public func network(progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pleura-\(UUID().uuidString)")
        try Self.make(folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        let ranges = self.ranges, shifts = try self.shifts(ranges)
        let (reference, _) = try self.outputs(model, inputs, folder)
        let deviation = OutputDeviation(from: reference, side: side)
        let few = OutputDeviation(from: Array(reference.prefix(Self.triedInputs)), side: side)

        func made(_ chosen: [QuantisableConvolution]) throws -> ONNXModel {
            var corrected = try model.quantised(chosen, ranges: ranges)
            let outputs = Set(chosen.map(\.output))
            try corrected.addToBiases(shifts.filter { outputs.contains($0.key) })
            corrected.storeWeightsInHalfPrecision { halves.contains($0) }
            return corrected
        }
        func result(_ chosen: [QuantisableConvolution]) throws -> Result {
            let (outputs, onnx) = try self.outputs(made(chosen), inputs, folder)
            return Result(
                onnx: onnx, convolutions: chosen.count, kept: convolutions.count - chosen.count, deviation: deviation(outputs))
        }

        var best = try result(convolutions)
        guard best.deviation > Self.wantedDeviation, convolutions.count > 1 else { return best }
        let counts = Self.keptCounts.filter { $0 <= convolutions.count / 2 }
        var done = 0
        let harms = try convolutions.map { convolution in
            let (outputs, _) = try self.outputs(made([convolution]), Array(inputs.prefix(Self.triedInputs)), folder)
            done += 1
            progress(done, convolutions.count + counts.count)
            return few(outputs)
        }
        let order = convolutions.indices.sorted { (harms[$0], $0) > (harms[$1], $1) }
        for count in counts {
            let kept = Set(order.prefix(count))
            let next = try result(convolutions.indices.filter { !kept.contains($0) }.map { convolutions[$0] })
            done += 1
            progress(done, convolutions.count + counts.count)
            if next.deviation < best.deviation { best = next }
            if best.deviation <= Self.wantedDeviation { break }
        }
        return best
    }

    /// How many convolutions keep their 32 bits, one number tried after the other.
    private static let keptCounts = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64]

    /// What has to be added to the biases of each convolution, by its output: the mean over the kept images.
    private func shifts(_ ranges: [String: ActivationRange]) throws -> [String: [Float]] {
        guard !inputs.isEmpty else { throw ModelGraphError(.missing, "no image to measure ranges on") }
        let (probed, names) = try model.shiftProbe(convolutions, ranges: ranges)
        let probe = try NetworkProbe(probed, outputs: names.values.sorted(), side: side, channels: channels)
        var sums: [String: [Double]] = [:]
        for input in inputs {
            try probe.run(input) { name, values in
                let before = sums[name] ?? [Double](repeating: 0, count: values.count)
                sums[name] = zip(before, values).map { $0 + Double($1) }
            }
        }
        return names.compactMapValues { name in sums[name]?.map { Float($0 / Double(inputs.count)) } }
    }

    /// What a network says of images, and its bytes.
    private func outputs(_ model: ONNXModel, _ inputs: [[Float]], _ folder: URL) throws -> (outputs: [NetworkOutput], onnx: Data) {
        let onnx = try model.bytes()
        let file = folder.appendingPathComponent("network.onnx")
        do {
            try onnx.write(to: file)
        } catch {
            throw InferenceError(.engine, "the folder for temporary files cannot be written to")
        }
        let session = try DetectorSession(
            modelFile: file, width: side, height: side, channels: channels, settings: EngineSettings(precision: .int8))
        return (try inputs.map(session.run), onnx)
    }

    private static func make(_ folder: URL) throws {
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw InferenceError(.engine, "the folder for temporary files cannot be written to")
        }
    }
}
