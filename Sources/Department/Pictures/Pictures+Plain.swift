import Archive
import DICOM
import Foundation
import Radiographs

extension Pictures {
    /// A JPEG of an image as its file wants it to be seen, with nothing drawn into it.
    /// - Parameters:
    ///   - frame: From 1.
    ///   - side: Pixels of the longer side at most.
    /// - Throws: `RadiographError`, `ArchiveError`.
    public func plain(_ instance: Instance, frame: Int, side: Int) async throws -> Data {
        let content = content
        return try await work.run {
            let radiograph = try DecoderRegistry.standard.decode(content.bytes(of: instance.digest), frame: frame)
            return try radiograph.pixels.jpegThumbnail(maximumSide: side, quality: 90, isFast: false)
        }
    }
}
