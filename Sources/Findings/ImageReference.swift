/// Which image something was found on, as far as it is known.
public struct ImageReference: Hashable, Sendable {
    /// The file as the user named it.
    public var path: String
    /// Frame number from 1, as DICOM counts; `nil` where the file holds one image.
    public var frame: Int?
    public var studyInstanceUID: String?
    public var seriesInstanceUID: String?
    public var sopInstanceUID: String?
    public var sopClassUID: String?

    public init(
        path: String, frame: Int? = nil, studyInstanceUID: String? = nil, seriesInstanceUID: String? = nil,
        sopInstanceUID: String? = nil, sopClassUID: String? = nil
    ) {
        self.path = path
        self.frame = frame
        self.studyInstanceUID = studyInstanceUID
        self.seriesInstanceUID = seriesInstanceUID
        self.sopInstanceUID = sopInstanceUID
        self.sopClassUID = sopClassUID
    }
}
