import Datasets
import Foundation
import Radiographs

/// What stays of a picture when it is compressed, made smaller, brightened, windowed or taken from 16 to 8 bits: two 64-bit hashes to
/// find candidates by, and a small picture to compare them on.
///
/// - `frequencies` is pHash (Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010): signs of 64 low
///   frequencies of the discrete cosine transform of 32 x 32 pixels. The pixels are replaced by their ranks first, so that any window or
///   gamma gives the same hash.
/// - `gradients` is dHash (Krawetz, "Kind of Like That", 2013): whether each of 8 x 8 fields is darker than the next. It is of the
///   locally normalised picture, and stays where a letter or a black bar was put on, which changes every frequency.
///
/// All chests look alike at this size, so the hashes do not decide: `detail` and, where that leaves a doubt, a larger
/// `PictureDetail` of the files themselves do.
package struct PictureFingerprint: Hashable, Sendable {
    package let frequencies: UInt64
    package let gradients: UInt64
    /// 64 x 64 pixels; 4 KB, so 100,000 pictures take 400 MB.
    package let detail: PictureDetail

    static let side = 64
    /// Bits of `frequencies` that may differ in a candidate.
    package static let frequencyRadius = 11
    /// The same of `gradients`.
    package static let gradientRadius = 6

    /// - Returns: `nil` for a picture of one grey, which has nothing to compare.
    package init?(_ picture: PixelImage) {
        guard let small = SquarePicture(picture, side: Self.side), let detail = PictureDetail(small) else { return nil }
        let half = small.halved
        frequencies = Self.frequencyHash(half.ranked)
        gradients = Self.gradientHash(half.locallyNormalised(radius: 4))
        self.detail = detail
    }

    /// The frequencies 1 to 8 in both directions; those without waves in one of them tell the exposure rather than the picture.
    private static func frequencyHash(_ picture: SquarePicture) -> UInt64 {
        let side = picture.side
        // Rows to 8 frequencies, then columns.
        var rows = [Float](repeating: 0, count: side * 8)
        for row in 0..<side {
            for frequency in 0..<8 {
                var sum: Float = 0
                for column in 0..<side { sum += picture.values[row * side + column] * cosines[frequency * side + column] }
                rows[row * 8 + frequency] = sum
            }
        }
        var hash: UInt64 = 0
        for vertical in 0..<8 {
            for horizontal in 0..<8 {
                var sum: Float = 0
                for row in 0..<side { sum += rows[row * 8 + horizontal] * cosines[vertical * side + row] }
                hash = hash << 1 | (sum > 0 ? 1 : 0)
            }
        }
        return hash
    }

    /// Cosines of the frequencies 1 to 8 over 32 pixels, a row a frequency.
    private static let cosines: [Float] = (1...8).flatMap { frequency in
        (0..<side / 2).map { Float(cos(Double.pi * Double(2 * $0 + 1) * Double(frequency) / Double(side))) }
    }

    private static func gradientHash(_ picture: SquarePicture) -> UInt64 {
        let (side, rowHeight) = (picture.side, picture.side / 8)
        // Nine columns for eight differences.
        let edges = (0...9).map { $0 * side / 9 }
        var hash: UInt64 = 0
        for row in 0..<8 {
            let means = (0..<9).map { field in
                var sum: Float = 0
                for y in row * rowHeight..<(row + 1) * rowHeight {
                    for x in edges[field]..<edges[field + 1] { sum += picture.values[y * side + x] }
                }
                return sum / Float(edges[field + 1] - edges[field])
            }
            for field in 0..<8 { hash = hash << 1 | (means[field + 1] > means[field] ? 1 : 0) }
        }
        return hash
    }
}
