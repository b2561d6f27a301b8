import Results
import Terminology

typealias Code = ConceptCode

/// Codes of the templates (PS3.16), by their meaning.
extension ConceptCode {
    static let report = Code("126000", "DCM", "Imaging Measurement Report")
    static let language = Code("121049", "DCM", "Language of Content Item and Descendants")
    static let observerType = Code("121005", "DCM", "Observer Type")
    static let person = Code("121006", "DCM", "Person")
    static let device = Code("121007", "DCM", "Device")
    static let personObserverName = Code("121008", "DCM", "Person Observer Name")
    static let deviceObserverUID = Code("121012", "DCM", "Device Observer UID")
    static let deviceObserverName = Code("121013", "DCM", "Device Observer Name")
    static let deviceObserverManufacturer = Code("121014", "DCM", "Device Observer Manufacturer")
    static let deviceObserverModelName = Code("121015", "DCM", "Device Observer Model Name")
    static let deviceObserverSerialNumber = Code("121016", "DCM", "Device Observer Serial Number")
    static let procedureReported = Code("121058", "DCM", "Procedure Reported")
    static let chestRadiograph = Code("399208008", "SCT", "Plain X-ray of chest")
    static let imageLibrary = Code("111028", "DCM", "Image Library")
    static let imageLibraryGroup = Code("126200", "DCM", "Image Library Group")
    static let imagingMeasurements = Code("126010", "DCM", "Imaging Measurements")
    static let qualitativeEvaluations = Code("C0034375", "UMLS", "Qualitative Evaluations")
    static let measurementGroup = Code("125007", "DCM", "Measurement Group")
    static let trackingIdentifier = Code("112039", "DCM", "Tracking Identifier")
    static let trackingUID = Code("112040", "DCM", "Tracking Unique Identifier")
    static let finding = Code("121071", "DCM", "Finding")
    static let findingSite = Code("363698007", "SCT", "Finding Site")
    static let laterality = Code("272741003", "SCT", "Laterality")
    static let noAbnormality = Code("281900007", "SCT", "No abnormality detected")
    static let algorithmName = Code("111001", "DCM", "Algorithm Name")
    static let algorithmVersion = Code("111003", "DCM", "Algorithm Version")
    static let geometricPurpose = Code("130400", "DCM", "Geometric purpose of region")
    static let boundedBy = Code("75958009", "SCT", "Bounded by")
    static let imageRegion = Code("111030", "DCM", "Image Region")
    static let originalSource = Code("111040", "DCM", "Original Source")
    static let certainty = Code("111012", "DCM", "Certainty of Finding")
    static let percent = Code("%", "UCUM", "percent")
    static let measurementMethod = Code("370129005", "SCT", "Measurement Method")
    static let comment = Code("121106", "DCM", "Comment")
    static let sourceImage = Code("121322", "DCM", "Source image for image processing operation")
    static let segmentation = Code("113076", "DCM", "Segmentation")
    static let abnormalStructure = Code("49755003", "SCT", "Morphologically Altered Structure")
    static let studyReport = Code("18748-4", "LN", "Diagnostic imaging study")

    static let probability = Code("122157", "DCM", "Probability")

    // What the standard has no code for: how a share is meant, and what a person did.
    static let detectorScore = Code("DETECTORSCORE", "99PLEURA", "Score of a detector, no probability")
    static let calibration = Code("CALIBRATED", "99PLEURA", "Score calibrated to a probability")
    static let reviewDecision = Code("DECISION", "99PLEURA", "What the reader did with the finding")
    static let cardiothoracicRatio = Code("CTR", "99PLEURA", "Cardiothoracic ratio of a radiograph")
    static let ratioError = Code("CTRERROR", "99PLEURA", "Half the width of the ratio's error bar")
    static let heartLine = Code("HEARTLINE", "99PLEURA", "Widest extent of the heart")
    static let thoraxLine = Code("THORAXLINE", "99PLEURA", "Widest inner distance of the chest")
    static let noUnits = Code("1", "UCUM", "no units")
    static let heart = Code("80891009", "SCT", "Heart")
    static func decision(_ word: String) -> Code {
        Code(word.uppercased(), "99PLEURA", "\(word.prefix(1).uppercased())\(word.dropFirst())")
    }
}

extension Terminology {
    /// Where a finding is: the part of the lungs by its box, or what such a finding is of where that is not the lungs.
    func site(of finding: ResultFinding) -> (site: ConceptCode, laterality: ConceptCode?)? {
        let lungs = site(zone: nil, side: nil)
        let usual = self.finding(finding.label).site
        let (zone, side) = (finding.place?.zone?.rawValue, finding.place?.side?.rawValue)
        guard usual == nil || usual == lungs else {
            // The heart has no side; of the pleura it matters.
            let isPaired = usual?.value == "3120008"
            return usual.map { ($0, isPaired ? side.flatMap { laterality(side: $0) } : nil) }
        }
        guard let place = site(zone: zone, side: side) ?? lungs else { return nil }
        // The code of the left lung says its side by itself.
        let saysSide = zone == nil && side != "both"
        return (place, saysSide ? nil : side.flatMap { laterality(side: $0) })
    }
}
