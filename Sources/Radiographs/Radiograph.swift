import Findings

/// A radiograph or slice ready to be looked at: one channel, white is dense (bone), black is air, with what is known of it.
///
/// Window, lookup tables and polarity of the file are already applied; boxes refer to these pixels.
public struct Radiograph: Hashable, Sendable {
    /// How the patient stood to the beam (DICOM View Position, 0018,5101); `other` keeps what the file says.
    public enum View: Hashable, Sendable {
        case posteroanterior, anteroposterior, lateral
        case other(String)
    }
    /// How the file stored grey: which end of the scale is white (DICOM Photometric Interpretation).
    public enum Polarity: Hashable, Sendable {
        /// Low values are black, MONOCHROME2, PNG and JPEG.
        case lowIsBlack
        /// Low values are white, MONOCHROME1; already turned round in `pixels`.
        case lowIsWhite
    }
    /// Distance between pixel centres in millimetres.
    public struct Spacing: Hashable, Sendable {
        /// Between rows (vertical).
        public var row: Double
        /// Between columns (horizontal).
        public var column: Double
        public init(row: Double, column: Double) {
            self.row = row
            self.column = column
        }
    }

    public var pixels: PixelImage
    public var reference: ImageReference
    public var spacing: Spacing?
    public var view: View?
    public var polarity: Polarity?
    /// DICOM Modality such as `CR`, `DX`, `CT`.
    public var modality: String?
    /// DICOM Body Part Examined as the file has it.
    public var bodyPart: String?
    /// What the header says that does not fit a frontal radiograph of the chest; nothing for PNG and JPEG.
    public var claims: HeaderClaims
    /// Frames in the file; 1 for PNG and JPEG.
    public var frameCount: Int
    /// What a reader should know of the decoding, one sentence each.
    public var warnings: [String]

    public init(
        pixels: PixelImage, reference: ImageReference, spacing: Spacing? = nil, view: View? = nil, polarity: Polarity? = nil,
        modality: String? = nil, bodyPart: String? = nil, claims: HeaderClaims = .none, frameCount: Int = 1, warnings: [String] = []
    ) {
        self.pixels = pixels
        self.reference = reference
        self.spacing = spacing
        self.view = view
        self.polarity = polarity
        self.modality = modality
        self.bodyPart = bodyPart
        self.claims = claims
        self.frameCount = frameCount
        self.warnings = warnings
    }
}
