import Foundation
import Radiographs

/// How many bits a sample pictures have that go to other tools. Their samples use all of them: other tools take 65,535 for white, and
/// show the 0 to 4,095 of a detector of 12 bits as black.
public enum PictureDepth: Int, CaseIterable, Hashable, Sendable {
    case eight = 8
    /// At most; a picture of 8 bits stays one.
    case sixteen = 16

    /// The picture with samples over the whole range of 8 or 16 bits.
    /// - Parameter bits: Those that its samples use.
    package func picture(_ pixels: PixelImage, bits: Int) -> PixelImage {
        pixels.spread(from: bits, to: self == .eight || bits == 8 ? 8 : 16)
    }

    /// What is said of `count` pictures that were changed.
    package func note(_ count: Int, from bits: Int) -> String {
        let range = "0 to \((1 << bits) - 1) became 0 to \((1 << rawValue) - 1)"
        return "\(count) \(count == 1 ? "picture" : "pictures") of \(bits) bits spread over the whole range of \(rawValue) bits: \(range)"
    }
}
