import Basics
import Foundation
import Radiographs

/// A drawn CT series as DICOM objects: CT Image Storage, a file a slice, or Enhanced CT Image Storage, one file (PS3.3, A.3 and A.38).
///
/// Each says of itself that no person was imaged: Synthetic Data and Quality Control Subject are YES.
public struct ComputedTomographySeries: Sendable {
    /// One slice.
    public struct Slice: Sendable {
        /// Centre of the first pixel, millimetres LPS.
        public var position: SIMD3<Double>
        /// Hounsfield units, [rows * columns], row-major.
        public var values: [Int16]
        public var instanceNumber: Int

        public init(position: SIMD3<Double>, values: [Int16], instanceNumber: Int) {
            (self.position, self.values, self.instanceNumber) = (position, values, instanceNumber)
        }
    }

    public var columns: Int
    public var rows: Int
    /// Millimetres from row to row, and from column to column.
    public var spacing: SIMD2<Double>
    /// Unit vectors along a row and along a column, LPS.
    public var rowDirection = SIMD3<Double>(1, 0, 0)
    public var columnDirection = SIMD3<Double>(0, 1, 0)
    /// Millimetres.
    public var thickness: Double
    /// Patient ID: at most 64 ASCII characters without a backslash. The name is Pleura^Phantom whoever it is.
    public var patient: String
    public var kernel = "STANDARD"
    public var acquisitionNumber = 1
    public var seriesNumber = 1
    /// Gantry/Detector Tilt in degrees.
    public var tilt = 0.0
    public var imageType = ["DERIVED", "PRIMARY", "AXIAL"]
    public var bodyPart = "CHEST"
    /// Rescale Type.
    public var units = "HU"
    /// Rescale Intercept; samples are values less this, unsigned.
    public var intercept = -1024
    /// Text from which all UIDs are made.
    public let source: String
    public var studyInstanceUID: String
    public var seriesInstanceUID: String
    public var frameOfReferenceUID: String

    /// - Parameter source: What the series is made from, such as generator, seed and index. The same text has the same UIDs.
    public init(columns: Int, rows: Int, spacing: SIMD2<Double>, thickness: Double, patient: String, source: String) {
        (self.columns, self.rows, self.spacing, self.thickness) = (columns, rows, spacing, thickness)
        (self.patient, self.source) = (patient, source)
        studyInstanceUID = UniqueIdentifier.derived(from: "\(source)|study")
        seriesInstanceUID = UniqueIdentifier.derived(from: "\(source)|series")
        frameOfReferenceUID = UniqueIdentifier.derived(from: "\(source)|frame of reference")
    }

    /// The UID of a slice's file.
    public func sopInstanceUID(_ slice: Slice) -> String {
        let place = "\(slice.position.x) \(slice.position.y) \(slice.position.z)"
        return UniqueIdentifier.derived(from: "\(source)|\(seriesInstanceUID)|\(acquisitionNumber)|\(slice.instanceNumber)|\(place)")
    }

    /// The file of one slice.
    /// - Throws: `RadiographError` of code `cannotWrite`.
    public func file(of slice: Slice) throws -> Data {
        let writer = try DICOMWriter()
        let dataset = writer.dataset
        describe(dataset, sopClass: "1.2.840.10008.5.1.4.1.1.2", instance: sopInstanceUID(slice))
        dataset.set(.imageType, imageType.joined(separator: "\\"))
        dataset.set(.instanceNumber, slice.instanceNumber)
        dataset.set(.acquisitionNumber, acquisitionNumber)
        dataset.set(.sliceThickness, Self.decimal(thickness))
        dataset.set(.kvp, "120")
        dataset.set(.gantryDetectorTilt, Self.decimal(tilt))
        dataset.set(.convolutionKernel, kernel)
        dataset.set(.pixelSpacing, Self.decimals([spacing.x, spacing.y]))
        dataset.set(.imagePositionPatient, Self.decimals(slice.position))
        dataset.set(.imageOrientationPatient, orientation)
        dataset.set(.rescaleIntercept, intercept)
        dataset.set(.rescaleSlope, 1)
        dataset.set(.rescaleType, units)
        writer.setPixels(samples(slice.values))
        return try writer.file()
    }

