import CDICOMDatasets
import Foundation

/// Binary values that metadata name by an address (PS3.18 10.4.1.1.5).
public enum BulkData {
    /// - Parameters:
    ///   - file: A whole file.
    ///   - path: What follows the prefix that the metadata were made with, such as `00880200/1/7FE00010`.
    /// - Returns: The value in little-endian order. Pixel Data of the dataset itself are frames, and none of these, where they are
    /// encapsulated.
    /// - Throws: `DICOMWebError`: a path that means nothing, or leads nowhere.
    public static func bytes(of file: Data, path: some StringProtocol) throws -> Data {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        var steps: [UInt32] = []
        for (index, part) in parts.enumerated() {
            guard let step = index % 2 == 0 ? (part.utf8.count == 8 ? UInt32(part, radix: 16) : nil) : UInt32(part) else {
                throw DICOMWebError(.badRequest, "an address of bulk data is made of tags and item numbers")
            }
            steps.append(step)
        }
        guard steps.count % 2 == 1, steps.count < 64 else {
            throw DICOMWebError(.badRequest, "an address of bulk data is made of tags and item numbers")
        }
        if steps == [DICOMAttribute.pixelData.tag] {
            let frames = try StoredFrames(file)
            guard Representation.frameType(of: frames.transferSyntax) == "application/octet-stream" else {
                throw DICOMWebError(.notAcceptable, "compressed Pixel Data are retrieved as frames")
            }
            var data = Data()
            for frame in 1...frames.frameCount { data.append(try frames.bytes(ofFrame: frame)) }
            return data
        }
        var size = 0
        let found = file.withUnsafeBytes { CDICOMJSONBulkData($0.baseAddress, $0.count, steps, steps.count, &size) }
        guard let found else { throw DICOMWebError(.notFound, "there is no such bulk data") }
        return Data(
            bytesNoCopy: found, count: size,
            deallocator: .custom { pointer, _ in CDICOMJSONFree(pointer.assumingMemoryBound(to: CChar.self)) })
    }
}
