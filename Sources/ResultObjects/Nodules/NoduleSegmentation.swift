import Basics
import DICOM
import Foundation
import Results
import Terminology

/// Outlines of nodules on the slices of their series, binary: a segment a nodule, a frame a slice of it.
struct NoduleSegmentation {
    private let content: ResultContent
    private let nodules: [ResultNodule]
    private let frames: [Frame]
    /// Where the slices lie, in their order along the series.
    private let places: [[Double]]

    private struct Frame {
        /// From 1.
        var segment: Int
        var image: SourceImage
        /// The centre of the first pixel, millimetres LPS.
        var position: [Double]
        var pixels: [UInt8]
    }

    /// - Throws: `ResultObjectError` where a slice has no place, or slices of one series lie differently.
    init(_ content: ResultContent, _ nodules: [ResultNodule]) throws {
        (self.content, self.nodules) = (content, nodules)
        let images = Dictionary(content.images.map { (Self.key($0.sopInstanceUID, $0.frame), $0) }) { first, _ in first }
        var frames: [Frame] = []
        for (index, nodule) in nodules.enumerated() {
            for outline in nodule.outlines {
                guard let image = images[Self.key(outline.image, outline.frame)] else {
                    throw ResultObjectError(.badResult, "an outline is on a slice that is not among the images")
                }
                guard outline.pixels.count == image.rows * image.columns else {
                    throw ResultObjectError(.badResult, "an outline has another size than its slice")
                }
                let position = try Self.numbers(image, .planePositionSequence, .imagePositionPatient, 3)
                frames.append(Frame(segment: index + 1, image: image, position: position, pixels: outline.pixels))
            }
        }
        guard let first = frames.first else { throw ResultObjectError(.badResult, "the nodules have no outlines") }
        guard frames.allSatisfy({ $0.image.rows == first.image.rows && $0.image.columns == first.image.columns }) else {
            throw ResultObjectError(.badSource, "the slices differ in size")
        }
        let cosines = try Self.numbers(first.image, .planeOrientationSequence, .imageOrientationPatient, 6)
        let normal = [
            cosines[1] * cosines[5] - cosines[2] * cosines[4], cosines[2] * cosines[3] - cosines[0] * cosines[5],
            cosines[0] * cosines[4] - cosines[1] * cosines[3],
        ]
        func height(_ position: [Double]) -> Double { zip(position, normal).reduce(0) { $0 + $1.0 * $1.1 } }
        self.frames = frames.sorted { ($0.segment, height($0.position)) < ($1.segment, height($1.position)) }
        places = Set(frames.map(\.position)).sorted { height($0) < height($1) }
    }

    private static func key(_ uid: String, _ frame: Int?) -> String { "\(uid)|\(frame ?? 1)" }

    private static func numbers(_ image: SourceImage, _ macro: Tag, _ tag: Tag, _ count: Int) throws -> [Double] {
        let item = image.group(macro)
        let numbers = (0..<count).compactMap { item?.number(tag, at: $0) }
        guard numbers.count == count else { throw ResultObjectError(.badSource, "slice \(image.number) does not say where it lies") }
        return numbers
    }

    private static func text(_ numbers: [Double]) -> String { numbers.map(ConformantText.decimal).joined(separator: "\\") }

    func object() throws -> ResultObject {
        let image = frames[0].image
        var digest = Digest.Builder()
        for frame in frames {
            digest.update(Data("\(frame.segment)|\(frame.image.sopInstanceUID)|\(frame.image.frame ?? 0)".utf8))
            digest.update(frame.pixels)
        }
        for nodule in nodules { digest.update(Data(nodule.id.utf8)) }
        let draft = try ObjectDraft(
            .segmentation, sopClassUID: "1.2.840.10008.5.1.4.1.1.66.4", content: content, image: nil, title: "AI nodules",
            detail: digest.digest.hexadecimal)
        let dataset = draft.dataset
        draft.contentTime()
        if let part = image.bodyPart { dataset.set(.bodyPartExamined, part) }
        guard let frameOfReference = image.dataset?.text(.frameOfReferenceUID) else {
            throw ResultObjectError(.badSource, "the series has no frame of reference")
        }
        dataset.set(.frameOfReferenceUID, frameOfReference)
        dataset.set(.positionReferenceIndicator, nil)
        dataset.set(.imageType, "DERIVED\\PRIMARY")
        dataset.set(.segmentationType, "BINARY")
        dataset.set(.contentLabel, "AI_NODULES")
        dataset.set(.contentDescription, content.line(StudyResult.notice))
        dataset.set(.contentCreatorName, ConformantText.personName(ofAccount: content.algorithmName))
        dataset.set(.lossyImageCompression, "00")
        dataset.set(.burnedInAnnotation, "NO")
        dataset.set(.samplesPerPixel, 1)
        dataset.set(.photometricInterpretation, "MONOCHROME2")
        dataset.set(.numberOfFrames, frames.count)
        dataset.set(.rows, image.rows)
        dataset.set(.columns, image.columns)
        dataset.set(.bitsAllocated, 1)
        dataset.set(.bitsStored, 1)
        dataset.set(.highBit, 0)
        dataset.set(.pixelRepresentation, 0)
        describeSegments(dataset)
        describeReferences(dataset)
        describeDimensions(dataset, organization: UniqueIdentifier.derived(from: "pleura dimensions|\(draft.sopInstanceUID)"))
        try describeShared(dataset, image)
        for frame in frames { describe(frame, in: dataset) }
        dataset.set(.pixelData, data: bits, as: .ob)
        return try draft.object()
    }