    /// All slices as the frames of one file, in their order.
    /// - Throws: `RadiographError` of code `cannotWrite`.
    public func enhancedFile(of slices: [Slice]) throws -> Data {
        let writer = try DICOMWriter()
        let dataset = writer.dataset
        let instance = UniqueIdentifier.derived(from: "\(source)|\(seriesInstanceUID)|enhanced")
        describe(dataset, sopClass: "1.2.840.10008.5.1.4.1.1.2.1", instance: instance)
        dataset.set(.imageType, (imageType.prefix(2) + ["VOLUME", "NONE"]).joined(separator: "\\"))
        dataset.set(.instanceNumber, 1)
        dataset.set(.numberOfFrames, slices.count)
        let shared = dataset.append(.sharedFunctionalGroupsSequence)
        let measures = shared.append(.pixelMeasuresSequence)
        measures.set(.sliceThickness, Self.decimal(thickness))
        measures.set(.pixelSpacing, Self.decimals([spacing.x, spacing.y]))
        shared.append(.planeOrientationSequence).set(.imageOrientationPatient, orientation)
        shared.append(.ctReconstructionSequence).set(.convolutionKernel, kernel)
        let transformation = shared.append(.pixelValueTransformationSequence)
        transformation.set(.rescaleIntercept, intercept)
        transformation.set(.rescaleSlope, 1)
        transformation.set(.rescaleType, units)
        for slice in slices {
            let frame = dataset.append(.perFrameFunctionalGroupsSequence)
            frame.append(.frameContentSequence).set(.frameAcquisitionNumber, acquisitionNumber)
            frame.append(.planePositionSequence).set(.imagePositionPatient, Self.decimals(slice.position))
            frame.append(.ctImageFrameTypeSequence).set(.frameType, imageType.joined(separator: "\\"))
        }
        writer.setPixels(slices.flatMap { samples($0.values) })
        return try writer.file()
    }

    /// What both kinds of object say: SOP Common, Patient, Study, Series, Frame of Reference, Equipment, Image Pixel.
    private func describe(_ dataset: DICOMWriter.Item, sopClass: String, instance: String) {
        dataset.set(.sopClassUID, sopClass)
        dataset.set(.sopInstanceUID, instance)
        dataset.set(.syntheticData, "YES")
        dataset.set(.patientName, "Pleura^Phantom")
        dataset.set(.patientID, patient)
        dataset.set(.patientBirthDate, nil)
        dataset.set(.patientSex, nil)
        dataset.set(.qualityControlSubject, "YES")
        dataset.set(.studyInstanceUID, studyInstanceUID)
        dataset.set(.studyDate, nil)
        dataset.set(.studyTime, nil)
        dataset.set(.accessionNumber, nil)
        dataset.set(.referringPhysicianName, nil)
        dataset.set(.studyID, nil)
        dataset.set(.modality, "CT")
        dataset.set(.seriesInstanceUID, seriesInstanceUID)
        dataset.set(.seriesNumber, seriesNumber)
        dataset.set(.patientPosition, "HFS")
        dataset.set(.bodyPartExamined, bodyPart)
        dataset.set(.frameOfReferenceUID, frameOfReferenceUID)
        dataset.set(.positionReferenceIndicator, nil)
        dataset.set(.manufacturer, "Pleura")
        dataset.set(.derivationDescription, "Drawn by a program; no person was imaged")
        dataset.set(.samplesPerPixel, 1)
        dataset.set(.photometricInterpretation, "MONOCHROME2")
        dataset.set(.rows, rows)
        dataset.set(.columns, columns)
        dataset.set(.bitsAllocated, 16)
        dataset.set(.bitsStored, 16)
        dataset.set(.highBit, 15)
        dataset.set(.pixelRepresentation, 0)
        dataset.set(.windowCenter, -600)
        dataset.set(.windowWidth, 1500)
        dataset.set(.lossyImageCompression, "00")
        dataset.set(.burnedInAnnotation, "NO")
    }

    private func samples(_ values: [Int16]) -> [UInt16] { values.map { UInt16(clamping: Int($0) - intercept) } }

    private var orientation: String {
        Self.decimals([
            rowDirection.x, rowDirection.y, rowDirection.z, columnDirection.x, columnDirection.y, columnDirection.z,
        ])
    }

    private static func decimals(_ point: SIMD3<Double>) -> String { decimals([point.x, point.y, point.z]) }
    private static func decimals(_ values: [Double]) -> String { values.map(decimal).joined(separator: "\\") }

    /// At most 16 characters, as DS demands.
    private static func decimal(_ value: Double) -> String {
        let text = String(format: "%.9f", value)
        return text.utf8.count <= 16 ? text : String(format: "%.6f", value)
    }
}
