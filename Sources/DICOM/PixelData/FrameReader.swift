import CCodecs
import CDICOM
import Foundation
import Radiographs

/// Samples of one frame as they are stored, before any mapping.
struct StoredFrame {
    /// Little-endian; valid only while `FrameReader.withFrame` runs.
    let samples: UnsafeRawBufferPointer
    /// 1 or 2.
    let bytesPerSample: Int
    /// How three samples a pixel lie and what they are, after the codec.
    var isPlanar = false
    var isRGB = false
}

/// Brings one frame out of Pixel Data; no other is decoded.
struct FrameReader {
    let file: DICOMFile
    let module: ImagePixelModule
    let syntax: TransferSyntax

    /// - Parameter frame: From 0, less than the module's frame count.
    /// - Throws: `RadiographError`.
    func withFrame<Result>(_ frame: Int, _ body: (StoredFrame) throws -> Result) throws -> Result {
        switch syntax.coding {
        case .native: try withNativeFrame(frame, body)
        case .runLength, .jpeg, .jpegLS: try withDCMTKFrame(frame, body)
        case .jpeg2000: try withJPEG2000Frame(frame, body)
        case .unsupported: throw syntax.unsupportedError
        }
    }

    /// How many whole frames Pixel Data holds where the header says that it is one; `nil` where it is right.
    var unannouncedFrames: Int? {
        guard module.frameCount == 1 else { return nil }
        let held: Int
        switch syntax.coding {
        case .native: held = file.dataset.withBytes(of: .pixelData) { $0.count / module.bytesPerFrame } ?? 0
        default: held = FrameFragments(file, frameCount: 1).codestreamCount
        }
        return held > 1 ? held : nil
    }

