import Radiographs

/// How a dataset and its pixels are encoded (PS3.5 section 10; UIDs and names from PS3.6 annex A).
struct TransferSyntax: Hashable {
    /// Who turns the bytes of Pixel Data into samples.
    enum PixelCoding: Hashable {
        case native
        case runLength
        case jpeg
        case jpegLS
        case jpeg2000
        case unsupported
    }

    let uid: String

    var coding: PixelCoding {
        switch uid {
        case "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2": .native
        case "1.2.840.10008.1.2.5": .runLength
        case "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.53", "1.2.840.10008.1.2.4.55",
            "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70":
            .jpeg
        case "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81": .jpegLS
        case "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91": .jpeg2000
        default: .unsupported
        }
    }

    /// What is wrong with a syntax that is not decoded. A UID is named only if it is one.
    var unsupportedError: RadiographError {
        if let name = Self.undecoded.first(where: { uid == $0.uid || uid.hasPrefix($0.uid + ".") })?.name {
            return RadiographError(.unsupported, "transfer syntax \(name) (\(uid))", at: .transferSyntaxUID)
        }
        let isUID = !uid.isEmpty && uid.utf8.count <= 64 && uid.utf8.allSatisfy { $0 == 0x2E || (0x30...0x39).contains($0) }
        return RadiographError(.unsupported, isUID ? "transfer syntax \(uid)" : "the transfer syntax is no UID", at: .transferSyntaxUID)
    }

    private static let undecoded: [(uid: String, name: String)] = [
        ("1.2.840.10008.1.2.1.98", "Encapsulated Uncompressed Explicit VR Little Endian"),
        ("1.2.840.10008.1.2.4.92", "JPEG 2000 Part 2 Multi-component Lossless"),
        ("1.2.840.10008.1.2.4.93", "JPEG 2000 Part 2 Multi-component"),
        ("1.2.840.10008.1.2.4.94", "JPIP Referenced"),
        ("1.2.840.10008.1.2.4.95", "JPIP Referenced Deflate"),
        ("1.2.840.10008.1.2.4.100", "MPEG2 Main Profile at Main Level"),
        ("1.2.840.10008.1.2.4.101", "MPEG2 Main Profile at High Level"),
        ("1.2.840.10008.1.2.4.102", "MPEG-4 AVC/H.264 High Profile"),
        ("1.2.840.10008.1.2.4.103", "MPEG-4 AVC/H.264 BD-compatible"),
        ("1.2.840.10008.1.2.4.104", "MPEG-4 AVC/H.264 for 2D video"),
        ("1.2.840.10008.1.2.4.105", "MPEG-4 AVC/H.264 for 3D video"),
        ("1.2.840.10008.1.2.4.106", "MPEG-4 AVC/H.264 Stereo"),
        ("1.2.840.10008.1.2.4.107", "HEVC/H.265 Main Profile"),
        ("1.2.840.10008.1.2.4.108", "HEVC/H.265 Main 10 Profile"),
        ("1.2.840.10008.1.2.4.110", "JPEG XL Lossless"),
        ("1.2.840.10008.1.2.4.111", "JPEG XL JPEG Recompression"),
        ("1.2.840.10008.1.2.4.112", "JPEG XL"),
        ("1.2.840.10008.1.2.4.201", "High-Throughput JPEG 2000 Lossless"),
        ("1.2.840.10008.1.2.4.202", "High-Throughput JPEG 2000 RPCL Lossless"),
        ("1.2.840.10008.1.2.4.203", "High-Throughput JPEG 2000"),
        ("1.2.840.10008.1.2.4.204", "JPIP HTJ2K Referenced"),
        ("1.2.840.10008.1.2.4.205", "JPIP HTJ2K Referenced Deflate"),
        ("1.2.840.10008.1.2.7", "SMPTE ST 2110 video"),
        ("1.2.840.10008.1.2.8.1", "Deflated Image Frame Compression"),
    ]
}
