import Basics
import Datasets
import Foundation
import Radiographs

/// Pictures of a dataset as they go to other tools: with samples that use the whole range of their bits.
package enum ExchangedPictures {
    /// Calls `body` with the dataset whose pictures are those to be handed out. Those that are made anew lie in a folder beside `target`
    /// until `body` ends, and count as embedded there, so that every format finds them.
    /// - Parameter depth: `nil` keeps the depth of each.
    /// - Throws: `DatasetError` with every picture that cannot be decoded; what `body` throws.
    package static func with<Value>(
        _ dataset: Dataset, depth: PictureDepth?, beside target: URL, _ body: (Dataset, _ notes: [String]) throws -> Value
    ) throws -> Value {
        let aside = target.standardizedFileURL.deletingLastPathComponent()
            .appendingPathComponent(".\(target.lastPathComponent).\(UUID().uuidString).pictures")
        defer { try? FileManager.default.removeItem(at: aside) }
        let laying = ImageLaying(copies: true)
        let results = Concurrent.map(dataset.images.count, stretch: 1) { index -> Result<Remade?, any Error> in
            Result {
                let image = dataset.images[index]
                guard let picture = try remade(dataset.encodedImage(of: image), depth) else { return nil }
                let file = aside.appendingPathComponent("\(image.id).png")
                try laying.lay(picture.png, at: file)
                return Remade(place: EmbeddedImage(container: file, offset: 0, length: picture.png.count), bits: picture.bits)
            }
        }
        var handedOut = dataset
        var problems = ProblemList()
        var counts: [Int: Int] = [:]
        for (image, result) in zip(dataset.images, results) {
            do {
                guard let remade = try result.get() else { continue }
                handedOut.embedded[image.id] = remade.place
                counts[remade.bits, default: 0] += 1
            } catch let error as RadiographError {
                problems.append("\(Dataset.imagesFolder)/\(image.fileName): \(error.description)")
            }
        }
        guard problems.isEmpty else { throw DatasetError(.malformed, problems: problems) }
        let depth = depth ?? .sixteen
        return try body(handedOut, counts.sorted { $0.key < $1.key }.map { depth.note($1, from: $0) })
    }

    private struct Remade: Sendable {
        package var place: EmbeddedImage
        package var bits: Int
    }

    /// The picture of this file made anew, and the bits that its samples used; `nil` where the file can go as it is.
    /// - Throws: `RadiographError`.
    private static func remade(_ encoded: Data, _ depth: PictureDepth?) throws -> (png: Data, bits: Int)? {
        let header = try RasterHeader(encoded)
        guard header.bits > 8 else { return nil }
        let pixels = try DecoderRegistry(decoders: [PNGDecoder(), JPEGDecoder()]).decode(encoded).pixels
        let bits = pixels.usedBits
        guard depth == .eight || bits < pixels.bits else { return nil }
        return (try (depth ?? .sixteen).picture(pixels, bits: bits).png(), bits)
    }
}
