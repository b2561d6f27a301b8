/// An attribute by its tag; those that queries and answers of DICOMweb speak of also by keyword (PS3.6) and value representation.
public struct DICOMAttribute: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Group and element.
    public let tag: UInt32

    public init(tag: UInt32) { self.tag = tag }

    /// A keyword such as `PatientName`, or eight hexadecimal digits such as `00100010`; `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        if let known = Self.byKeyword[String(text)] {
            self = known
        } else if text.utf8.count == 8, text.allSatisfy(\.isHexDigit), let tag = UInt32(text, radix: 16) {
            self.init(tag: tag)
        } else {
            return nil
        }
    }

    /// Eight digits in upper case, as the DICOM JSON model names it.
    public var description: String {
        let digits = String(tag, radix: 16, uppercase: true)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    public var keyword: String? { Self.table[tag]?.keyword }
    public var representation: String? { Self.table[tag]?.representation }

    public static func < (left: DICOMAttribute, right: DICOMAttribute) -> Bool { left.tag < right.tag }

    private static let byKeyword = Dictionary(
        uniqueKeysWithValues: table.map { ($0.value.keyword, DICOMAttribute(tag: $0.key)) })
    private static let table = Dictionary(
        uniqueKeysWithValues: names.split(whereSeparator: \.isNewline).compactMap {
            line -> (UInt32, (keyword: String, representation: String))? in
            let parts = line.split(separator: " ").map(String.init)
            guard parts.count == 3, let tag = UInt32(parts[0], radix: 16) else { return nil }
            return (tag, (parts[2], parts[1]))
        })

    /// Tag, value representation and keyword (PS3.6).
    private static let names = """
        00080005 CS SpecificCharacterSet
        00080008 CS ImageType
        00080016 UI SOPClassUID
        00080018 UI SOPInstanceUID
        00080020 DA StudyDate
        00080021 DA SeriesDate
        00080022 DA AcquisitionDate
        00080023 DA ContentDate
        00080030 TM StudyTime
        00080031 TM SeriesTime
        00080032 TM AcquisitionTime
        00080033 TM ContentTime
        00080050 SH AccessionNumber
        00080051 SQ IssuerOfAccessionNumberSequence
        00080054 AE RetrieveAETitle
        00080056 CS InstanceAvailability
        00080060 CS Modality
        00080061 CS ModalitiesInStudy
        00080062 UI SOPClassesInStudy
        00080070 LO Manufacturer
        00080080 LO InstitutionName
        00080090 PN ReferringPhysicianName
        00080201 SH TimezoneOffsetFromUTC
        00081010 SH StationName
        00081030 LO StudyDescription
        0008103E LO SeriesDescription
        00081032 SQ ProcedureCodeSequence
        00081060 PN NameOfPhysiciansReadingStudy
        00081070 PN OperatorsName
        00081090 LO ManufacturerModelName
        00081115 SQ ReferencedSeriesSequence
        00081140 SQ ReferencedImageSequence
        00081150 UI ReferencedSOPClassUID
        00081155 UI ReferencedSOPInstanceUID
        00081190 UR RetrieveURL
        00081196 US WarningReason
        00081197 US FailureReason
        00081198 SQ FailedSOPSequence
        00081199 SQ ReferencedSOPSequence
        0008119A SQ OtherFailuresSequence
        00100010 PN PatientName
        00100020 LO PatientID
        00100021 LO IssuerOfPatientID
        00100030 DA PatientBirthDate
        00100040 CS PatientSex
        00101010 AS PatientAge
        00104000 LT PatientComments
        00180015 CS BodyPartExamined
        00181030 LO ProtocolName
        00185100 CS PatientPosition
        00185101 CS ViewPosition
        0020000D UI StudyInstanceUID
        0020000E UI SeriesInstanceUID
        00200010 SH StudyID
        00200011 IS SeriesNumber
        00200013 IS InstanceNumber
        00200020 CS PatientOrientation
        00200060 CS Laterality
        00200062 CS ImageLaterality
        00201206 IS NumberOfStudyRelatedSeries
        00201208 IS NumberOfStudyRelatedInstances
        00201209 IS NumberOfSeriesRelatedInstances
        00280002 US SamplesPerPixel
        00280004 CS PhotometricInterpretation
        00280008 IS NumberOfFrames
        00280010 US Rows
        00280011 US Columns
        00280100 US BitsAllocated
        00280101 US BitsStored
        00321060 LO RequestedProcedureDescription
        00400009 SH ScheduledProcedureStepID
        00400244 DA PerformedProcedureStepStartDate
        00400245 TM PerformedProcedureStepStartTime
        00400275 SQ RequestAttributesSequence
        00401001 SH RequestedProcedureID
        0040A372 SQ PerformedProcedureCodeSequence
        0040A491 CS CompletionFlag
        0040A493 CS VerificationFlag
        0040A496 CS PreliminaryFlag
        00700080 CS ContentLabel
        00700081 LO ContentDescription
        00700082 DA PresentationCreationDate
        7FE00010 OW PixelData
        """

    static let specificCharacterSet = DICOMAttribute(tag: 0x0008_0005)
    public static let sopClassUID = DICOMAttribute(tag: 0x0008_0016)
    public static let sopInstanceUID = DICOMAttribute(tag: 0x0008_0018)
    public static let studyInstanceUID = DICOMAttribute(tag: 0x0020_000D)
    public static let seriesInstanceUID = DICOMAttribute(tag: 0x0020_000E)
    public static let retrieveURL = DICOMAttribute(tag: 0x0008_1190)
    public static let modality = DICOMAttribute(tag: 0x0008_0060)
    public static let modalitiesInStudy = DICOMAttribute(tag: 0x0008_0061)
    public static let patientName = DICOMAttribute(tag: 0x0010_0010)
    public static let patientID = DICOMAttribute(tag: 0x0010_0020)
    public static let pixelData = DICOMAttribute(tag: 0x7FE0_0010)
}
