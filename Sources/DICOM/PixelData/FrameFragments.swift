import CDICOM
import Radiographs

/// Which fragments of encapsulated Pixel Data make up a frame (PS3.5 annex A.4).
struct FrameFragments {
    let file: DICOMFile
    let frameCount: Int
    /// Fragments, the basic offset table not counted; `nil` where Pixel Data is native.
    let count: Int?

    init(_ file: DICOMFile, frameCount: Int) {
        self.file = file
        self.frameCount = frameCount
        let found = CDICOMFragmentCount(file.handle)
        count = found < 0 ? nil : Int(found)
    }

    /// - Parameter frame: From 0, less than `frameCount`.
    /// - Throws: `RadiographError` where frames cannot be told apart.
    func range(of frame: Int) throws -> Range<Int> {
        guard let count, count > 0 else { throw RadiographError(.truncated, "Pixel Data has no fragments", at: .pixelData) }
        if frameCount == 1 { return 0..<((codestreamStarts()?.dropFirst().first) ?? count) }
        if frameCount == count { return frame..<(frame + 1) }
        guard frameCount < count else {
            throw RadiographError(.truncated, "\(frameCount) frames in \(count) fragments of Pixel Data", at: .pixelData)
        }
        guard let starts = offsetTableStarts() ?? codestreamStarts(), starts.count == frameCount else {
            throw RadiographError(.damaged, "\(frameCount) frames cannot be told apart in \(count) fragments of Pixel Data", at: .pixelData)
        }
        return starts[frame]..<(frame + 1 < frameCount ? starts[frame + 1] : count)
    }

    /// The bytes of a frame in one piece; copied only if it spans several fragments.
    func withBytes<Result>(of range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
        try withExtendedLifetime(file) {
            if range.count == 1 { return try body(fragment(range.lowerBound)) }
            var whole: [UInt8] = []
            for index in range { whole += try fragment(index) }
            return try whole.withUnsafeBytes(body)
        }
    }

    /// The first fragment of each frame by the basic offset table; `nil` where it is empty or does not fit.
    private func offsetTableStarts() -> [Int]? {
        guard let count, let table = try? fragment(-1), table.count == 4 * frameCount else { return nil }
        var indices: [Int: Int] = [:]
        var position = 0
        for index in 0..<count {
            guard let bytes = try? fragment(index) else { return nil }
            indices[position] = index
            position += 8 + bytes.count
        }
        let starts = (0..<frameCount).compactMap {
            indices[Int(UInt32(littleEndian: table.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))]
        }
        let isOrdered = starts.first == 0 && zip(starts, starts.dropFirst()).allSatisfy { $0 < $1 }
        return starts.count == frameCount && isOrdered ? starts : nil
    }

    /// How many fragments begin as a codestream does, run-length ones among them; each is a frame of its own (PS3.5 annex A.4).
    var codestreamCount: Int {
        guard let count, count > 1 else { return count ?? 0 }
        if let starts = codestreamStarts() { return starts.count }
        return (0..<count).count { index in (try? fragment(index)).flatMap(RunLengthHeader.init) != nil }
    }

    /// The fragments that begin as a codestream does: JPEG and JPEG-LS (FFD8), JPEG 2000 (FF4F) or its file format.
    private func codestreamStarts() -> [Int]? {
        guard let count else { return nil }
        let beginnings: [[UInt8]] = [[0xFF, 0xD8, 0xFF], [0xFF, 0x4F, 0xFF, 0x51], [0, 0, 0, 12, 0x6A, 0x50]]
        let starts = (0..<count).filter { index in
            guard let bytes = try? fragment(index) else { return false }
            return beginnings.contains { bytes.starts(with: $0) }
        }
        return starts.first == 0 ? starts : nil
    }

    private func fragment(_ index: Int) throws -> UnsafeRawBufferPointer {
        var start: UnsafePointer<UInt8>?
        var size = 0
        guard CDICOMFragment(file.handle, Int64(index), &start, &size) else {
            throw RadiographError(.truncated, "a fragment of Pixel Data cannot be read", at: .pixelData)
        }
        return UnsafeRawBufferPointer(start: start, count: size)
    }
}
