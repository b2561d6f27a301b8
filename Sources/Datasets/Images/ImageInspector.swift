import Basics
import Foundation
import Outputs
import Radiographs

/// What a dataset needs to know of an image file before any pixel of it is decoded.
public struct ImageFacts: Hashable, Sendable {
    /// Columns.
    public var width: Int
    /// Rows.
    public var height: Int
    /// Bits a sample.
    public var bits: Int
    /// Who the patient is and how they stood, where the file says it (DICOM).
    public var patient: String?
    public var view: String?
    /// True for a file that training cannot read, or that lies turned, and that an import therefore makes a PNG of.
    public var needsConversion: Bool
    /// The suffix that its content calls for, for a file whose name has none; `png` of one that needs conversion.
    public var suffix: String
    /// What the file itself says that the dataset's maker should know, a sentence each; nothing that stops an import.
    public var warnings: [String]

    public init(
        width: Int, height: Int, bits: Int, patient: String? = nil, view: String? = nil, needsConversion: Bool = false,
        suffix: String = "png", warnings: [String] = []
    ) {
        self.width = width
        self.height = height
        self.bits = bits
        self.patient = patient
        self.view = view
        self.needsConversion = needsConversion
        self.suffix = suffix
        self.warnings = warnings
    }
}

/// Looks into image files. This room reads PNG and JPEG; a program that knows DICOM hands in one that reads DICOM too.
public protocol ImageInspector: Sendable {
    /// Whether the content of a file is an image that this reads, whatever its name.
    @Sendable func isImage(_ file: URL) -> Bool
    /// - Throws: `RadiographError`.
    func facts(of file: URL) throws -> ImageFacts
    /// The picture of a file that needs conversion, upright, in the depth it was stored in.
    /// - Throws: `RadiographError`.
    func pixels(of file: URL) throws -> PixelImage
}

/// PNG and JPEG.
public struct RasterInspector: ImageInspector {
    public init() {}

    public func facts(of file: URL) throws -> ImageFacts {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: file, options: .mappedIfSafe)
        } catch {
            throw RadiographError(.unreadable, "cannot be opened for reading")
        }
        return try facts(of: bytes)
    }

    /// The same of a file's content.
    package func facts(of bytes: Data) throws -> ImageFacts {
        guard !PictureMark.isIn(bytes) else { throw RadiographError(.unsupported, "a picture that Pleura drew, not a radiograph") }
        let header = try RasterHeader(bytes)
        // TensorFlow and many other readers take a picture as it is stored, where boxes drawn on the upright one are wrong.
        let turns = header.orientation != .topLeft
        return ImageFacts(
            width: header.width, height: header.height, bits: header.bits, needsConversion: turns,
            suffix: turns || PNGDecoder().recognises(bytes) ? "png" : "jpg")
    }

    @Sendable public func isImage(_ file: URL) -> Bool {
        let head = FileHead.bytes(of: file, count: 16)
        return PNGDecoder().recognises(head) || JPEGDecoder().recognises(head)
    }

    public func pixels(of file: URL) throws -> PixelImage {
        try DecoderRegistry(decoders: [PNGDecoder(), JPEGDecoder()]).decode(path: file.path).pixels
    }
}
