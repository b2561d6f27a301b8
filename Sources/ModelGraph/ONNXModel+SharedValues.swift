extension ONNXModel {
    /// The first value that so many convolutions read. Of a detector with heads on several maps it is the finest of those maps, read by
    /// both heads and by the layer that goes on from it.
    /// - Returns: Its name; `nil` where there is none.
    public func firstValue(readByConvolutions count: Int) -> String? {
        var readers: [String: Int] = [:]
        for node in proto.graph.node where node.opType == "Conv" {
            if let input = node.input.first { readers[input, default: 0] += 1 }
        }
        return proto.graph.node.lazy.flatMap(\.output).first { (readers[$0] ?? 0) >= count }
    }
}
