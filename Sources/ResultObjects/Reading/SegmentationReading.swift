import DICOM
import Foundation
import Geometry
import Terminology

/// The segments of a binary Segmentation.
struct SegmentationReading {
    struct Segment {
        var label: String
        var code: Code?
        var image: ResultReading.Image?
        var columns: Int
        /// 0 or 1, row by row.
        var pixels: [UInt8]
    }

    private let dataset: DICOMItem

    init(_ dataset: DICOMItem) { self.dataset = dataset }

    func read(into reading: inout ResultReading) throws {
        for series in dataset.items(.referencedSeriesSequence) {
            let uid = series.text(.seriesInstanceUID)
            reading.images += series.items(.referencedInstanceSequence).compactMap { ObjectReading.image($0, series: uid) }
        }
        reading.findings = try segments().map { segment in
            ResultReading.Finding(
                label: segment.label, code: segment.code, image: segment.image?.sopInstanceUID, frame: segment.image?.frame,
                box: box(segment), pixels: segment.pixels.reduce(0) { $0 + Int($1) })
        }
        reading.texts = [dataset.unicodeText(.contentDescription)].compactMap { $0 }
    }

    /// A segment a frame.
    func segments() throws -> [Segment] {
        guard let rows = dataset.integer(.rows), let columns = dataset.integer(.columns), let frames = dataset.integer(.numberOfFrames),
            (1...65_535).contains(rows), (1...65_535).contains(columns), (1...10_000).contains(frames), dataset.integer(.bitsAllocated) == 1
        else { throw ResultObjectError(.unreadable, "the segmentation is not binary, or has no size") }
        let listed = Array(dataset.items(.segmentSequence))
        let size = rows * columns
        let bits = dataset.withBytes(of: .pixelData) { Array($0) } ?? []
        guard bits.count * 8 >= size * frames else { throw ResultObjectError(.unreadable, "the segmentation lacks pixels") }
        return (0..<frames).map { frame in
            let groups = dataset.item(.perFrameFunctionalGroupsSequence, at: frame)
            let number = groups?.item(.segmentIdentificationSequence)?.integer(.referencedSegmentNumber)
            let segment = listed.first { $0.integer(.segmentNumber) == number }
            let source = groups?.item(.derivationImageSequence)?.item(.sourceImageSequence)
            return Segment(
                label: segment?.unicodeText(.segmentLabel) ?? "",
                code: segment.flatMap { ObjectReading.code($0, .segmentedPropertyTypeCodeSequence) },
                image: source.flatMap { ObjectReading.image($0) }, columns: columns,
                pixels: (frame * size..<(frame + 1) * size).map { bits[$0 >> 3] >> UInt8($0 & 7) & 1 })
        }
    }

    private func box(_ segment: Segment) -> Box? {
        var box: Box?
        for (place, pixel) in segment.pixels.enumerated() where pixel != 0 {
            let (x, y) = (Double(place % segment.columns), Double(place / segment.columns))
            let old = box ?? Box(x: x, y: y, width: 1, height: 1)
            box = Box(x0: min(old.x, x), y0: min(old.y, y), x1: max(old.maxX, x + 1), y1: max(old.maxY, y + 1))
        }
        return box
    }
}
