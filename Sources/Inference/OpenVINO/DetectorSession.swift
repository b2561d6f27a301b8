import COpenVINO
import Foundation
import Models

/// A detection network, compiled for this machine. As many images are in it at once as the engine's mode makes useful; further callers wait.
///
/// Input `image` [1, C, H, W] f32 (a symbolic batch is set to 1); outputs `boxes` [1, A, 4], x0, y0, x1, y1 in pixels of the input, and
/// `scores` [1, A, C] in 0...1; some networks have `image_scores` [1, C] in 0...1 too.
///
/// Unchecked Sendable: what changes is under the lock of `idle`, and a request belongs to the one caller that took it.
public final class DetectorSession: @unchecked Sendable {
    /// H and W.
    public let height: Int
    public let width: Int
    /// Of the input: 1 for grey, 3 for colour.
    public let channels: Int
    /// A, places the network looks at.
    public let anchorCount: Int
    /// C, classes the network scores.
    public let classCount: Int
    /// Whether the network scores whole images too.
    public let scoresImages: Bool
    public let settings: EngineSettings

    /// How many images may be in the network at once.
    public let requestCount: Int

    // Held for as long as the requests live.
    private let core: EngineObject
    private let compiled: EngineObject
    private let idle = NSCondition()
    private var requests: [EngineObject] = []
    private var made = 0

    /// - Parameters:
    ///   - modelFile: ONNX.
    ///   - width: Columns of the input.
    ///   - height: Rows of the input.
    ///   - channels: 1 or 3.
    /// - Throws: `InferenceError`.
    public init(modelFile: URL, width: Int, height: Int, channels: Int = 1, settings: EngineSettings = EngineSettings()) throws {
        let core = try EngineObject("starting the engine", ov_core_create, free: ov_core_free)
        let model = try EngineObject(
            "reading the network", { ov_core_read_model(core.pointer, modelFile.path, nil, $0) }, free: ov_model_free)
        try Self.setInputShape(of: model, to: [1, channels, height, width])
        let compiled = try Self.compiled(model, core: core, settings: settings)
        let boxes = try Self.outputShape("boxes", of: compiled)
        let scores = try Self.outputShape("scores", of: compiled)
        guard boxes.count == 3, scores.count == 3, boxes[0] == 1, scores[0] == 1, boxes[2] == 4, boxes[1] == scores[1], boxes[1] > 0,
            scores[2] > 0
        else {
            throw InferenceError(.wrongNetwork, "boxes \(boxes) and scores \(scores) are not [1, A, 4] and [1, A, C]")
        }
        scoresImages = Self.hasOutput("image_scores", compiled)
        if scoresImages {
            let image = try Self.outputShape("image_scores", of: compiled)
            guard image == [1, scores[2]] else { throw InferenceError(.wrongNetwork, "image_scores \(image) are not [1, \(scores[2])]") }
        }
        requestCount = settings.mode == .throughput ? Self.usefulRequests(of: compiled) : 1
        self.core = core
        self.compiled = compiled
        self.width = width
        self.height = height
        self.channels = channels
        self.settings = settings
        anchorCount = boxes[1]
        classCount = scores[2]
        give(back: try request())
    }

    /// Runs the network.
    /// - Parameter input: [C * H * W], row-major, preprocessed.
    /// - Throws: `InferenceError`.
    public func run(_ input: [Float]) throws -> NetworkOutput {
        guard input.count == channels * width * height else {
            let size = channels == 1 ? "\(width) x \(height)" : "\(channels) x \(width) x \(height)"
            throw InferenceError(.wrongInput, "\(input.count) values for an input of \(size)")
        }
        let request = try take()
        do {
            try withTensor("image", of: request, count: input.count) { _ = $0.update(fromContentsOf: input) }
            try OpenVINO.check(ov_infer_request_infer(request.pointer), "running the network")
            let boxes = try withTensor("boxes", of: request, count: anchorCount * 4) { Array($0) }
            let scores = try withTensor("scores", of: request, count: anchorCount * classCount) { Array($0) }
            let imageScores = scoresImages ? try withTensor("image_scores", of: request, count: classCount) { Array($0) } : nil
            give(back: request)
            return NetworkOutput(boxes: boxes, scores: scores, imageScores: imageScores)
        } catch {
            // Nobody says in what state a request is that failed: the next image gets a new one.
            giveUp()
            throw error
        }
    }

    /// A request that nobody uses; waits for one where all are in use.
    private func take() throws -> EngineObject {
        idle.lock()
        while requests.isEmpty, made >= requestCount { idle.wait() }
        if let request = requests.popLast() {
            idle.unlock()
            return request
        }
        made += 1
        idle.unlock()
        do {
            return try newRequest()
        } catch {
            giveUp()
            throw error
        }
    }

    private func give(back request: EngineObject) {
        idle.lock()
        requests.append(request)
        idle.signal()
        idle.unlock()
    }

    private func giveUp() {
        idle.lock()
        made -= 1
        idle.signal()
        idle.unlock()
    }

    private func request() throws -> EngineObject {
        made = 1
        return try newRequest()
    }

    private func newRequest() throws -> EngineObject {
        try EngineObject(
            "making a request", { ov_compiled_model_create_infer_request(self.compiled.pointer, $0) }, free: ov_infer_request_free)
    }

