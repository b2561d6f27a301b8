import Foundation
import Radiographs

/// What a DICOM file says of one frame as a slice of a volume: to whom and to which series it belongs, where it lies in the patient, how
/// its
/// samples become values. Read without decoding a pixel, also from a file whose pixels are damaged.
///
/// Places are millimetres in the patient's frame of PS3.3 C.7.6.2.1.1: x to the patient's left, y to the back, z to the head (LPS).
package struct SliceHeader: Hashable, Sendable {
    package var patientID: String?
    package var studyInstanceUID: String?
    package var seriesInstanceUID: String?
    package var frameOfReferenceUID: String?
    package var sopClassUID: String?
    package var sopInstanceUID: String?
    package var modality: String?
    package var bodyPart: String?
    package var seriesDescription: String?
    /// Values of Image Type, or of the frame's Frame Type.
    package var imageType: [String] = []
    package var instanceNumber: Int?
    package var acquisitionNumber: Int?
    /// Time of the acquisition, or of the frame's, as the file has it.
    package var acquisitionTime: String?
    package var kernel: String?
    /// From 1; of a file with one frame 1.
    package var frame: Int
    package var frameCount: Int
    package var rows: Int?
    package var columns: Int?
    /// Millimetres from row to row, and from column to column.
    package var spacing: SIMD2<Double>?
    /// The centre of the first pixel.
    package var position: SIMD3<Double>?
    /// Unit vectors along a row (to the next column), and along a column (to the next row).
    package var rowDirection: SIMD3<Double>?
    package var columnDirection: SIMD3<Double>?
    /// Slice Thickness in millimetres: not the distance of slices.
    package var thickness: Double?
    package var rescaleSlope: Double?
    package var rescaleIntercept: Double?
    package var rescaleType: String?
    package var hasModalityTable: Bool

    /// - Parameter frame: From 0.
    private init(_ groups: FunctionalGroups, of frameCount: Int) {
        let dataset = groups.dataset
        patientID = dataset.text(.patientID)
        studyInstanceUID = dataset.text(.studyInstanceUID)
        seriesInstanceUID = dataset.text(.seriesInstanceUID)
        frameOfReferenceUID = dataset.text(.frameOfReferenceUID)
        sopClassUID = dataset.text(.sopClassUID)
        sopInstanceUID = dataset.text(.sopInstanceUID)
        modality = dataset.text(.modality)
        bodyPart = dataset.text(.bodyPartExamined)
        seriesDescription = dataset.text(.seriesDescription)
        instanceNumber = dataset.integer(.instanceNumber)
        frame = groups.frame + 1
        self.frameCount = frameCount
        (rows, columns) = (dataset.integer(.rows), dataset.integer(.columns))

        let content = groups.item(.frameContentSequence)
        acquisitionNumber = content?.integer(.frameAcquisitionNumber) ?? dataset.integer(.acquisitionNumber)
        acquisitionTime = content?.text(.frameAcquisitionDateTime) ?? dataset.text(.acquisitionTime) ?? dataset.text(.acquisitionDateTime)
        let type = groups.item(.ctImageFrameTypeSequence)
        imageType = Self.values(type, .frameType) ?? Self.values(dataset, .imageType) ?? []
        kernel = (groups.item(.ctReconstructionSequence) ?? dataset).text(.convolutionKernel)

        let measures = groups.item(.pixelMeasuresSequence) ?? dataset
        spacing = Self.numbers(measures, .pixelSpacing, 2).map { SIMD2($0[0], $0[1]) }
        thickness = measures.number(.sliceThickness)
        position = Self.numbers(groups.item(.planePositionSequence) ?? dataset, .imagePositionPatient, 3).map { SIMD3($0[0], $0[1], $0[2]) }
        if let cosines = Self.numbers(groups.item(.planeOrientationSequence) ?? dataset, .imageOrientationPatient, 6) {
            rowDirection = SIMD3(cosines[0], cosines[1], cosines[2])
            columnDirection = SIMD3(cosines[3], cosines[4], cosines[5])
        }
        let transformation = groups.item(.pixelValueTransformationSequence) ?? dataset
        rescaleSlope = transformation.number(.rescaleSlope)
        rescaleIntercept = transformation.number(.rescaleIntercept)
        rescaleType = transformation.text(.rescaleType)
        hasModalityTable = dataset.hasValue(.modalityLUTSequence)
    }

    /// The slices of a file, one a frame; none where the file holds no image.
    /// - Parameter maximumFrames: A file that claims more is refused.
    /// - Throws: `RadiographError`: no DICOM, or too many frames.
    package static func slices(of bytes: Data, maximumFrames: Int) throws -> [SliceHeader] {
        let file = try DICOMFile(bytes)
        let dataset = file.dataset
        guard dataset.has(.rows) || dataset.has(.pixelData) else {
            if let error = file.parsingError { throw error }
            return []
        }
        let count = max(1, dataset.integer(.numberOfFrames) ?? 1)
        guard count <= maximumFrames else {
            throw RadiographError(.tooLarge, "\(count) frames, the limit is \(maximumFrames)", at: .numberOfFrames)
        }
        return (0..<count).map { SliceHeader(FunctionalGroups(dataset: dataset, frame: $0), of: count) }
    }

    private static func values(_ item: DICOMItem?, _ tag: Tag) -> [String]? {
        guard let item, item.has(tag) else { return nil }
        var values: [String] = []
        // Image Type has four values, rarely more.
        while values.count < 16, let text = item.text(tag, at: values.count) { values.append(text.uppercased()) }
        return values.isEmpty ? nil : values
    }

    private static func numbers(_ item: DICOMItem, _ tag: Tag, _ count: Int) -> [Double]? {
        let numbers = (0..<count).compactMap { item.number(tag, at: $0) }
        return numbers.count == count ? numbers : nil
    }
}
