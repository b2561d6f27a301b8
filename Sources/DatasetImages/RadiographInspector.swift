import DICOM
import Datasets
import Foundation
import Radiographs

/// Looks into every kind of image that Pleura decodes, for datasets.
public struct RadiographInspector: ImageInspector {
    private let rasters = RasterInspector()
    private let decoders: DecoderRegistry

    /// - Parameter window: The window that DICOM images are shown through in place of their own, in Hounsfield units of CT; `nil` for their own.
    public init(window: ValueWindow? = nil) {
        var decoders = DecoderRegistry.standard
        decoders.limits.window = window
        self.decoders = decoders
    }

    public func facts(of file: URL) throws -> ImageFacts {
        do {
            return try rasters.facts(of: file)
        } catch let error as RadiographError where error.code == .unknownFormat {
            guard let bytes = try? Data(contentsOf: file, options: .mappedIfSafe) else { throw error }
            guard DICOMDecoder().recognises(bytes) else {
                throw RadiographError(.unknownFormat, "the content is none of PNG, JPEG, DICOM")
            }
            let header = try DICOMHeader(bytes)
            return ImageFacts(
                width: header.width, height: header.height, bits: header.bits, patient: header.patientID, view: header.viewPosition,
                needsConversion: true, warnings: header.warnings)
        }
    }

    @Sendable public func isImage(_ file: URL) -> Bool {
        rasters.isImage(file) || (try? Data(contentsOf: file, options: .mappedIfSafe)).map(DICOMDecoder().recognises) ?? false
    }

    /// With the file's window applied and its polarity turned, as `pleura detect` sees it.
    public func pixels(of file: URL) throws -> PixelImage { try decoders.decode(path: file.path).pixels }
}
