/// What else than the Basic Application Level Confidentiality Profile is asked for (PS3.15 E.3).
///
/// Retain Safe Private is none of them: private elements are always removed. Clean Pixel Data and Clean Recognizable Visual Features are
/// none
/// either: pixels stay as they are, and what they may show is told as a warning.
public struct DeidentificationOptions: Hashable, Sendable {
    /// What becomes of dates and times (PS3.15 E.3.6).
    public enum Dates: String, Hashable, Sendable, CaseIterable {
        /// Removed, emptied or replaced by 1 January 1900: the basic profile.
        case removed
        /// Kept as they are.
        case full
        /// All of a patient moved by the same number of days, 1 to 10 years back; times of day stay.
        case modified
    }
    /// What is done where pixels may show text of the patient.
    public enum BurntInText: String, Hashable, Sendable, CaseIterable { case warn, refuse }

    public var dates: Dates
    public var retainsUIDs: Bool
    public var retainsDeviceIdentity: Bool
    public var retainsInstitutionIdentity: Bool
    /// Sex, age, size, weight and their like.
    public var retainsPatientCharacteristics: Bool
    /// Descriptions stay where every word is one of radiography's own; all others go.
    public var cleansDescriptors: Bool
    /// Structured reports keep codes, numbers, coordinates and references; text goes. Otherwise all of their content goes.
    public var cleansStructuredContent: Bool
    public var burntInText: BurntInText

    public init(
        dates: Dates = .removed, retainsUIDs: Bool = false, retainsDeviceIdentity: Bool = false, retainsInstitutionIdentity: Bool = false,
        retainsPatientCharacteristics: Bool = false, cleansDescriptors: Bool = false, cleansStructuredContent: Bool = false,
        burntInText: BurntInText = .warn
    ) {
        (self.dates, self.retainsUIDs, self.retainsDeviceIdentity) = (dates, retainsUIDs, retainsDeviceIdentity)
        (self.retainsInstitutionIdentity, self.retainsPatientCharacteristics) = (retainsInstitutionIdentity, retainsPatientCharacteristics)
        (self.cleansDescriptors, self.cleansStructuredContent) = (cleansDescriptors, cleansStructuredContent)
        self.burntInText = burntInText
    }

    /// What was done, as De-identification Method Code Sequence names it (context group 7050 of PS3.16).
    public var methodCodes: [(value: String, meaning: String)] {
        var codes = [("113100", "Basic Application Confidentiality Profile")]
        if cleansStructuredContent { codes.append(("113104", "Clean Structured Content Option")) }
        if cleansDescriptors { codes.append(("113105", "Clean Descriptors Option")) }
        switch dates {
        case .removed: break
        case .full: codes.append(("113106", "Retain Longitudinal Temporal Information Full Dates Option"))
        case .modified: codes.append(("113107", "Retain Longitudinal Temporal Information Modified Dates Option"))
        }
        if retainsPatientCharacteristics { codes.append(("113108", "Retain Patient Characteristics Option")) }
        if retainsDeviceIdentity { codes.append(("113109", "Retain Device Identity Option")) }
        if retainsUIDs { codes.append(("113110", "Retain UIDs Option")) }
        if retainsInstitutionIdentity { codes.append(("113112", "Retain Institution Identity Option")) }
        return codes.map { (value: $0.0, meaning: $0.1) }
    }

    /// Longitudinal Temporal Information Modified (0028,0303).
    var temporalInformation: String {
        switch dates {
        case .removed: "REMOVED"
        case .full: "UNMODIFIED"
        case .modified: "MODIFIED"
        }
    }
}
