import COpenVINO
import Foundation
import Inference
import ModelGraph

/// A network run for what it computes on its way: its named outputs, of whatever shape.
///
/// Input `image` [1, C, side, side] f32. In 32 bits, for measuring rather than for use.
package final class NetworkProbe {
    private let outputs: [String]
    private let side: Int
    private let channels: Int
    // Held for as long as the request lives.
    private let core: EngineObject
    private let compiled: EngineObject
    private let request: EngineObject

    /// - Parameter outputs: Names of the model's outputs, or of its input.
    /// - Throws: `InferenceError`, `ModelGraphError`.
    package init(_ model: ONNXModel, outputs: [String], side: Int, channels: Int = 1) throws {
        let bytes = try model.bytes()
        let core = try EngineObject("starting the engine", ov_core_create, free: ov_core_free)
        let read = try EngineObject(
            "reading the network",
            { made in
                bytes.withUnsafeBytes { raw in
                    ov_core_read_model_from_memory_buffer(
                        core.pointer, raw.baseAddress?.assumingMemoryBound(to: CChar.self), raw.count, nil, made)
                }
            }, free: ov_model_free)
        try DetectorSession.setInputShape(of: read, to: [1, channels, side, side])
        var settings = EngineSettings()
        settings.notesKernels = true
        let compiled = try DetectorSession.compiled(read, core: core, settings: settings)
        request = try EngineObject(
            "making a request", { ov_compiled_model_create_infer_request(compiled.pointer, $0) }, free: ov_infer_request_free)
        (self.core, self.compiled, self.outputs, self.side) = (core, compiled, outputs, side)
        self.channels = channels
    }

    /// Runs the network and shows each output's values, row-major.
    /// - Parameter input: [C * side * side].
    /// - Throws: `InferenceError`, or what `show` throws.
    package func run(_ input: [Float], _ show: (_ name: String, _ values: UnsafeBufferPointer<Float>) throws -> Void) throws {
        guard input.count == channels * side * side else {
            throw InferenceError(.wrongInput, "\(input.count) values for an input of \(side) x \(side)")
        }
        try withTensor("image") { values in
            guard values.count == input.count else {
                throw InferenceError(.wrongNetwork, "its input has \(values.count) values, not \(input.count)")
            }
            _ = values.update(fromContentsOf: input)
        }
        try OpenVINO.check(ov_infer_request_infer(request.pointer), "running the network")
        for name in outputs { try withTensor(name) { try show(name, UnsafeBufferPointer($0)) } }
    }

    /// The kernels that the last run used, such as `brgconv_avx512_amx_1x1_i8`, each with how many of the network's operators ran on it.
    /// - Throws: `InferenceError`.
    package func kernels() throws -> [String: Int] {
        var list = ov_profiling_info_list_t()
        try OpenVINO.check(ov_infer_request_get_profiling_info(request.pointer, &list), "asking for the kernels")
        defer { ov_profiling_info_list_free(&list) }
        var counts: [String: Int] = [:]
        for index in 0..<list.size {
            guard let kernel = list.profiling_infos?[index].exec_type else { continue }
            counts[String(cString: kernel), default: 0] += 1
        }
        return counts
    }

    private func withTensor(_ name: String, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Void) throws {
        let tensor = try EngineObject(
            "taking a value of the network", { ov_infer_request_get_tensor(request.pointer, name, $0) }, free: ov_tensor_free)
        var type = ov_element_type_e(0)
        try OpenVINO.check(ov_tensor_get_element_type(tensor.pointer, &type), "reading the type of a value")
        guard type == F32 else { throw InferenceError(.wrongNetwork, "a value of the network is not 32-bit floating point") }
        var size = 0
        try OpenVINO.check(ov_tensor_get_size(tensor.pointer, &size), "measuring a value of the network")
        var data: UnsafeMutableRawPointer?
        try OpenVINO.check(ov_tensor_data(tensor.pointer, &data), "reading a value of the network")
        try body(UnsafeMutableBufferPointer(start: data?.assumingMemoryBound(to: Float.self), count: data == nil ? 0 : size))
    }
}
