/// Calls a C codec with room for its message.
enum CodecMessage {
    static let size = 200

    /// - Throws: `RadiographError` of the given code with the codec's own words where `body` returns false.
    static func checked(_ code: RadiographError.Code, _ body: (UnsafeMutablePointer<CChar>, Int) -> Bool) throws {
        var buffer = [CChar](repeating: 0, count: size)
        let done = buffer.withUnsafeMutableBufferPointer { pointer in
            pointer.baseAddress.map { body($0, size) } ?? false
        }
        guard !done else { return }
        let text = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let line = String(decoding: text, as: UTF8.self).split(separator: "\n").first.map(String.init) ?? "the codec gave no reason"
        throw RadiographError(code, line)
    }
}
