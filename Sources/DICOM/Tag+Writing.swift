/// Elements that are only written.
extension Tag {
    // SOP Common, Patient, General Study, General Series, General Equipment.
    static let imageType = Tag(0x0008, 0x0008)
    static let syntheticData = Tag(0x0008, 0x001C)
    static let studyDate = Tag(0x0008, 0x0020)
    static let studyTime = Tag(0x0008, 0x0030)
    static let accessionNumber = Tag(0x0008, 0x0050)
    static let presentationIntentType = Tag(0x0008, 0x0068)
    static let manufacturer = Tag(0x0008, 0x0070)
    static let referringPhysicianName = Tag(0x0008, 0x0090)
    static let derivationDescription = Tag(0x0008, 0x2111)
    static let patientName = Tag(0x0010, 0x0010)
    static let patientBirthDate = Tag(0x0010, 0x0030)
    static let patientSex = Tag(0x0010, 0x0040)
    static let qualityControlSubject = Tag(0x0010, 0x0200)
    static let studyID = Tag(0x0020, 0x0010)
    static let seriesNumber = Tag(0x0020, 0x0011)
    static let instanceNumber = Tag(0x0020, 0x0013)

    // Digital X-ray: anatomy, positioning, detector, context.
    static let positionerType = Tag(0x0018, 0x1508)
    static let detectorType = Tag(0x0018, 0x7004)
    static let pixelSpacingCalibrationType = Tag(0x0028, 0x0A02)
    static let pixelSpacingCalibrationDescription = Tag(0x0028, 0x0A04)
    static let acquisitionContextSequence = Tag(0x0040, 0x0555)

    // Digital X-ray image.
    static let burnedInAnnotation = Tag(0x0028, 0x0301)
    static let pixelIntensityRelationship = Tag(0x0028, 0x1040)
    static let pixelIntensityRelationshipSign = Tag(0x0028, 0x1041)
    static let rescaleType = Tag(0x0028, 0x1054)
    static let lossyImageCompression = Tag(0x0028, 0x2110)
    static let presentationLUTShape = Tag(0x2050, 0x0020)
}