    private func describeSegments(_ dataset: DICOMWriter.Item) {
        let code = content.terminology.finding(NoduleLabel.name).preferred
        for (index, nodule) in nodules.enumerated() {
            let segment = dataset.append(.segmentSequence)
            segment.code(.segmentedPropertyCategoryCodeSequence, .abnormalStructure)
            segment.set(.segmentNumber, index + 1)
            segment.set(.segmentLabel, content.line("Nodule \(nodule.id)"))
            segment.set(.segmentAlgorithmType, "AUTOMATIC")
            segment.set(.segmentAlgorithmName, content.line("\(content.algorithmName) \(content.algorithmVersion)"))
            segment.set(.trackingID, content.own(nodule.id))
            segment.set(.trackingUID, NoduleLabel.trackingUID(of: nodule, in: content.result))
            segment.code(.segmentedPropertyTypeCodeSequence, Code(code.value, code.scheme, content.own(code.meaning)))
            segment.set(.recommendedDisplayCIELabValue, "63500\\27350\\54700")
        }
    }

    /// Common Instance Reference module.
    private func describeReferences(_ dataset: DICOMWriter.Item) {
        var isListed = Set<String>()
        let series = dataset.append(.referencedSeriesSequence)
        series.set(.seriesInstanceUID, frames[0].image.seriesInstanceUID)
        for frame in frames where isListed.insert(frame.image.sopInstanceUID).inserted {
            let instance = series.append(.referencedInstanceSequence)
            instance.set(.referencedSOPClassUID, frame.image.sopClassUID ?? SourceImage.secondaryCapture)
            instance.set(.referencedSOPInstanceUID, frame.image.sopInstanceUID)
        }
    }

    /// Frames are ordered by segment, then by place.
    private func describeDimensions(_ dataset: DICOMWriter.Item, organization: String) {
        dataset.append(.dimensionOrganizationSequence).set(.dimensionOrganizationUID, organization)
        let rows = [
            ("(0062,000b)", "(0062,000a)", "Segment Number"), ("(0020,0032)", "(0020,9113)", "Image Position Patient"),
        ]
        for (pointer, group, label) in rows {
            let index = dataset.append(.dimensionIndexSequence)
            index.set(.dimensionOrganizationUID, organization)
            index.set(.dimensionIndexPointer, pointer)
            index.set(.functionalGroupPointer, group)
            index.set(.dimensionDescriptionLabel, label)
        }
    }

    private func describeShared(_ dataset: DICOMWriter.Item, _ image: SourceImage) throws {
        let shared = dataset.append(.sharedFunctionalGroupsSequence)
        shared.append(.planeOrientationSequence).set(
            .imageOrientationPatient, Self.text(try Self.numbers(image, .planeOrientationSequence, .imageOrientationPatient, 6)))
        let measures = shared.append(.pixelMeasuresSequence)
        measures.set(.pixelSpacing, Self.text(try Self.numbers(image, .pixelMeasuresSequence, .pixelSpacing, 2)))
        let thickness = image.group(.pixelMeasuresSequence)?.number(.sliceThickness)
        if let thickness { measures.set(.sliceThickness, ConformantText.decimal(thickness)) }
    }

    private func describe(_ frame: Frame, in dataset: DICOMWriter.Item) {
        let group = dataset.append(.perFrameFunctionalGroupsSequence)
        let derivation = group.append(.derivationImageSequence)
        derivation.code(.derivationCodeSequence, .segmentation)
        let source = derivation.append(.sourceImageSequence)
        frame.image.reference(source)
        source.code(.purposeOfReferenceCodeSequence, .sourceImage)
        source.set(.spatialLocationsPreserved, "YES")
        let place = (places.firstIndex(of: frame.position) ?? 0) + 1
        group.append(.frameContentSequence).set(.dimensionIndexValues, "\(frame.segment)\\\(place)")
        group.append(.planePositionSequence).set(.imagePositionPatient, Self.text(frame.position))
        group.append(.segmentIdentificationSequence).set(.referencedSegmentNumber, frame.segment)
    }

    /// One bit a pixel, the first in the lowest place, one frame after the other without a gap (PS3.5 8.1.1, annex D).
    private var bits: [UInt8] {
        let count = frames.reduce(0) { $0 + $1.pixels.count }
        var bytes = [UInt8](repeating: 0, count: (count + 15) / 16 * 2)
        var start = 0
        for frame in frames {
            for (offset, pixel) in frame.pixels.enumerated() where pixel != 0 {
                bytes[(start + offset) >> 3] |= 1 << UInt8((start + offset) & 7)
            }
            start += frame.pixels.count
        }
        return bytes
    }
}

/// What nodules are called in the table of terms, and by what they are known.
enum NoduleLabel {
    static let name = "Nodule"

    /// The same in the segmentation and in the report.
    static func trackingUID(of nodule: ResultNodule, in result: StudyResult) -> String {
        UniqueIdentifier.derived(from: "pleura finding|\(result.study.uid)|\(result.identifier)|\(nodule.id)")
    }
}
