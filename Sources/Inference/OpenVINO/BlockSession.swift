import COpenVINO
import Foundation

/// A network of blocks of voxels, compiled for this machine: any number of inputs of fixed shape, one output. For one caller at a time.
///
/// Unchecked Sendable: the engine's objects may be used on any thread, one after another, and `run` is under a lock.
public final class BlockSession: @unchecked Sendable {
    public struct Input: Hashable, Sendable {
        public var name: String
        /// With the batch: [N, C, D, H, W].
        public var shape: [Int]

        public init(_ name: String, shape: [Int]) { (self.name, self.shape) = (name, shape) }

        var count: Int { shape.reduce(1, *) }
    }

    public let inputs: [Input]
    private let output: String
    private let outputCount: Int
    // Held for as long as the request lives.
    private let core: EngineObject
    private let compiled: EngineObject
    private let request: EngineObject
    private let lock = NSLock()

    /// - Parameters:
    ///   - modelFile: ONNX; a symbolic batch is set to that of the shapes.
    ///   - outputCount: Numbers that the output has.
    /// - Throws: `InferenceError`, also where the network is one of another kind.
    public init(
        modelFile: URL, inputs: [Input], output: String, outputCount: Int, settings: EngineSettings = EngineSettings()
    ) throws {
        core = try EngineObject("starting the engine", ov_core_create, free: ov_core_free)
        let core = core
        let model = try EngineObject(
            "reading the network", { ov_core_read_model(core.pointer, modelFile.path, nil, $0) }, free: ov_model_free)
        try Self.reshape(model, to: inputs)
        compiled = try DetectorSession.compiled(model, core: core, settings: settings)
        let compiled = compiled
        request = try EngineObject(
            "making a request", { ov_compiled_model_create_infer_request(compiled.pointer, $0) }, free: ov_infer_request_free)
        (self.inputs, self.output, self.outputCount) = (inputs, output, outputCount)
        // A network of another kind is told before the first block.
        _ = try run(inputs.map { [Float](repeating: 0, count: $0.count) })
    }

    /// - Parameter values: One list an input, row-major, as long as its shape.
    /// - Returns: The output, row-major, in 0...1.
    /// - Throws: `InferenceError`.
    public func run(_ values: [[Float]]) throws -> [Float] {
        guard values.count == inputs.count, zip(values, inputs).allSatisfy({ $0.count == $1.count }) else {
            throw InferenceError(.wrongInput, "the blocks have not the size of the network's inputs")
        }
        return try lock.withLock {
            for (input, block) in zip(inputs, values) {
                try request.withTensor(input.name, count: block.count) { _ = $0.update(fromContentsOf: block) }
            }
            try OpenVINO.check(ov_infer_request_infer(request.pointer), "running the network")
            let found = try request.withTensor(output, count: outputCount) { Array($0) }
            guard found.allSatisfy({ (0...1).contains($0) }) else { throw InferenceError(.wrongOutput, "a score is not in 0 to 1") }
            return found
        }
    }

    /// One input after the other: a batch that is not yet set is a symbol, which goes with any number.
    private static func reshape(_ model: EngineObject, to inputs: [Input]) throws {
        for input in inputs {
            var dimensions = input.shape.map { ov_dimension_t(min: Int64($0), max: Int64($0)) }
            var shape = ov_partial_shape_t()
            try OpenVINO.check(ov_partial_shape_create(Int64(dimensions.count), &dimensions, &shape), "setting an input's shape")
            defer { ov_partial_shape_free(&shape) }
            do {
                try OpenVINO.check(ov_model_reshape_input_by_name(model.pointer, input.name, shape), "setting an input's shape")
            } catch {
                throw InferenceError(.wrongNetwork, "it has no input \(input.name) that takes \(input.shape)")
            }
        }
    }
}
