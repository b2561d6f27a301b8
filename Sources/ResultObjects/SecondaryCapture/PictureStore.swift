import DICOM
import Radiographs
import Results

/// Pictures of one result, each drawn once: a capture and the document's picture are the same. Used inside one function and never shared.
final class PictureStore {
    private let given: (ResultImage) throws -> Radiograph?
    private var drawn: [String: CapturedPicture] = [:]

    /// - Parameter given: Pixels that are decoded already; `nil` of images that are not.
    init(given: @escaping (ResultImage) throws -> Radiograph?) { self.given = given }

    /// - Throws: `ResultObjectError` of code `badSource` where the image has no pixels that can be decoded; what `given` throws.
    func picture(of image: SourceImage, in content: ResultContent, quality: Int) throws -> CapturedPicture {
        let key = "\(image.number)|\(quality)"
        if let found = drawn[key] { return found }
        let picture = try CapturedPicture(
            content, image: image, radiograph: try radiograph(image), side: content.options.captureSide, quality: quality)
        drawn[key] = picture
        return picture
    }

    private func radiograph(_ image: SourceImage) throws -> Radiograph {
        let found: Radiograph
        if let known = try given(image.image) {
            found = known
        } else {
            guard let bytes = image.bytes else { throw ResultObjectError(.badSource, "image \(image.number) has no pixels to draw on") }
            do {
                found = try DecoderRegistry.standard.decode(bytes, frame: image.frame ?? image.image.frame ?? 1)
            } catch {
                throw ResultObjectError(.badSource, "the pixels of image \(image.number) cannot be decoded")
            }
        }
        guard found.pixels.width == image.columns, found.pixels.height == image.rows else {
            throw ResultObjectError(.badSource, "the pixels of image \(image.number) have another size than its header says")
        }
        return found
    }
}
