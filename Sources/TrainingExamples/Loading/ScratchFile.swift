import Foundation
import Radiographs
import Synchronization

extension TrainingError.Code {
    /// Pictures that do not fit into memory cannot be kept on disk.
    public static let scratch = TrainingError.Code(rawValue: "scratch file")
}

/// Pictures that do not fit into memory, raw, in one file without a name: it goes with the program, however that ends.
///
/// Several threads may read at a time, and one may write what none of them reads yet.
package final class ScratchFile: Sendable {
    /// Where a picture lies, and a sum of its samples to tell whether it is still what was written.
    struct Place: Sendable {
        let offset: Int
        let width: Int
        let height: Int
        let bits: Int
        let sum: UInt64

        /// Bytes a sample: 8-bit pictures are stored in half the space.
        var sampleSize: Int { bits == 8 ? 1 : 2 }
        var length: Int { width * height * sampleSize }
    }

    /// For tests, which damage it.
    package let descriptor: Int32
    private let folder: URL
    /// Bytes written; held while a picture is written behind them.
    private let end = Mutex(0)

    /// - Throws: `TrainingError` where no file can be made in the folder.
    init(in folder: URL) throws {
        self.folder = folder
        var name = Array(folder.appendingPathComponent(".pictures-XXXXXX").path.utf8CString)
        descriptor = mkstemp(&name)
        guard descriptor >= 0 else {
            throw TrainingError(.scratch, "no file can be made in \(folder.path) for the pictures that do not fit into memory")
        }
        unlink(name)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    deinit { close(descriptor) }

    /// Bytes that are free on the disk; `nil` where that is not told.
    static func freeBytes(in folder: URL) -> Int? {
        var status = statvfs()
        guard statvfs(folder.path, &status) == 0 else { return nil }
        return Int(clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
    }

    /// - Throws: `TrainingError` where the disk is full.
    func append(_ image: PixelImage) throws -> Place {
        let bytes =
            image.bits == 8
            ? image.samples.map { UInt8(truncatingIfNeeded: $0) } : image.samples.withUnsafeBytes { [UInt8]($0) }
        let sum = Self.sum(image.samples)
        return try end.withLock { end in
            try write(bytes, at: end)
            defer { end += bytes.count }
            return Place(offset: end, width: image.width, height: image.height, bits: image.bits, sum: sum)
        }
    }

    private func write(_ bytes: [UInt8], at end: Int) throws {
        var done = 0
        while done < bytes.count {
            let written = bytes.withUnsafeBytes { bytes in
                pwrite(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(end + done))
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else {
                let reason = String(cString: strerror(errno))
                throw TrainingError(
                    .scratch, "\(folder.path): \(reason), after \(end / 1_000_000) MB of pictures that do not fit into memory")
            }
            done += written
        }
    }

    /// `nil` where the file cannot be read there, or holds something else than was written.
    func read(_ place: Place) -> PixelImage? {
        let count = place.width * place.height
        var isWhole = false
        let samples = [UInt16](unsafeUninitializedCapacity: count) { target, initialised in
            if place.sampleSize == 2 {
                isWhole = fill(UnsafeMutableRawBufferPointer(target), from: place.offset)
            } else {
                // Read to the end of the room and spread from the front: a sample is written where no unread one is left.
                let bytes = UnsafeMutableRawBufferPointer(target)
                let packed = UnsafeMutableRawBufferPointer(rebasing: bytes[count...])
                isWhole = fill(packed, from: place.offset)
                for index in 0..<count { target[index] = isWhole ? UInt16(packed[index]) : 0 }
            }
            if !isWhole { target.update(repeating: 0) }
            initialised = count
        }
        guard isWhole, Self.sum(samples) == place.sum else { return nil }
        return PixelImage(width: place.width, height: place.height, bits: place.bits, samples: samples)
    }

    private func fill(_ target: UnsafeMutableRawBufferPointer, from offset: Int) -> Bool {
        var done = 0
        while done < target.count {
            let count = pread(descriptor, target.baseAddress.map { $0 + done }, target.count - done, off_t(offset + done))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }

    /// Not cryptographic: finds torn and foreign bytes.
    private static func sum(_ samples: [UInt16]) -> UInt64 {
        samples.withUnsafeBytes { bytes in
            let words = bytes.count / 8
            var sum: UInt64 = 0x9E37_79B9_7F4A_7C15
            for word in 0..<words {
                sum = (sum ^ bytes.loadUnaligned(fromByteOffset: word &* 8, as: UInt64.self)) &* 0xFF51_AFD7_ED55_8CCD
                sum ^= sum &>> 32
            }
            for place in words * 8..<bytes.count { sum = (sum ^ UInt64(bytes[place])) &* 0xFF51_AFD7_ED55_8CCD }
            return sum
        }
    }
}
