import Findings
import Foundation
import Outputs
import Radiographs
import Reports

/// `index.html`: every picture of a run on one self-contained page, with filters by finding and by score.
///
/// Images are written as they come and are not kept, so a run of any length takes the memory of one. The page loads nothing from
/// anywhere; its content policy forbids it.
public final class FindingsPage {
    /// Longer side of the pictures inside the page, in pixels.
    public static let pictureSide = 768

    private let file: OutputFile
    private let frame: PageFrame
    private var count = 0

    /// - Parameters:
    ///   - url: The page; takes its name when finished.
    ///   - classes: The model's classes in its label map's order, for the filters.
    ///   - threshold: Scores below it are not among the findings; the slider begins there.
    ///   - nonce: Marks the page's own script and style; nothing else on it runs.
    /// - Throws: `ReportError`.
    public init(
        _ url: URL, model: ModelIdentity, classes: [FindingClass], threshold: Double = 0, nonce: String = UUID().uuidString
    ) throws {
        file = try OutputFile(url)
        frame = PageFrame("findings", styles: [.pictures, .palette], script: .findingsScript, showsPictures: true, nonce: nonce)
        let controls = FindingsControls(model: model, classes: classes, threshold: threshold)
        try file.write(
            frame.beforePictures(
                column: "Filters", heading: "Findings", controls.html, addition: "Scores are not probabilities."))
    }

    /// What the page shows of an image: grey, at most `pictureSide` pixels. May run on any thread, beside others.
    public static func picture(of radiograph: Radiograph) throws -> Data {
        try radiograph.pixels.jpegThumbnail(maximumSide: pictureSide, quality: 85, isFast: true)
    }

    /// - Parameters:
    ///   - picture: From `picture(of:)`; `nil` where the image could not be read.
    ///   - annotated: Name of the annotated picture beside the page, for a link.
    public func append(_ image: ImageFindings, picture: Data?, annotated: String? = nil) throws {
        count += 1
        try file.write(FindingsEntry(image: image, number: count, picture: picture, annotated: annotated).html)
    }

    /// Writes the end and gives the page its name.
    public func finish() throws {
        try file.write(frame.afterPictures)
        try file.finish()
    }
}
