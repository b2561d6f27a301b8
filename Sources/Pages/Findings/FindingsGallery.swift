import Findings
import Foundation
import Outputs
import Radiographs
import Reports

/// A folder of findings for people: an annotated picture of each image, and the page that shows them all.
public struct FindingsGallery {
    public static let pageName = "index.html"
    /// Longer side of the annotated pictures, in pixels.
    public static let pictureSide = 2_048

    /// What the folder and the page show of an image, JPEG.
    public struct Pictures: Sendable {
        /// With its boxes drawn on it.
        public let annotated: Data
        /// As it is; the page lays the boxes over it.
        public let plain: Data

        /// May run on any thread, beside others.
        /// - Throws: `RadiographError` where one cannot be drawn.
        public init(of radiograph: Radiograph, findings: [Finding], anatomy: ImageAnatomy? = nil) throws {
            annotated = try AnnotatedPicture(
                radiograph: radiograph, findings: findings, maximumSide: FindingsGallery.pictureSide, anatomy: anatomy
            ).jpeg()
            plain = try FindingsPage.picture(of: radiograph)
        }
    }

    private var folder: PictureFolder
    private let page: FindingsPage

    /// - Parameters:
    ///   - threshold: Scores below it are not among the findings.
    ///   - places: Where the run's inputs and other outputs lie: none of them is written over.
    /// - Throws: `ReportError`.
    package init(directory: URL, model: ModelIdentity, classes: [FindingClass], threshold: Double, places: OutputPlaces) throws {
        folder = PictureFolder(directory: directory, places: places)
        page = try FindingsPage(directory.appendingPathComponent(Self.pageName), model: model, classes: classes, threshold: threshold)
    }

    /// - Parameter pictures: `nil` where the image could not be read.
    public mutating func append(_ image: ImageFindings, pictures: Pictures? = nil) throws {
        let name = try pictures.map { try folder.write($0.annotated, of: image.reference) }
        try page.append(image, picture: pictures?.plain, annotated: name)
    }

    /// The page gets its name when all of its pictures are on the disk.
    public func finish() throws {
        try folder.synchronise()
        try page.finish()
    }
}
