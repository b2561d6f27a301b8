import DICOM
import Geometry

/// The graphics of a Softcopy Presentation State in pixels of their image, each with the text of its annotation.
struct PresentationReading {
    private let dataset: DICOMItem

    init(_ dataset: DICOMItem) { self.dataset = dataset }

    func read(into reading: inout ResultReading) {
        for series in dataset.items(.referencedSeriesSequence) {
            let uid = series.text(.seriesInstanceUID)
            reading.images += series.items(.referencedImageSequence).compactMap { ObjectReading.image($0, series: uid) }
        }
        for annotation in dataset.items(.graphicAnnotationSequence) {
            let image = annotation.item(.referencedImageSequence).flatMap { ObjectReading.image($0) } ?? reading.images.first
            let texts = annotation.items(.textObjectSequence).compactMap { $0.unicodeText(.unformattedTextValue) }
            let boxes = annotation.items(.graphicObjectSequence).compactMap { box($0) }
            for (index, box) in boxes.enumerated() {
                let (label, score) = parts(index < texts.count ? texts[index] : "")
                reading.findings.append(
                    ResultReading.Finding(label: label, image: image?.sopInstanceUID, frame: image?.frame, box: box, score: score))
            }
            reading.texts += texts.dropFirst(boxes.count)
        }
    }

    private func box(_ graphic: DICOMItem) -> Box? {
        guard graphic.text(.graphicAnnotationUnits) == "PIXEL", let count = graphic.integer(.numberOfGraphicPoints),
            (2...10_000).contains(count)
        else { return nil }
        let numbers = (0..<(2 * count)).compactMap { graphic.number(.graphicData, at: $0) }
        guard numbers.count == 2 * count else { return nil }
        let xs = stride(from: 0, to: numbers.count, by: 2).map { numbers[$0] }
        let ys = stride(from: 1, to: numbers.count, by: 2).map { numbers[$0] }
        return Box(x0: xs.min() ?? 0, y0: ys.min() ?? 0, x1: xs.max() ?? 0, y1: ys.max() ?? 0)
    }

    /// A label and the score behind it.
    private func parts(_ text: String) -> (String, Double?) {
        guard let match = text.wholeMatch(of: #/(.*) ([01]\.[0-9][0-9])/#) else { return (text, nil) }
        return (String(match.1), Double(match.2))
    }
}
