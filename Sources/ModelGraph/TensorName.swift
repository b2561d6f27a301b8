/// Names of tensors as files have them, which stand in lines for people.
package enum TensorName {
    /// - Throws: `ModelGraphError` where a name could not stand in a line or would change a terminal, and where nobody would have given it.
    package static func check(_ name: String) throws {
        guard name.utf8.count <= 10_000 else { throw ModelGraphError(.damaged, "a tensor's name is longer than 10000 bytes") }
        guard !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw ModelGraphError(.damaged, "a tensor's name holds control characters")
        }
    }
}
