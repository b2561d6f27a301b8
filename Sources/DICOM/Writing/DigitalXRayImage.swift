import Basics
import Foundation
import Radiographs

/// A drawn radiograph of the chest as a DICOM object: Digital X-Ray Image Storage - For Presentation (PS3.3, A.26).
///
/// It says of itself that no person was imaged: Synthetic Data and Quality Control Subject are YES.
public struct DigitalXRayImage: Sendable {
    /// Dense is white.
    public var pixels: PixelImage
    /// Patient ID: at most 64 ASCII characters without a backslash. The name is Pleura^Phantom whoever it is.
    public var patient: String
    public var studyInstanceUID: String
    public var seriesInstanceUID: String
    public var sopInstanceUID: String
    public var instanceNumber: Int
    /// DICOM's View Position: `PA` or `AP`.
    public var view: String
    /// Millimetres from pixel to pixel at the detector.
    public var pixelSpacing: Double

    /// - Parameter source: What the object is made from, such as generator, seed and index: the three UIDs are made from it and from the
    ///   pixels, so that the same picture has the same UIDs wherever it is drawn.
    public init(pixels: PixelImage, patient: String, view: String, pixelSpacing: Double, instanceNumber: Int = 1, source: String) {
        self.pixels = pixels
        self.patient = patient
        self.view = view
        self.pixelSpacing = pixelSpacing
        self.instanceNumber = instanceNumber
        let digest = pixels.samples.withUnsafeBytes { Digest(of: Data($0)) }.hexadecimal
        studyInstanceUID = UniqueIdentifier.derived(from: "\(source)|\(digest)|study")
        seriesInstanceUID = UniqueIdentifier.derived(from: "\(source)|\(digest)|series")
        sopInstanceUID = UniqueIdentifier.derived(from: "\(source)|\(digest)|instance")
    }

    /// The file.
    /// - Throws: `RadiographError` of code `cannotWrite`.
    public func encoded() throws -> Data {
        let writer = try DICOMWriter()
        let dataset = writer.dataset
        describePatient(dataset)
        describeSeries(dataset)
        describeExposure(dataset)
        describePixels(dataset)
        writer.setPixels(pixels.samples)
        return try writer.file()
    }

    /// SOP Common, Patient and General Study modules.
    private func describePatient(_ dataset: DICOMWriter.Item) {
        dataset.set(.sopClassUID, "1.2.840.10008.5.1.4.1.1.1.1")
        dataset.set(.sopInstanceUID, sopInstanceUID)
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
    }

    /// General Series, DX Series and General Equipment modules.
    private func describeSeries(_ dataset: DICOMWriter.Item) {
        dataset.set(.modality, "DX")
        dataset.set(.seriesInstanceUID, seriesInstanceUID)
        dataset.set(.seriesNumber, 1)
        dataset.set(.presentationIntentType, "FOR PRESENTATION")
        dataset.set(.manufacturer, "Pleura")
        dataset.set(.instanceNumber, instanceNumber)
    }

    /// DX Anatomy Imaged, DX Positioning, DX Detector and Acquisition Context modules.
    private func describeExposure(_ dataset: DICOMWriter.Item) {
        dataset.set(.bodyPartExamined, "CHEST")
        dataset.set(.imageLaterality, "U")
        dataset.setCode(.anatomicRegionSequence, "51185008", scheme: "SCT", meaning: "Chest")
        dataset.set(.viewPosition, view)
        // Context group 4010, DX View.
        if view == "AP" {
            dataset.setCode(.viewCodeSequence, "399348003", scheme: "SCT", meaning: "antero-posterior")
        } else {
            dataset.setCode(.viewCodeSequence, "272479007", scheme: "SCT", meaning: "postero-anterior")
        }
        // The picture's right is the patient's left, its foot the patient's.
        dataset.set(.patientOrientation, "L\\F")
        dataset.set(.positionerType, nil)
        dataset.set(.detectorType, nil)
        let spacing = Self.decimal(pixelSpacing)
        dataset.set(.imagerPixelSpacing, "\(spacing)\\\(spacing)")
        dataset.set(.pixelSpacing, "\(spacing)\\\(spacing)")
        dataset.set(.pixelSpacingCalibrationType, "GEOMETRY")
        dataset.set(.pixelSpacingCalibrationDescription, "at the detector, without magnification")
        dataset.setEmptySequence(.acquisitionContextSequence)
    }

    /// DX Image, Image Pixel and VOI LUT modules.
    private func describePixels(_ dataset: DICOMWriter.Item) {
        dataset.set(.imageType, "DERIVED\\PRIMARY")
        dataset.set(.derivationDescription, "Drawn by a program; no person was imaged")
        dataset.set(.samplesPerPixel, 1)
        dataset.set(.photometricInterpretation, "MONOCHROME2")
        dataset.set(.rows, pixels.height)
        dataset.set(.columns, pixels.width)
        dataset.set(.bitsAllocated, 16)
        dataset.set(.bitsStored, pixels.bits)
        dataset.set(.highBit, pixels.bits - 1)
        dataset.set(.pixelRepresentation, 0)
        // High values are little radiation.
        dataset.set(.pixelIntensityRelationship, "LOG")
        dataset.set(.pixelIntensityRelationshipSign, -1)
        dataset.set(.rescaleIntercept, 0)
        dataset.set(.rescaleSlope, 1)
        dataset.set(.rescaleType, "US")
        dataset.set(.presentationLUTShape, "IDENTITY")
        dataset.set(.lossyImageCompression, "00")
        dataset.set(.burnedInAnnotation, "NO")
        // The window that leaves every value as it is (PS3.3, C.11.2.1.2).
        dataset.set(.windowCenter, (pixels.maximum + 1) / 2)
        dataset.set(.windowWidth, pixels.maximum + 1)
    }

    /// At most 16 characters, as DS demands.
    private static func decimal(_ value: Double) -> String { String(format: "%.6f", max(0.000_001, min(9_999, value))) }
}
