import Datasets
import Findings
import Foundation
import Outputs
import Radiographs

/// Images of a dataset with the boxes that persons drew, on one self-contained page without a script.
///
/// Images are written as they come and are not kept. An image that cannot be read is a tile that says why.
public final class SamplePage {
    /// Longer side of the pictures inside the page, in pixels.
    public static let pictureSide = 768

    private let file: OutputFile
    private let classes: [FindingClass]
    private let readers: [String]
    private var count = 0

    /// - Parameters:
    ///   - url: The page; takes its name when finished.
    ///   - dataset: Gives the classes and the readers, whose boxes differ in the dashes of their lines.
    ///   - name: What the dataset is called; shown as text.
    ///   - choice: How the images were chosen, in a sentence for the page's head.
    ///   - nonce: Marks the page's own style; nothing else on it takes effect.
    /// - Throws: `ReportError`.
    public init(_ url: URL, dataset: Dataset, name: String, choice: String, nonce: String = UUID().uuidString) throws {
        classes = dataset.findingClasses
        // R8 before R10.
        readers = Set(dataset.images.flatMap { $0.boxes.compactMap(\.reader) })
            .sorted { one, two in
                let order = one.compare(two, options: .numeric)
                return order == .orderedSame ? one < two : order == .orderedAscending
            }
        file = try OutputFile(url)
        try file.write(SampleFrame(classes: classes, readers: readers).head(name: name, choice: choice, nonce: nonce))
    }

    /// What the page shows of an image: grey, at most `pictureSide` pixels. May run on any thread, beside others.
    public static func picture(of radiograph: Radiograph) throws -> Data {
        try radiograph.pixels.jpegThumbnail(maximumSide: pictureSide, quality: 82)
    }

    /// - Parameters:
    ///   - picture: From `picture(of:)`.
    ///   - fold: The fold of the image's patient, where there are folds.
    public func append(_ image: DatasetImage, fold: Int? = nil, picture: Data) throws {
        count += 1
        try file.write(SampleEntry(image: image, fold: fold, number: count, classes: classes, readers: readers).html(picture: picture))
    }

    /// An image that could not be read.
    public func append(_ image: DatasetImage, fold: Int? = nil, error: String) throws {
        count += 1
        try file.write(SampleEntry(image: image, fold: fold, number: count, classes: classes, readers: readers).html(error: error))
    }

    /// Writes the end and gives the page its name.
    public func finish() throws {
        try file.write("</main>\n</div>\n</body>\n</html>\n")
        try file.finish()
    }
}
