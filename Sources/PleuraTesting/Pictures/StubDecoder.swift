import Foundation
import Radiographs

/// A decoder of a format that only tests have: a line of text says which of the cells of `DrawnPictures.cell` is white.
public struct StubDecoder: RadiographDecoder {
    public let name = "stub"
    private let decoding: @Sendable (Int) -> Void

    /// - Parameter decoding: Called in the decoder's thread with the number of the cell, 0 to 15; it may count, or wait.
    public init(decoding: @escaping @Sendable (Int) -> Void = { _ in }) { self.decoding = decoding }

    /// A file that it decodes.
    /// - Parameter cell: 0 to 15, row by row; another number is a damaged file.
    public static func bytes(cell: Int) -> Data { Data("CELL \(cell)".utf8) }

    public func recognises(_ bytes: Data) -> Bool { bytes.starts(with: Data("CELL ".utf8)) }

    public func decode(_ bytes: Data, frame: Int, limits: DecodingLimits) throws -> Radiograph {
        guard let cell = Int(String(decoding: bytes.dropFirst(5), as: UTF8.self)), (0..<16).contains(cell) else {
            throw RadiographError(.damaged, "no cell")
        }
        decoding(cell)
        return Radiograph(pixels: DrawnPictures.cell(column: cell % 4, row: cell / 4, bits: 16))
    }
}
