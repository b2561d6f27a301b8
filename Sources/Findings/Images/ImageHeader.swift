/// What an image says of itself beside its pixels: in DICOM its header; PNG and JPEG say nothing.
///
/// Headers are often empty and sometimes wrong. Texts are as the file has them, and none says who the patient is.
public struct ImageHeader: Hashable, Sendable {
    /// How the patient stood to the beam (DICOM View Position, 0018,5101); `other` keeps what the file says.
    public enum View: Hashable, Sendable {
        case posteroanterior, anteroposterior, lateral
        case other(String)
    }

    /// Distance between pixel centres in millimetres.
    public struct Spacing: Hashable, Sendable {
        /// Where the distance is measured.
        public enum Plane: String, Hashable, Sendable {
            /// In the patient: Pixel Spacing (0028,0030).
            case patient
            /// At the detector's front: Imager Pixel Spacing (0018,1164). The patient is nearer to the tube, so what is in them is smaller than
            /// it measures here, by an unknown part.
            case detector
        }

        /// Between rows (vertical).
        public var row: Double
        /// Between columns (horizontal).
        public var column: Double
        public var plane: Plane

        public init(row: Double, column: Double, plane: Plane) {
            self.row = row
            self.column = column
            self.plane = plane
        }
    }

    public var studyInstanceUID: String?
    public var seriesInstanceUID: String?
    public var sopInstanceUID: String?
    public var sopClassUID: String?
    /// The frame that was taken, from 1; `nil` where the file holds one image.
    public var frame: Int?
    /// Frames in the file.
    public var frameCount = 1
    /// DICOM Modality such as `CR`, `DX`, `CT`.
    public var modality: String?
    /// Body Part Examined.
    public var bodyPart: String?
    /// Image Laterality, or else Laterality: `R`, `L`, `B` or `U`.
    public var laterality: String?
    public var view: View?
    public var spacing: Spacing?
    /// Patient's Age (0010,1010), or else the time from birth to the study, in years.
    public var patientAge: Double?
    /// Station Name (0008,1010): the machine, which a site's own figures go by.
    public var station: String?
    /// What does not fit a frontal radiograph of the chest.
    public var claims = HeaderClaims.none

    public init() {}
}
