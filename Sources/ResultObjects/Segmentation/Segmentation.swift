import Basics
import DICOM
import Foundation
import Results
import Terminology

/// Masks of one image as a Segmentation (PS3.3 A.51), binary, a frame a segment.
struct Segmentation {
    private let content: ResultContent
    private let image: SourceImage

    /// `nil` where the image has no masks.
    init?(_ content: ResultContent, image: SourceImage) throws {
        guard !image.masks.isEmpty else { return nil }
        (self.content, self.image) = (content, image)
    }

    func object() throws -> ResultObject {
        var digest = Digest.Builder()
        for mask in image.masks {
            digest.update(Data(mask.label.utf8))
            digest.update(mask.pixels)
        }
        let digestText = digest.digest.hexadecimal
        let draft = try ObjectDraft(
            .segmentation, sopClassUID: "1.2.840.10008.5.1.4.1.1.66.4", content: content, image: image, title: "AI segmentation",
            detail: digestText)
        let dataset = draft.dataset
        draft.contentTime()
        if let part = image.bodyPart { dataset.set(.bodyPartExamined, part) }
        dataset.set(.patientOrientation, image.orientation)
        dataset.set(.imageType, "DERIVED\\PRIMARY")
        dataset.set(.segmentationType, "BINARY")
        dataset.set(.contentLabel, "AI_SEGMENTATION")
        dataset.set(.contentDescription, content.line(StudyResult.notice))
        dataset.set(.contentCreatorName, ConformantText.personName(ofAccount: content.algorithmName))
        dataset.set(.lossyImageCompression, "00")
        dataset.set(.burnedInAnnotation, "NO")
        describePixels(dataset)
        describeSegments(dataset)
        describeReferences(dataset)
        describeFrames(dataset, organization: UniqueIdentifier.derived(from: "pleura dimensions|\(draft.sopInstanceUID)"))
        dataset.set(.pixelData, data: Self.bits(of: image.masks), as: .ob)
        return try draft.object()
    }

    private func describePixels(_ dataset: DICOMWriter.Item) {
        dataset.set(.samplesPerPixel, 1)
        dataset.set(.photometricInterpretation, "MONOCHROME2")
        dataset.set(.numberOfFrames, image.masks.count)
        dataset.set(.rows, image.rows)
        dataset.set(.columns, image.columns)
        dataset.set(.bitsAllocated, 1)
        dataset.set(.bitsStored, 1)
        dataset.set(.highBit, 0)
        dataset.set(.pixelRepresentation, 0)
    }

    private func describeSegments(_ dataset: DICOMWriter.Item) {
        for (index, mask) in image.masks.enumerated() {
            let code = content.terminology.finding(mask.label).preferred
            let segment = dataset.append(.segmentSequence)
            segment.code(.segmentedPropertyCategoryCodeSequence, .abnormalStructure)
            segment.set(.segmentNumber, index + 1)
            segment.set(.segmentLabel, content.line(mask.label))
            segment.set(.segmentAlgorithmType, "AUTOMATIC")
            segment.set(.segmentAlgorithmName, content.line("\(content.algorithmName) \(content.algorithmVersion)"))
            segment.code(.segmentedPropertyTypeCodeSequence, Code(code.value, code.scheme, content.own(code.meaning)))
            segment.set(.recommendedDisplayCIELabValue, "63500\\27350\\54700")
        }
    }

    /// Common Instance Reference module.
    private func describeReferences(_ dataset: DICOMWriter.Item) {
        let series = dataset.append(.referencedSeriesSequence)
        series.set(.seriesInstanceUID, image.seriesInstanceUID)
        let instance = series.append(.referencedInstanceSequence)
        instance.set(.referencedSOPClassUID, image.sopClassUID ?? SourceImage.secondaryCapture)
        instance.set(.referencedSOPInstanceUID, image.sopInstanceUID)
    }

    /// Multi-frame Functional Groups and Multi-frame Dimension modules: frames are ordered by segment.
    private func describeFrames(_ dataset: DICOMWriter.Item, organization: String) {
        dataset.append(.dimensionOrganizationSequence).set(.dimensionOrganizationUID, organization)
        let index = dataset.append(.dimensionIndexSequence)
        index.set(.dimensionOrganizationUID, organization)
        index.set(.dimensionIndexPointer, "(0062,000b)")
        index.set(.functionalGroupPointer, "(0062,000a)")
        index.set(.dimensionDescriptionLabel, "Segment Number")
        // Nothing that all frames share: radiographs lie in no space, and Pixel Measures wants a slice's thickness.
        _ = dataset.append(.sharedFunctionalGroupsSequence)
        for number in 1...image.masks.count {
            let frame = dataset.append(.perFrameFunctionalGroupsSequence)
            let derivation = frame.append(.derivationImageSequence)
            derivation.code(.derivationCodeSequence, .segmentation)
            let source = derivation.append(.sourceImageSequence)
            image.reference(source)
            source.code(.purposeOfReferenceCodeSequence, .sourceImage)
            source.set(.spatialLocationsPreserved, "YES")
            frame.append(.frameContentSequence).set(.dimensionIndexValues, number)
            frame.append(.segmentIdentificationSequence).set(.referencedSegmentNumber, number)
        }
    }

    /// One bit a pixel, the first in the lowest place, one frame after the other without a gap (PS3.5 8.1.1, annex D).
    private static func bits(of masks: [ResultMask]) -> [UInt8] {
        let count = masks.reduce(0) { $0 + $1.pixels.count }
        var bytes = [UInt8](repeating: 0, count: (count + 15) / 16 * 2)
        var place = 0
        for mask in masks {
            for pixel in mask.pixels {
                if pixel != 0 { bytes[place >> 3] |= 1 << UInt8(place & 7) }
                place += 1
            }
        }
        return bytes
    }
}