    /// Gives `body` the values of an input or output of the request.
    private func withTensor<Result>(
        _ name: String, of request: EngineObject, count: Int, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
    ) throws -> Result {
        let tensor = try EngineObject(
            "taking \(name)", { ov_infer_request_get_tensor(request.pointer, name, $0) }, free: ov_tensor_free)
        var size = 0
        try OpenVINO.check(ov_tensor_get_size(tensor.pointer, &size), "measuring \(name)")
        var data: UnsafeMutableRawPointer?
        try OpenVINO.check(ov_tensor_data(tensor.pointer, &data), "reading \(name)")
        guard size == count, let data else { throw InferenceError(.wrongNetwork, "\(name) has \(size) values, not \(count)") }
        return try body(UnsafeMutableBufferPointer(start: data.assumingMemoryBound(to: Float.self), count: count))
    }

    /// What the engine itself thinks, one at least.
    private static func usefulRequests(of compiled: EngineObject) -> Int {
        var text: UnsafeMutablePointer<CChar>?
        guard ov_compiled_model_get_property(compiled.pointer, "OPTIMAL_NUMBER_OF_INFER_REQUESTS", &text) == OK, let text else { return 1 }
        defer { ov_free(text) }
        return max(1, Int(String(cString: text)) ?? 1)
    }

    /// The network made ready; from the cache where it is there. A cache that cannot be used costs time and nothing else.
    package static func compiled(_ model: EngineObject, core: EngineObject, settings: EngineSettings) throws -> EngineObject {
        func compiled(_ settings: EngineSettings) throws -> EngineObject {
            try EngineObject(
                "compiling the network", { made in compile(model, core: core, settings: settings, into: made) },
                free: ov_compiled_model_free)
        }
        guard settings.cacheDirectory != nil else { return try compiled(settings) }
        do {
            return try compiled(settings)
        } catch {
            var plain = settings
            plain.cacheDirectory = nil
            return try compiled(plain)
        }
    }

    private static func compile(
        _ model: EngineObject, core: EngineObject, settings: EngineSettings, into made: UnsafeMutablePointer<OpaquePointer?>?
    ) -> ov_status_e {
        let copies = settings.properties.map { (strdup($0.name), strdup($0.value)) }
        defer {
            for (name, value) in copies {
                free(name)
                free(value)
            }
        }
        // Not the variadic call, which Swift cannot make.
        let properties = copies.map { ov_property_t(key: UnsafePointer($0.0), value: UnsafeRawPointer($0.1)) }
        return ov_core_compile_model_props(core.pointer, model.pointer, "CPU", properties.count, properties, made)
    }

    package static func setInputShape(of model: EngineObject, to wanted: [Int]) throws {
        let port: EngineObject
        do {
            port = try EngineObject(
                "finding the input", { ov_model_const_input_by_name(model.pointer, "image", $0) }, free: ov_output_const_port_free)
        } catch {
            throw InferenceError(.wrongNetwork, "it has no input named image")
        }
        try requireFloat(port, "the input image")
        guard try takes(wanted, port) else { throw InferenceError(.wrongNetwork, "its input does not take \(wanted)") }
        var dimensions = wanted.map { ov_dimension_t(min: Int64($0), max: Int64($0)) }
        var shape = ov_partial_shape_t()
        try OpenVINO.check(ov_partial_shape_create(Int64(wanted.count), &dimensions, &shape), "setting the input's shape")
        defer { ov_partial_shape_free(&shape) }
        do {
            try OpenVINO.check(ov_model_reshape_input_by_name(model.pointer, "image", shape), "setting the input's shape")
        } catch {
            throw InferenceError(.wrongNetwork, "its input does not take \(wanted)")
        }
    }

    /// Whether a shape lies within what the network declares; reshaping alone would override the declaration.
    private static func takes(_ wanted: [Int], _ port: EngineObject) throws -> Bool {
        var declared = ov_partial_shape_t()
        try OpenVINO.check(ov_port_get_partial_shape(port.pointer, &declared), "reading the input's shape")
        defer { ov_partial_shape_free(&declared) }
        guard let dimensions = declared.dims, declared.rank.max == wanted.count else { return false }
        return wanted.enumerated().allSatisfy { index, size in
            // A dimension without an upper end has -1 there.
            let (low, high) = (Int(dimensions[index].min), Int(dimensions[index].max))
            return size >= low && (high < 0 || size <= high)
        }
    }

    /// An output may have several names: only asking for one tells.
    private static func hasOutput(_ name: String, _ compiled: EngineObject) -> Bool {
        (try? EngineObject(
            "finding an output", { ov_compiled_model_output_by_name(compiled.pointer, name, $0) }, free: ov_output_const_port_free)) != nil
    }

    private static func outputShape(_ name: String, of compiled: EngineObject) throws -> [Int] {
        let port: EngineObject
        do {
            port = try EngineObject(
                "finding an output", { ov_compiled_model_output_by_name(compiled.pointer, name, $0) }, free: ov_output_const_port_free)
        } catch {
            throw InferenceError(.wrongNetwork, "it has no output named \(name)")
        }
        try requireFloat(port, "the output \(name)")
        var shape = ov_shape_t()
        do {
            try OpenVINO.check(ov_const_port_get_shape(port.pointer, &shape), "measuring an output")
        } catch {
            throw InferenceError(.wrongNetwork, "the shape of its output \(name) is not fixed")
        }
        defer { ov_shape_free(&shape) }
        return (0..<Int(shape.rank)).compactMap { index in shape.dims.map { Int($0[index]) } }
    }

    private static func requireFloat(_ port: EngineObject, _ what: String) throws {
        var type = ov_element_type_e(0)
        try OpenVINO.check(ov_port_get_element_type(port.pointer, &type), "reading the type of \(what)")
        guard type == F32 else { throw InferenceError(.wrongNetwork, "\(what) is not 32-bit floating point") }
    }
}
