import Findings
import Foundation
import Radiographs

/// What a DICOM file says of its image without decoding a pixel.
public struct DICOMHeader: Hashable, Sendable {
    /// Columns.
    public var width: Int
    /// Rows.
    public var height: Int
    /// Bits Stored.
    public var bits: Int
    /// Patient ID (0010,0020). It belongs to a dataset, and never into a log.
    public var patientID: String?
    /// View Position (0018,5101) as the file has it.
    public var viewPosition: String?
    /// Frames in the file; an image is made of the first.
    public var frameCount: Int
    /// What the header says that does not fit a frontal radiograph of the chest.
    public var claims: HeaderClaims

    /// What a dataset's maker should know of the image, a sentence each.
    public var warnings: [String] {
        [claims.sentence, frameCount > 1 ? "frame 1 of \(frameCount)" : nil].compactMap { $0 }
    }

    /// - Throws: `RadiographError`: no pixels, damaged, too large.
    public init(_ bytes: Data, limits: DecodingLimits = DecodingLimits()) throws {
        let file = try DICOMFile(bytes)
        var warnings: [ImageWarning] = []
        let module = try ImagePixelModule(file.dataset, limits: limits, warnings: &warnings)
        (width, height, bits) = (module.columns, module.rows, module.bitsStored)
        patientID = file.dataset.text(.patientID)
        viewPosition = file.dataset.text(.viewPosition)
        frameCount = module.frameCount
        claims = HeaderClaims(FunctionalGroups(dataset: file.dataset, frame: 0))
    }
}
