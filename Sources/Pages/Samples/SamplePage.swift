import Basics
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
    private let frame: PageFrame
    private let dataset: Dataset
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
        self.dataset = dataset
        // R8 before R10.
        readers = Set(dataset.images.flatMap { $0.boxes.compactMap(\.reader) })
            .sorted { one, two in
                let order = one.compare(two, options: .numeric)
                return order == .orderedSame ? one < two : order == .orderedAscending
            }
        file = try OutputFile(url)
        frame = PageFrame("samples", styles: [.pictures, .samples, .palette], showsPictures: true, nonce: nonce)
        let legend = SampleLegend(classes: dataset.findingClasses, readers: readers)
        try file.write(frame.beforePictures(column: "Legend", heading: "Samples", legend.html(name: name, choice: choice)))
    }

    /// What the page shows of an image: grey, at most `pictureSide` pixels. May run on any thread, beside others.
    public static func picture(of radiograph: Radiograph) throws -> Data {
        try radiograph.pixels.jpegThumbnail(maximumSide: pictureSide, quality: 82)
    }

    /// - Parameters:
    ///   - picture: From `picture(of:)`.
    ///   - fold: The fold of the image's patient, where there are folds.
    public func append(_ image: DatasetImage, fold: Int? = nil, picture: Data) throws {
        try file.write(entry(image, fold).html(picture: picture))
    }

    /// An image that could not be read.
    public func append(_ image: DatasetImage, fold: Int? = nil, error: String) throws {
        try file.write(entry(image, fold).html(error: error))
    }

    /// Reads an image of the dataset and shows it, or says in its place why it cannot be read.
    /// - Returns: The reason; `nil` where it was read.
    /// - Throws: `ReportError` where the page cannot be written.
    public func append(_ image: DatasetImage, decoders: DecoderRegistry) throws -> RadiographError? {
        let fold = dataset.fold(of: image)
        do {
            let radiograph = try decoders.decode(path: dataset.url(of: image).path)
            guard radiograph.pixels.width == image.width, radiograph.pixels.height == image.height else {
                throw RadiographError(.damaged, "the file has another size than the dataset says")
            }
            try append(image, fold: fold, picture: Self.picture(of: radiograph))
            return nil
        } catch let error as RadiographError {
            try append(image, fold: fold, error: error.description)
            return error
        }
    }

    private func entry(_ image: DatasetImage, _ fold: Int?) -> SampleEntry {
        count += 1
        return SampleEntry(image: image, fold: fold, number: count, classes: dataset.findingClasses, readers: readers)
    }

    /// Writes the end and gives the page its name.
    public func finish() throws {
        try file.write(frame.afterPictures)
        try file.finish()
    }
}
