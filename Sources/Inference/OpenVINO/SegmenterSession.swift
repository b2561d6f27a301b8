import COpenVINO
import Foundation
import Synchronization

/// A network that says of each pixel which structures it is part of, compiled for this machine; callers at the same time each have a request of
/// their own.
///
/// Input `image` [1, 1, side, side] f32 (a symbolic batch is set to 1); output `masks` [1, C, side, side] in 0...1.
///
/// Unchecked Sendable: the idle requests are under a lock, and a request belongs to the one caller that took it.
public final class SegmenterSession: @unchecked Sendable {
    /// Columns and rows.
    public let side: Int
    /// C.
    public let structureCount: Int
    // Held for as long as the requests live.
    private let core: EngineObject
    private let compiled: EngineObject
    private let lock = NSLock()
    private var idle: [EngineObject] = []

    /// - Parameter modelFile: ONNX.
    /// - Throws: `InferenceError`.
    public init(modelFile: URL, side: Int, structureCount: Int, settings: EngineSettings = EngineSettings()) throws {
        let core = try EngineObject("starting the engine", ov_core_create, free: ov_core_free)
        let model = try EngineObject(
            "reading the network", { ov_core_read_model(core.pointer, modelFile.path, nil, $0) }, free: ov_model_free)
        try DetectorSession.setInputShape(of: model, to: [1, 1, side, side])
        compiled = try DetectorSession.compiled(model, core: core, settings: settings)
        (self.core, self.side, self.structureCount) = (core, side, structureCount)
        // A network of another kind is told before the first image.
        _ = try run([Float](repeating: 0, count: side * side))
    }

    /// - Parameter input: [side * side], row-major, preprocessed.
    /// - Returns: [C, side, side], row-major.
    /// - Throws: `InferenceError`.
    public func run(_ input: [Float]) throws -> [Float] {
        guard input.count == side * side else {
            throw InferenceError(.wrongInput, "\(input.count) values for an input of \(side) x \(side)")
        }
        let request = try lock.withLock { idle.popLast() } ?? newRequest()
        try request.withTensor("image", count: input.count) { _ = $0.update(fromContentsOf: input) }
        try OpenVINO.check(ov_infer_request_infer(request.pointer), "running the network")
        let masks = try request.withTensor("masks", count: structureCount * side * side) { Array($0) }
        lock.withLock { idle.append(request) }
        guard masks.allSatisfy({ (0...1).contains($0) }) else { throw InferenceError(.wrongOutput, "a mask is not in 0 to 1") }
        return masks
    }

    private func newRequest() throws -> EngineObject {
        try EngineObject(
            "making a request", { ov_compiled_model_create_infer_request(self.compiled.pointer, $0) }, free: ov_infer_request_free)
    }
}