    private func withNativeFrame<Result>(_ frame: Int, _ body: (StoredFrame) throws -> Result) throws -> Result {
        guard module.photometric != .ybrFull422 else {
            throw RadiographError(.unsupported, "uncompressed photometric interpretation YBR_FULL_422", at: .pixelData)
        }
        let result = try file.dataset.withBytes(of: .pixelData) { bytes in
            // No overflow: 65,535 squared pixels of 6 bytes, and the count of frames fits a DICOM integer string (32 bits).
            let start = frame * module.bytesPerFrame
            guard start + module.bytesPerFrame <= bytes.count else {
                throw RadiographError(
                    .truncated, "Pixel Data has \(bytes.count) bytes, \(start + module.bytesPerFrame) are needed", at: .pixelData)
            }
            let samples = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + module.bytesPerFrame)])
            return try body(
                StoredFrame(
                    samples: samples, bytesPerSample: module.bitsAllocated / 8, isPlanar: module.isPlanar,
                    isRGB: module.photometric == .rgb))
        }
        guard let result else { throw RadiographError(.noPixels, "Pixel Data is empty", at: .pixelData) }
        return result
    }

    private func withDCMTKFrame<Result>(_ frame: Int, _ body: (StoredFrame) throws -> Result) throws -> Result {
        let fragments = FrameFragments(file, frameCount: module.frameCount)
        let range = try fragments.range(of: frame)
        var bytesPerSample = module.bitsAllocated / 8
        if syntax.coding == .runLength {
            // One byte of a sample a segment (annex G.2), one fragment a frame (annex A.4.2).
            let header = try fragments.withBytes(of: range.lowerBound..<(range.lowerBound + 1)) { RunLengthHeader($0) }
            guard header?.offsets.count == module.samplesPerPixel * bytesPerSample else {
                throw RadiographError(.damaged, "the RLE header does not fit the image", at: .pixelData)
            }
        } else {
            let header = try fragments.withBytes(of: range) { JPEGFrameHeader($0) }
            guard let header else { throw RadiographError(.damaged, "the JPEG codestream has no frame header", at: .pixelData) }
            try checkSize(columns: header.columns, rows: header.rows, components: header.components)
            // DCMTK's JPEG codecs give as many bytes as the codestream needs, whatever is allocated.
            if syntax.coding == .jpeg { bytesPerSample = header.precision > 8 ? 2 : 1 }
            guard header.precision <= module.bitsAllocated else {
                throw RadiographError(
                    .damaged, "\(header.precision) bits in the codestream, \(module.bitsAllocated) allocated", at: .pixelData)
            }
        }
        let wanted = module.samplesPerFrame * bytesPerSample
        // DCMTK wants room for what is allocated and an even number of bytes.
        guard let size = UInt32(exactly: max(wanted, module.bytesPerFrame) + wanted % 2), let frameNumber = UInt32(exactly: frame) else {
            throw RadiographError(.tooLarge, "a frame of \(wanted) bytes", at: .pixelData)
        }
        var problem = CDICOMProblem()
        var model = [CChar](repeating: 0, count: 32)
        var samples = [UInt8](repeating: 0, count: Int(size))
        let decoded = samples.withUnsafeMutableBytes {
            CDICOMDecodeFrame(
                file.handle, frameNumber, UInt32(range.lowerBound), $0.baseAddress, size, &model, model.count, &problem)
        }
        guard decoded else {
            throw RadiographError(
                .damaged, problem.reason.isEmpty ? "the frame cannot be decoded" : "codec: \(problem.reason)", at: .pixelData)
        }
        let isRGB = model.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } } == "RGB"
        return try samples.withUnsafeBytes {
            try body(
                StoredFrame(
                    samples: UnsafeRawBufferPointer(rebasing: $0[..<wanted]), bytesPerSample: bytesPerSample,
                    isPlanar: module.isPlanar, isRGB: isRGB))
        }
    }

    private func withJPEG2000Frame<Result>(_ frame: Int, _ body: (StoredFrame) throws -> Result) throws -> Result {
        let fragments = FrameFragments(file, frameCount: module.frameCount)
        var samples: [UInt16] = []
        try fragments.withBytes(of: fragments.range(of: frame)) { bytes in
            let codestream = bytes.bindMemory(to: UInt8.self)
            var message = [CChar](repeating: 0, count: 160)
            var header = CCodecsJPEG2000Header()
            guard let start = codestream.baseAddress,
                CCodecsJPEG2000ReadHeader(start, codestream.count, &header, &message, message.count)
            else { throw Self.jpeg2000Error(message) }
            try checkSize(columns: Int(header.width), rows: Int(header.height), components: Int(header.components))
            guard header.isUniform, header.precision <= 16 else {
                throw RadiographError(.unsupported, "JPEG 2000 with subsampled components or more than 16 bits", at: .pixelData)
            }
            samples = [UInt16](repeating: 0, count: module.samplesPerFrame)
            // A detector's image takes half a second on one core; a small one is not worth a thread.
            let threads = module.pixelsPerFrame < 1_000_000 ? 1 : min(4, ProcessInfo.processInfo.activeProcessorCount)
            guard
                CCodecsJPEG2000Decode(
                    start, codestream.count, &samples, samples.count, Int32(threads), &message, message.count)
            else {
                throw Self.jpeg2000Error(message)
            }
        }
        return try samples.withUnsafeBytes {
            try body(StoredFrame(samples: $0, bytesPerSample: 2, isPlanar: true, isRGB: module.photometric != .ybrFull))
        }
    }

    /// A codestream of another size than the dataset says is refused before it is decoded.
    private func checkSize(columns: Int, rows: Int, components: Int) throws {
        guard columns == module.columns, rows == module.rows, components == module.samplesPerPixel else {
            throw RadiographError(
                .damaged,
                "the codestream has \(columns) x \(rows) pixels of \(components) samples, "
                    + "the dataset says \(module.columns) x \(module.rows) of \(module.samplesPerPixel)", at: .pixelData)
        }
    }

    private static func jpeg2000Error(_ message: [CChar]) -> RadiographError {
        let text = String(decoding: message.prefix(while: { $0 != 0 }).map(UInt8.init(bitPattern:)), as: UTF8.self)
        let reason = text.trimmingCharacters(in: .whitespaces)
        return RadiographError(.damaged, reason.isEmpty ? "the JPEG 2000 frame cannot be decoded" : "codec: \(reason)", at: .pixelData)
    }
}
