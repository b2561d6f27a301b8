import Findings
import Foundation
import Outputs
import Reports

/// `--out`: annotated pictures and the page that shows them all.
struct Gallery {
    private var folder: PictureFolder
    private let page: FindingsPage
    private var written: [URL] = []

    static let pageName = "index.html"

    init(directory: URL, model: ModelIdentity, classes: [FindingClass], threshold: Double, places: OutputPlaces) throws {
        folder = PictureFolder(directory: directory, places: places)
        page = try FindingsPage(directory.appendingPathComponent(Self.pageName), model: model, classes: classes, threshold: threshold)
    }

    mutating func append(_ image: ImageFindings, annotated: Data?, plain: Data?) throws {
        let name = annotated.map { _ in folder.name(for: image.reference) }
        if let annotated, let name {
            let file = folder.directory.appendingPathComponent(name)
            try OutputFile.write(annotated, to: file, synchronises: false)
            written.append(file)
        }
        try page.append(image, picture: plain, annotated: name)
    }

    /// The page gets its name when all of its pictures are on the disk.
    func finish() throws {
        try OutputFile.synchronise(written)
        try page.finish()
    }
}
