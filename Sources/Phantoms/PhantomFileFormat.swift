import Datasets
import Foundation
import Radiographs

/// How the pictures of a dataset of phantoms are stored.
///
/// DICOM is written by a room that this one does not know; whoever has such a room gives its encoder.
public struct PhantomFileFormat: Sendable {
    /// Of the file names, without its dot.
    public let suffix: String
    /// A whole file; called by several threads at a time. `patient` is the name of who was drawn.
    public let encode: @Sendable (_ phantom: PhantomGenerator.Phantom, _ patient: String) throws -> Data

    public init(suffix: String, encode: @escaping @Sendable (_ phantom: PhantomGenerator.Phantom, _ patient: String) throws -> Data) {
        self.suffix = suffix
        self.encode = encode
    }

    /// 16-bit PNG, the 12 bits of the detector spread over all 16: other tools would show them as black.
    public static let png = PhantomFileFormat(suffix: "png") { phantom, _ in
        try PictureDepth.sixteen.picture(phantom.pixels, bits: phantom.pixels.bits).png(isFast: true)
    }
}
