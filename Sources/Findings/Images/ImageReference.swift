/// Which image something was found on, as far as it is known.
public struct ImageReference: Hashable, Sendable {
    public var source: ImageSource
    /// Frame number from 1, as DICOM counts; `nil` where the source holds one image.
    public var frame: Int?
    public var studyInstanceUID: String?
    public var seriesInstanceUID: String?
    public var sopInstanceUID: String?
    public var sopClassUID: String?

    public init(
        _ source: ImageSource, frame: Int? = nil, studyInstanceUID: String? = nil, seriesInstanceUID: String? = nil,
        sopInstanceUID: String? = nil, sopClassUID: String? = nil
    ) {
        self.source = source
        self.frame = frame
        self.studyInstanceUID = studyInstanceUID
        self.seriesInstanceUID = seriesInstanceUID
        self.sopInstanceUID = sopInstanceUID
        self.sopClassUID = sopClassUID
    }

    /// - Parameter header: What the image itself says.
    public init(_ source: ImageSource, header: ImageHeader) {
        self.init(
            source, frame: header.frame, studyInstanceUID: header.studyInstanceUID, seriesInstanceUID: header.seriesInstanceUID,
            sopInstanceUID: header.sopInstanceUID, sopClassUID: header.sopClassUID)
    }

    /// What reports call the image, without its frame.
    public var name: String { source.name }
}
