import Basics
import Datasets
import Foundation
import Radiographs

extension DatasetImporter {
    /// Puts the images into the dataset's folder: links or copies, and PNG files of what needs conversion, several at a time.
    /// - Returns: Those that are there. One that cannot be decoded is a problem, and the others are laid.
    /// - Throws: `DatasetError`; with every image that cannot be decoded where nothing may be left out.
    package func lay(
        _ images: [AssembledImage], in folder: URL, problems: inout ProblemList, notes: inout [String]
    ) throws -> [AssembledImage] {
        let laying = ImageLaying(copies: copiesImages)
        let results = Concurrent.map(images.count, stretch: 1) { index in
            Result { try lay(images[index], at: folder.appendingPathComponent(images[index].image.fileName), laying) }
        }
        var kept: [AssembledImage] = []
        var stretched: [Int: Int] = [:]
        for (entry, result) in zip(images, results) {
            do {
                if let bits = try result.get() { stretched[bits, default: 0] += 1 }
                kept.append(entry)
                kept[kept.count - 1].image.id = kept.count
            } catch let error as RadiographError {
                problems.append("\(entry.place): its image: \(error.description)")
            }
        }
        guard kept.count == images.count || (skipsInvalid && !kept.isEmpty) else {
            throw DatasetError(.malformed, problems: problems)
        }
        for (bits, count) in stretched.sorted(by: { $0.key < $1.key }) { notes.append(bitDepth.note(count, from: bits)) }
        return kept
    }

    /// - Returns: The bits of a picture whose samples were stretched over the whole range of its file.
    /// - Throws: `RadiographError` of an image that cannot be decoded; `DatasetError` where nothing can be written.
    private func lay(_ entry: AssembledImage, at target: URL, _ laying: ImageLaying) throws -> Int? {
        guard case .file(let file) = entry.content else {
            try laying.lay(Self.bytes(entry.content), at: target)
            return nil
        }
        guard entry.converts else {
            try laying.lay(file, at: target)
            return nil
        }
        let pixels = try inspector.pixels(of: file)
        let picture = bitDepth.picture(pixels, bits: pixels.bits)
        try laying.lay(picture.png(), at: target)
        return picture.bits == pixels.bits ? nil : pixels.bits
    }
}
