/// Buffers that C fills.
enum UnsafeBytes {
    /// An array of `count` elements written by `body`, without zeroing it first.
    static func filled<Element>(
        count: Int, _ body: (UnsafeMutableBufferPointer<Element>) throws -> Void
    ) rethrows -> [Element] where Element: FixedWidthInteger {
        try [Element](unsafeUninitializedCapacity: count) { buffer, initialised in
            try body(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
            initialised = count
        }
    }
}
