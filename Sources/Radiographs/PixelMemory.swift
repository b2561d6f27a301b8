import CPixels

/// Memory for images, in a program that reads many of them.
public enum PixelMemory {
    /// Lets the process keep freed memory for the next image. Clearing pages anew is a third of the time that a large DICOM image takes to be read.
    /// - Parameter megabytes: At most so many (2^20 bytes), by thread.
    /// - Returns: Whether the C library has such a setting.
    @discardableResult
    public static func keepFreed(megabytes: Int) -> Bool { cp_keep_freed_memory(megabytes << 20) }
}
