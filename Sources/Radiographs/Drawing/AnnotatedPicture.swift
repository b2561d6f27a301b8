import Findings
import Foundation
import Geometry

/// A radiograph as 8-bit grey with boxes, labels and scores on it, and a strip below that says what the picture is for.
///
/// Nothing covers the image but boxes and labels: the strip is added below. Each class has its colour of `FindingPalette`; lines have a
/// dark rim, so that they show on bone as on air.
public struct AnnotatedPicture: Sendable {
    /// A box that a person drew, drawn dashed.
    public struct Truth: Hashable, Sendable {
        /// In pixels of the original image.
        public var box: Box
        public var findingClass: FindingClass
        public init(box: Box, findingClass: FindingClass) {
            self.box = box
            self.findingClass = findingClass
        }
    }

    /// One rectangle with its text, in pixels of the original image.
    struct Mark: Sendable {
        var box: Box
        var text: String
        var colour: FindingPalette.Colour
        var isTruth: Bool
    }

    let pixels: PixelImage
    let marks: [Mark]
    /// Borders of lungs and heart and the ratio's two lines; `nil` where none are to be drawn.
    let anatomy: ImageAnatomy?
    let size: (width: Int, height: Int)

    /// - Parameters:
    ///   - findings: In falling order of score; boxes that are empty or not finite are left out.
    ///   - colourIndex: Which colour of the palette a class has; without one, its place in the label map.
    ///   - maximumSide: Longer side of the drawn image in pixels (the strip comes on top); smaller images keep their size, except that
    ///     very small ones are enlarged until a label can be read.
    ///   - truth: What persons drew, for figures.
    ///   - anatomy: Its borders and lines are drawn below the boxes.
    public init(
        radiograph: Radiograph, findings: [Finding], colourIndex: (@Sendable (FindingClass) -> Int)? = nil, maximumSide: Int = 2_048,
        truth: [Truth] = [], anatomy: ImageAnatomy? = nil
    ) {
        self.anatomy = anatomy
        func colour(_ findingClass: FindingClass) -> FindingPalette.Colour {
            colourIndex.map { FindingPalette.colour($0(findingClass)) } ?? FindingPalette.colour(of: findingClass)
        }
        pixels = radiograph.pixels
        let drawn = truth.map { Mark(box: $0.box, text: $0.findingClass.name, colour: colour($0.findingClass), isTruth: true) }
        // One abnormality, one box: other readings of the place stand in the label.
        let ids = Set(findings.map(\.id))
        let others = Dictionary(grouping: findings) { $0.alternativeTo }
        let found = findings.filter { $0.alternativeTo.map(ids.contains) != true }.map { finding in
            Mark(
                box: finding.boundingBox,
                text: ([finding] + (others[finding.id] ?? [])).map(Self.label).joined(separator: " or "),
                colour: colour(finding.findingClass), isTruth: false)
        }
        let (width, height) = (Double(radiograph.pixels.width), Double(radiograph.pixels.height))
        marks = (found + drawn).compactMap { mark in
            var mark = mark
            mark.box = mark.box.clipped(toWidth: width, height: height)
            return mark.box.isEmpty || !mark.box.x.isFinite || !mark.box.y.isFinite ? nil : mark
        }
        let limit = max(1, min(maximumSide, 16_384))
        let fitting = radiograph.pixels.size(fitting: limit)
        let enlargement = min(Double(limit), 256) / Double(max(fitting.width, fitting.height))
        size =
            enlargement > 1
            ? (max(1, Int(Double(fitting.width) * enlargement)), max(1, Int(Double(fitting.height) * enlargement))) : fitting
    }

    private static func label(_ finding: Finding) -> String { "\(finding.findingClass.title) \(twoDecimals(finding.score))" }

    /// A score as it is shown: never rounded up to 1.
    static func twoDecimals(_ score: Double) -> String {
        guard score.isFinite else { return "?" }
        let hundredths = Int((max(0, min(1, score)) * 100).rounded())
        let shown = hundredths == 100 && score < 1 ? 99 : hundredths
        return "\(shown / 100).\(shown % 100 < 10 ? "0" : "")\(shown % 100)"
    }

    /// - Parameter quality: 1 to 100.
    /// - Throws: `RadiographError` of code `cannotWrite`.
    public func jpeg(quality: Int = 90) throws -> Data {
        try AnnotatedPictureDrawing(self).canvas.jpeg(quality: quality)
    }
}
