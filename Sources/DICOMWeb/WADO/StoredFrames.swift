import Foundation

/// Frames of a file as they are stored, for WADO-RS (PS3.18 10.4.1.1.3).
public struct StoredFrames: Sendable {
    public let metadata: InstanceMetadata
    private let file: Data
    private let header: DICOMJSON
    private let layout: PixelDataLayout
    public let frameCount: Int

    /// - Parameter file: A whole file, best mapped into memory.
    /// - Throws: `DICOMWebError`: unreadable, or without pixels that lie in it plainly.
    public init(_ file: Data) throws {
        self.file = file
        metadata = try InstanceMetadata(file, bulkDataURI: "")
        header = try metadata.dataset()
        guard let layout = metadata.pixelData, !layout.isEmpty else {
            throw DICOMWebError(.notFound, "the instance has no frames that can be handed out")
        }
        self.layout = layout
        frameCount = max(1, header.integer(DICOMAttribute(tag: 0x0028_0008)) ?? 1)
    }

    /// What the frames are: for `Representation.frames`.
    public var transferSyntax: String { metadata.transferSyntax }

    /// Where a frame's bytes lie in the file. Not for pixels in big-endian order.
    public func ranges(ofFrame frame: Int) throws -> [Range<Int>] { try layout.frame(frame, of: file, header) }

    /// The bytes of a frame: a codestream, or native pixels in little-endian order.
    /// - Parameter frame: From 1.
    /// - Throws: `DICOMWebError`.
    public func bytes(ofFrame frame: Int) throws -> Data {
        let ranges = try ranges(ofFrame: frame)
        if layout.isBigEndian, let native = layout.native, let range = ranges.first { return swapped(range, in: native) }
        var data = Data()
        for range in ranges { data.append(slice(range)) }
        return data
    }

    private func slice(_ range: Range<Int>) -> Data { file[(file.startIndex + range.lowerBound)..<(file.startIndex + range.upperBound)] }

    /// Big-endian pixels in little-endian order. Words are turned whole, although a frame of odd length may begin or end within one.
    private func swapped(_ range: Range<Int>, in native: Range<Int>) -> Data {
        let size =
            switch layout.representation {
            case "OW": 2
            case "OF": 4
            case "OD": 8
            default: 1
            }
        let start = range.lowerBound - (range.lowerBound - native.lowerBound) % size
        let end = min(native.upperBound, range.upperBound + (size - (range.upperBound - native.lowerBound) % size) % size)
        var words = Data(slice(start..<end))
        if size > 1 { words.swapBytes(of: size) }
        return Data(words.dropFirst(range.lowerBound - start).prefix(range.count))
    }

    /// The frames of a list such as `1,3,4`; each number once or more, in its order.
    /// - Throws: `DICOMWebError` of code `badRequest`.
    public static func numbers(_ list: some StringProtocol) throws -> [Int] {
        let parts = list.replacingOccurrences(of: "%2C", with: ",", options: .caseInsensitive).split(
            separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }
        guard numbers.count == parts.count, numbers.allSatisfy({ $0 > 0 }), (1...1_000).contains(numbers.count) else {
            throw DICOMWebError(.badRequest, "frames are a list of numbers from 1, with commas, of at most 1,000")
        }
        return numbers
    }
}

extension Data {
    fileprivate mutating func swapBytes(of size: Int) {
        withUnsafeMutableBytes { bytes in
            for start in Swift.stride(from: 0, through: bytes.count - size, by: size) {
                for index in 0..<(size / 2) { bytes.swapAt(start + index, start + size - 1 - index) }
            }
        }
    }
}
