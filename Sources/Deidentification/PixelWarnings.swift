/// What the header says of text and faces that pixels may show. Pixels themselves are not looked at.
struct PixelWarnings {
    private(set) var all: [DeidentificationWarning] = []
    var hasBurntInText: Bool { all.contains { $0.kind == .burntInText } }

    /// Modalities whose images usually have the patient's name, or a page that somebody scanned, in the picture.
    private static let modalities: Set<String> = ["US", "IVUS", "ES", "GM", "SM", "XC", "OT", "SC", "DOC", "ECG", "OPV", "BDUS"]
    /// SOP classes of the same: Secondary Capture, ultrasound and visible light.
    private static let classes = [
        "1.2.840.10008.5.1.4.1.1.7", "1.2.840.10008.5.1.4.1.1.6", "1.2.840.10008.5.1.4.1.1.3", "1.2.840.10008.5.1.4.1.1.77",
        "1.2.840.10008.5.1.4.1.1.104",
    ]

    init(_ dataset: EditableItem) {
        var reasons: [String] = []
        let annotation = dataset.string(0x0028_0301)
        if annotation == "YES" { reasons.append("Burned In Annotation (0028,0301) is YES") }
        let type = dataset.string(0x0008_0008).uppercased()
        if type.contains("SCREEN") { reasons.append("Image Type (0008,0008) says that it is a picture of a screen") }
        if !dataset.text(0x0008_0064).isEmpty { reasons.append("Conversion Type (0008,0064) says that it was captured or scanned") }
        // A file that says it has none is believed, if nothing else speaks against it.
        if annotation != "NO" {
            let modality = dataset.string(0x0008_0060)
            if Self.modalities.contains(modality) { reasons.append("images of its modality often show text") }
            let sopClass = dataset.string(0x0008_0016)
            if Self.classes.contains(where: { sopClass == $0 || sopClass.hasPrefix($0 + ".") }) {
                reasons.append("images of its SOP class often show text")
            }
        }
        all = reasons.map { DeidentificationWarning(kind: .burntInText, detail: $0) }
        if dataset.string(0x0028_0302) == "YES" {
            all.append(
                DeidentificationWarning(kind: .recognisableFeatures, detail: "Recognizable Visual Features (0028,0302) is YES"))
        }
        for index in 0..<dataset.count {
            guard let element = dataset.element(at: index), (0x6000...0x601E).contains(element.group), element.number == 0x0102 else {
                continue
            }
            let overlay = UInt32(element.group) << 16
            let hasData = (0..<dataset.count).contains { dataset.element(at: $0)?.tag == overlay | 0x3000 }
            if !hasData {
                all.append(DeidentificationWarning(kind: .overlayInPixels, detail: "an overlay without data of its own (60xx,3000)"))
            }
        }
    }
}
