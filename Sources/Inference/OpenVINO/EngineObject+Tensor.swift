import COpenVINO

extension EngineObject {
    /// Of a request: the values of an input or output, for as long as `body` runs.
    /// - Throws: `InferenceError` of code `wrongNetwork` where there is none of that name, or it has another number of values.
    func withTensor<Result>(_ name: String, count: Int, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result) throws -> Result {
        let tensor: EngineObject
        do {
            tensor = try EngineObject("taking \(name)", { ov_infer_request_get_tensor(self.pointer, name, $0) }, free: ov_tensor_free)
        } catch {
            throw InferenceError(.wrongNetwork, "it has no \(name)")
        }
        var size = 0
        try OpenVINO.check(ov_tensor_get_size(tensor.pointer, &size), "measuring \(name)")
        var data: UnsafeMutableRawPointer?
        try OpenVINO.check(ov_tensor_data(tensor.pointer, &data), "reading \(name)")
        guard size == count, let data else { throw InferenceError(.wrongNetwork, "\(name) has \(size) values, not \(count)") }
        return try body(UnsafeMutableBufferPointer(start: data.assumingMemoryBound(to: Float.self), count: count))
    }
}
