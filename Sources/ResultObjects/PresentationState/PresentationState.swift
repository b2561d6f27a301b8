import DICOM
import Foundation
import Geometry
import Results

/// An image with its boxes, labels and scores as a Softcopy Presentation State (PS3.3 A.33): grayscale, or color for an image in colour.
struct PresentationState {
    private let content: ResultContent
    private let image: SourceImage
    private static let layer = "AI_FINDINGS"

    init(_ content: ResultContent, image: SourceImage) { (self.content, self.image) = (content, image) }

    func object() throws -> ResultObject {
        let draft = try ObjectDraft(
            .presentationState, sopClassUID: image.isColour ? "1.2.840.10008.5.1.4.1.1.11.2" : "1.2.840.10008.5.1.4.1.1.11.1",
            content: content, image: image, title: "AI findings", detail: "")
        let dataset = draft.dataset
        draft.bodyPart()
        dataset.set(.presentationCreationDate, content.issued.date)
        dataset.set(.presentationCreationTime, content.issued.time)
        dataset.set(.contentLabel, Self.layer)
        dataset.set(.contentDescription, content.line(StudyResult.notice))
        let creator = content.result.reader.person ?? content.algorithmName
        dataset.set(.contentCreatorName, ConformantText.personName(ofAccount: content.own(creator)))
        let series = dataset.append(.referencedSeriesSequence)
        series.set(.seriesInstanceUID, image.seriesInstanceUID)
        image.reference(series.append(.referencedImageSequence))
        describeArea(dataset)
        if image.isColour {
            dataset.set(.iccProfile, data: ColourProfile.standardRGB)
            dataset.set(.colorSpace, "SRGB")
        } else {
            CarriedTransforms(image).write(to: dataset)
            dataset.set(.presentationLUTShape, image.isInverted ? "INVERSE" : "IDENTITY")
        }
        describeGraphics(dataset)
        return try draft.object()
    }

    /// Displayed Area module: the whole image, in pixels counted from 1, unlike the graphics.
    private func describeArea(_ dataset: DICOMWriter.Item) {
        let area = dataset.append(.displayedAreaSelectionSequence)
        image.reference(area.append(.referencedImageSequence))
        area.set(.displayedAreaTopLeftHandCorner, "1\\1")
        area.set(.displayedAreaBottomRightHandCorner, "\(image.columns)\\\(image.rows)")
        area.set(.presentationSizeMode, "SCALE TO FIT")
        area.set(.presentationPixelAspectRatio, aspectRatio)
    }

    /// Vertical and horizontal size of a pixel: as whole numbers (IS).
    private var aspectRatio: String {
        if let first = image.dataset?.integer(.pixelAspectRatio, at: 0), let second = image.dataset?.integer(.pixelAspectRatio, at: 1),
            first > 0, second > 0
        {
            return "\(first)\\\(second)"
        }
        let measures = image.group(.pixelMeasuresSequence)
        for tag in [Tag.pixelSpacing, .imagerPixelSpacing] {
            guard let row = measures?.number(tag, at: 0) ?? image.dataset?.number(tag, at: 0),
                let column = measures?.number(tag, at: 1) ?? image.dataset?.number(tag, at: 1), row > 0, column > 0, row < 1_000,
                column < 1_000
            else { continue }
            let (vertical, horizontal) = (Int((row * 100_000).rounded()), Int((column * 100_000).rounded()))
            return vertical == horizontal || vertical < 1 || horizontal < 1 ? "1\\1" : "\(vertical)\\\(horizontal)"
        }
        return "1\\1"
    }

    private func describeGraphics(_ dataset: DICOMWriter.Item) {
        let layer = dataset.append(.graphicLayerSequence)
        layer.set(.graphicLayer, Self.layer)
        layer.set(.graphicLayerOrder, 1)
        // Yellow, which stays apart from all greys.
        layer.set(.graphicLayerRecommendedDisplayCIELabValue, "63500\\27350\\54700")
        var labels = TextPlaces(columns: image.columns, rows: image.rows)
        // An annotation a finding: its text and its box belong together.
        for finding in image.findings {
            let annotation = dataset.append(.graphicAnnotationSequence)
            image.reference(annotation.append(.referencedImageSequence))
            annotation.set(.graphicLayer, Self.layer)
            let score = finding.score.map { " " + ResultContent.twoDecimals($0) } ?? ""
            let text = ConformantText.lines(content.own(finding.label) + score, limit: 1_024)
            write(text, in: labels.place(for: finding.box, characters: text.count), to: annotation)
            write(finding.box, to: annotation)
        }
        let annotation = dataset.append(.graphicAnnotationSequence)
        image.reference(annotation.append(.referencedImageSequence))
        annotation.set(.graphicLayer, Self.layer)
        write(content.own(StudyResult.notice), in: labels.notice, to: annotation)
    }

    /// In pixels of the image from the top-left corner of its top-left pixel (PS3.3 C.10.5.1.2): as `Box` has them.
    private func write(_ box: Box, to annotation: DICOMWriter.Item) {
        let (x0, y0, x1, y1) = (Float(box.x), Float(box.y), Float(box.maxX), Float(box.maxY))
        let graphic = annotation.append(.graphicObjectSequence)
        graphic.set(.graphicAnnotationUnits, "PIXEL")
        graphic.set(.graphicDimensions, 2)
        graphic.set(.numberOfGraphicPoints, 5)
        graphic.numbers(.graphicData, [x0, y0, x1, y0, x1, y1, x0, y1, x0, y0])
        graphic.set(.graphicType, "POLYLINE")
        graphic.set(.graphicFilled, "N")
    }

    private func write(_ text: String, in place: Box, to annotation: DICOMWriter.Item) {
        let item = annotation.append(.textObjectSequence)
        item.set(.boundingBoxAnnotationUnits, "PIXEL")
        item.set(.unformattedTextValue, text)
        item.numbers(.boundingBoxTopLeftHandCorner, [Float(place.x), Float(place.y)])
        item.numbers(.boundingBoxBottomRightHandCorner, [Float(place.maxX), Float(place.maxY)])
        item.set(.boundingBoxTextHorizontalJustification, "LEFT")
    }
}
