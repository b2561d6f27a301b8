import Foundation

/// Text from one encoding to another by the system's iconv, which knows those that Foundation here does not (ISO 2022, EUC-JP).
enum IconvConversion {
    /// - Parameters:
    ///   - bytes: The text.
    ///   - isLenient: Whether a byte that cannot be converted becomes U+FFFD; only to UTF-8.
    /// - Returns: The converted text; `nil` where a part of it cannot be converted, or iconv does not know one of the encodings.
    static func convert(_ bytes: some Collection<UInt8>, from source: String, to target: String, isLenient: Bool = false) -> [UInt8]? {
        guard let converter = Handle(from: source, to: target) else { return nil }
        var input = Array(bytes)
        var output: [UInt8] = []
        output.reserveCapacity(input.count + input.count / 2 + 16)
        var place = 0
        while place < input.count {
            let (used, isStopped) = converter.step(&input, from: place, into: &output)
            place += used
            guard isStopped else { continue }
            guard isLenient else { return nil }
            output += [0xEF, 0xBF, 0xBD]
            place += 1
        }
        converter.finish(into: &output)
        return output
    }

    static func knows(_ name: String) -> Bool { Handle(from: name, to: "UTF-8") != nil }

    private final class Handle {
        private let descriptor: iconv_t
        private var buffer = [UInt8](repeating: 0, count: 4_096)

        init?(from source: String, to target: String) {
            // iconv_open gives (iconv_t)-1 where it knows no such conversion.
            guard let opened = iconv_open(target, source), Int(bitPattern: opened) != -1 else { return nil }
            descriptor = opened
        }

        deinit { iconv_close(descriptor) }

        /// Converts as far as the buffer reaches.
        /// - Returns: How many bytes were used, and whether the next one cannot be.
        func step(_ input: inout [UInt8], from place: Int, into output: inout [UInt8]) -> (used: Int, isStopped: Bool) {
            let all = input.count - place
            var (left, room) = (all, buffer.count)
            var failure: Int32 = 0
            input.withUnsafeMutableBytes { source in
                buffer.withUnsafeMutableBytes { target in
                    var from = source.baseAddress?.advanced(by: place).assumingMemoryBound(to: CChar.self)
                    var to = target.baseAddress?.assumingMemoryBound(to: CChar.self)
                    let result = iconv(descriptor, &from, &left, &to, &room)
                    failure = result == -1 ? errno : 0
                }
            }
            output += buffer[..<(buffer.count - room)]
            return (all - left, failure != 0 && failure != E2BIG)
        }

        /// What brings the target back to its first state.
        func finish(into output: inout [UInt8]) {
            var room = buffer.count
            buffer.withUnsafeMutableBytes { target in
                var to = target.baseAddress?.assumingMemoryBound(to: CChar.self)
                _ = iconv(descriptor, nil, nil, &to, &room)
            }
            output += buffer[..<(buffer.count - room)]
        }
    }
}
