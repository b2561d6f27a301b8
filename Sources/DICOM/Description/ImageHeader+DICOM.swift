import Findings
import Foundation
import Radiographs

extension ImageHeader {
    /// What a dataset says of one frame beside its pixels.
    /// - Parameter frame: From 1.
    init(_ groups: FunctionalGroups, frame: Int, of frameCount: Int) {
        self.init()
        let dataset = groups.dataset
        studyInstanceUID = dataset.text(.studyInstanceUID)
        seriesInstanceUID = dataset.text(.seriesInstanceUID)
        sopInstanceUID = dataset.text(.sopInstanceUID)
        sopClassUID = dataset.text(.sopClassUID)
        self.frame = frameCount > 1 ? frame : nil
        self.frameCount = frameCount
        modality = dataset.text(.modality)
        bodyPart = dataset.text(.bodyPartExamined)
        laterality =
            groups.item(.frameAnatomySequence)?.text(.frameLaterality) ?? dataset.text(.imageLaterality) ?? dataset.text(.laterality)
        view = Self.view(dataset.text(.viewPosition))
        spacing = Self.spacing(groups)
        patientAge =
            Self.years(dataset.text(.patientAge))
            ?? Self.years(from: dataset.text(.patientBirthDate), to: dataset.text(.studyDate))
        station = dataset.text(.stationName)
        claims = HeaderClaims(groups)
    }

    /// Pixel Spacing, or else Imager Pixel Spacing. Where a projection has both and they are the same, nobody has corrected it for
    /// magnification (PS3.3 10.7.1.3), so it is the detector's.
    private static func spacing(_ groups: FunctionalGroups) -> Spacing? {
        let dataset = groups.dataset
        let detector = Spacing(dataset, .imagerPixelSpacing, .detector)
        let patient = Spacing(groups.item(.pixelMeasuresSequence), .pixelSpacing, .patient) ?? Spacing(dataset, .pixelSpacing, .patient)
        guard let patient, let detector, patient.row == detector.row, patient.column == detector.column else { return patient ?? detector }
        return detector
    }

    private static func view(_ text: String?) -> View? {
        guard let text else { return nil }
        switch text.uppercased() {
        case "PA": return .posteroanterior
        case "AP": return .anteroposterior
        case "LL", "RL", "LATERAL", "LAT": return .lateral
        default: return .other(text)
        }
    }

    /// An Age String (PS3.5 6.2): three digits and D, W, M or Y. What cannot be an age is none.
    static func years(_ age: String?) -> Double? {
        guard let match = age?.trimmingCharacters(in: .whitespaces).wholeMatch(of: #/(\d{1,3})([DWMY])/#), let number = Double(match.1)
        else {
            return nil
        }
        switch match.2 {
        case "D": return number / 365.25
        case "W": return number * 7 / 365.25
        case "M": return number / 12
        // People write 0 and 999 for "not known".
        default: return (1...130).contains(number) ? number : nil
        }
    }

    /// From two dates (PS3.5 6.2, DA: YYYYMMDD).
    static func years(from birth: String?, to study: String?) -> Double? {
        guard let birth = birth.flatMap(day), let study = study.flatMap(day), study >= birth else { return nil }
        let years = study.timeIntervalSince(birth) / (365.25 * 86_400)
        return years <= 130 ? years : nil
    }

    private static func day(_ text: String) -> Date? {
        guard let match = text.wholeMatch(of: #/(\d{4})(\d{2})(\d{2})/#), let year = Int(match.1), let month = Int(match.2),
            let day = Int(match.3),
            year > 1850, (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar.date(from: DateComponents(year: year, month: month, day: day))
    }
}

extension ImageHeader.Spacing {
    /// `nil` where the element is not two numbers above zero.
    fileprivate init?(_ item: DICOMItem?, _ tag: Tag, _ plane: Plane) {
        guard let item, let row = item.number(tag, at: 0), let column = item.number(tag, at: 1), row > 0, column > 0 else { return nil }
        self.init(row: row, column: column, plane: plane)
    }
}
