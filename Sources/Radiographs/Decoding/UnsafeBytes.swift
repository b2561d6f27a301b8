import CPixels

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

    /// Samples of `count` bytes that `body` writes; they are widened where they lie, so that there is never a second copy.
    static func widened(count: Int, _ body: (UnsafeMutablePointer<UInt8>?) throws -> Void) rethrows -> [UInt16] {
        try filled(count: count) { (samples: UnsafeMutableBufferPointer<UInt16>) in
            let start = UnsafeMutableRawPointer(samples.baseAddress)
            try body(start.map { ($0 + count).assumingMemoryBound(to: UInt8.self) })
            cp_widen_in_place(samples.baseAddress, count)
        }
    }
}
