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

    /// - Throws: `RadiographError`: no pixels, damaged, too large.
    public init(_ bytes: Data, limits: DecodingLimits = DecodingLimits()) throws {
        let file = try DICOMFile(bytes)
        var warnings: [String] = []
        let module = try ImagePixelModule(file.dataset, limits: limits, warnings: &warnings)
        (width, height, bits) = (module.columns, module.rows, module.bitsStored)
        patientID = file.dataset.text(.patientID)
        viewPosition = file.dataset.text(.viewPosition)
    }
}
