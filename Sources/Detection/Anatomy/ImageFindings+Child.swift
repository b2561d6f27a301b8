import Findings

extension ImageFindings {
    /// Years below which a patient is a child here, as for the record `child` of quality.
    private static let childBelow = 13.0

    /// The cardiothoracic ratio and its limits are those of adults: of a child, or of one who may be a child, it is left out, and a note says
    /// so.
    var withoutChildsRatio: ImageFindings {
        let isChild = header.patientAge.map { $0 < Self.childBelow } ?? quality.contains { $0.code == .child }
        guard isChild, anatomy?.ratio != nil else { return self }
        var image = self
        image.anatomy?.ratio = nil
        image.anatomy?.notes.append(ImageWarning(.childNotComparable))
        return image
    }
}
