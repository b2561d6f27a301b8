import Findings
import Foundation
import Reports

/// `--out`: annotated pictures and the page that shows them all.
struct Gallery {
    private var folder: PictureFolder
    private let page: FindingsPage

    init(directory: URL, model: ModelIdentity, classes: [FindingClass], threshold: Double, inputs: [String]) throws {
        folder = PictureFolder(directory: directory, inputs: inputs)
        page = try FindingsPage(directory.appendingPathComponent("index.html"), model: model, classes: classes, threshold: threshold)
    }

    mutating func append(_ image: ImageFindings, annotated: Data?, plain: Data?) throws {
        let name = annotated.map { _ in folder.name(for: image.reference) }
        if let annotated, let name { try OutputFile.write(annotated, to: folder.directory.appendingPathComponent(name)) }
        try page.append(image, picture: plain, annotated: name)
    }

    func finish() throws { try page.finish() }
}
