/// A data element tag (PS3.5 section 7.1), named as in the data dictionary (PS3.6).
struct Tag: Hashable, CustomStringConvertible {
    let group: UInt16
    let element: UInt16

    init(_ group: UInt16, _ element: UInt16) {
        self.group = group
        self.element = element
    }

    /// As the standard writes it: (0028,0010).
    var description: String {
        let digits = { (number: UInt16) in
            String(repeating: "0", count: max(0, 4 - String(number, radix: 16).count)) + String(number, radix: 16).uppercased()
        }
        return "(\(digits(group)),\(digits(element)))"
    }

    static let transferSyntaxUID = Tag(0x0002, 0x0010)

    // SOP Common, General Study, General Series, what was imaged and how.
    static let sopClassUID = Tag(0x0008, 0x0016)
    static let sopInstanceUID = Tag(0x0008, 0x0018)
    static let modality = Tag(0x0008, 0x0060)
    static let patientID = Tag(0x0010, 0x0020)
    static let bodyPartExamined = Tag(0x0018, 0x0015)
    static let imagerPixelSpacing = Tag(0x0018, 0x1164)
    static let viewPosition = Tag(0x0018, 0x5101)
    static let studyInstanceUID = Tag(0x0020, 0x000D)
    static let seriesInstanceUID = Tag(0x0020, 0x000E)
    static let patientOrientation = Tag(0x0020, 0x0020)
    static let laterality = Tag(0x0020, 0x0060)
    static let imageLaterality = Tag(0x0020, 0x0062)
    static let anatomicRegionSequence = Tag(0x0008, 0x2218)
    static let viewCodeSequence = Tag(0x0054, 0x0220)

    // Code Sequence macro (PS3.3 section 8.8).
    static let codeValue = Tag(0x0008, 0x0100)

    static let codeMeaning = Tag(0x0008, 0x0104)

    // Image Pixel module (PS3.3 C.7.6.3).
    static let samplesPerPixel = Tag(0x0028, 0x0002)
    static let photometricInterpretation = Tag(0x0028, 0x0004)
    static let planarConfiguration = Tag(0x0028, 0x0006)
    static let numberOfFrames = Tag(0x0028, 0x0008)
    static let rows = Tag(0x0028, 0x0010)
    static let columns = Tag(0x0028, 0x0011)
    static let pixelSpacing = Tag(0x0028, 0x0030)
    static let bitsAllocated = Tag(0x0028, 0x0100)
    static let bitsStored = Tag(0x0028, 0x0101)
    static let highBit = Tag(0x0028, 0x0102)
    static let pixelRepresentation = Tag(0x0028, 0x0103)
    static let pixelPaddingValue = Tag(0x0028, 0x0120)
    static let pixelPaddingRangeLimit = Tag(0x0028, 0x0121)
    static let floatPixelData = Tag(0x7FE0, 0x0008)
    static let doubleFloatPixelData = Tag(0x7FE0, 0x0009)
    static let pixelData = Tag(0x7FE0, 0x0010)

    // Modality LUT (C.11.1) and VOI LUT (C.11.2).
    static let windowCenter = Tag(0x0028, 0x1050)
    static let windowWidth = Tag(0x0028, 0x1051)
    static let rescaleIntercept = Tag(0x0028, 0x1052)
    static let rescaleSlope = Tag(0x0028, 0x1053)
    static let voiLUTFunction = Tag(0x0028, 0x1056)
    static let modalityLUTSequence = Tag(0x0028, 0x3000)
    static let lutDescriptor = Tag(0x0028, 0x3002)
    static let lutData = Tag(0x0028, 0x3006)
    static let voiLUTSequence = Tag(0x0028, 0x3010)
    static let presentationLUTSequence = Tag(0x2050, 0x0010)

    // Multi-frame functional groups (C.7.6.16).
    static let frameAnatomySequence = Tag(0x0020, 0x9071)
    static let frameLaterality = Tag(0x0020, 0x9072)
    static let frameContentSequence = Tag(0x0020, 0x9111)
    static let planePositionSequence = Tag(0x0020, 0x9113)
    static let planeOrientationSequence = Tag(0x0020, 0x9116)
    static let pixelMeasuresSequence = Tag(0x0028, 0x9110)
    static let frameVOILUTSequence = Tag(0x0028, 0x9132)
    static let pixelValueTransformationSequence = Tag(0x0028, 0x9145)
    static let sharedFunctionalGroupsSequence = Tag(0x5200, 0x9229)
    static let perFrameFunctionalGroupsSequence = Tag(0x5200, 0x9230)
}
