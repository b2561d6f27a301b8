import Findings
import Foundation

/// How result objects are made. The same options, result and sources give the same bytes.
public struct ResultObjectOptions: Hashable, Sendable {
    /// Which objects are made. A segmentation is only made of masks.
    public var kinds: Set<ResultObject.Kind>
    /// Comprehensive 3D SR instead of Comprehensive SR, for archives that want it.
    public var is3D: Bool
    /// The secondary capture's picture as JPEG baseline (1.2.840.10008.1.2.4.50); else uncompressed.
    public var isCompressed: Bool
    /// Pixels of the longer side of the secondary capture's image, the strip below not counted.
    public var captureSide: Int
    /// Of its JPEG, 1 to 94: from 95 on the encoder leaves colours as dense as grey, which the class of captures does not allow.
    public var captureQuality: Int
    /// Whether the document shows the first image with findings.
    public var hasKeyPicture: Bool
    /// Who made the object: Manufacturer (0008,0070).
    public var manufacturer: String
    /// Manufacturer's Model Name and the device observer's name where the reader is a person without a model.
    public var product: String
    /// Software Versions where the reader is a person without a model.
    public var productVersion: String
    /// Whoever answers for what a person signs: Verifying Organization (0040,A027). `nil`: as the image's header names its institution.
    public var organization: String?
    /// The zone of dates and times, where the image's header does not say its own.
    public var timeZone: TimeZone
    /// What text outside ASCII is read as where the image names no character set, or one that does not exist: what a site's devices have in
    /// common.
    public var fallbackCharacterSet: String
    /// The order of colours in pictures; without one, by label.
    public var labelMap: LabelMap?
    /// Two deliveries that must not share series say different words here.
    public var seriesKey: String

    public init(
        kinds: Set<ResultObject.Kind> = Set(ResultObject.Kind.allCases), is3D: Bool = false, isCompressed: Bool = true,
        captureSide: Int = 1_024, captureQuality: Int = 90, hasKeyPicture: Bool = true, manufacturer: String = "Pleura project",
        product: String = "Pleura", productVersion: String = "unknown", organization: String? = nil, timeZone: TimeZone = .gmt,
        fallbackCharacterSet: String = "ISO_IR 100", labelMap: LabelMap? = nil, seriesKey: String = ""
    ) {
        (self.kinds, self.is3D, self.isCompressed, self.captureSide) = (kinds, is3D, isCompressed, captureSide)
        (self.captureQuality, self.hasKeyPicture, self.manufacturer) = (captureQuality, hasKeyPicture, manufacturer)
        (self.product, self.productVersion, self.organization, self.timeZone) = (product, productVersion, organization, timeZone)
        (self.fallbackCharacterSet, self.labelMap, self.seriesKey) = (fallbackCharacterSet, labelMap, seriesKey)
    }

    var jpegQuality: Int { min(94, max(1, captureQuality)) }
}
