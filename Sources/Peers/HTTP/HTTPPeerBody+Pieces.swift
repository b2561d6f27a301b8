import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOPosix

extension HTTPPeerBody {
    /// All bodies go as streams, since a stream's first bytes are asked for when a connection stands: that tells what was perhaps sent.
    /// - Parameter onBegin: Called when the first bytes are taken.
    /// - Throws: `badSettings` where a file cannot be read.
    func plain(onBegin: @escaping @Sendable () -> Void) throws(PeerError) -> HTTPClientRequest.Body? {
        let pieces: [Piece]
        switch self {
        case .none: return nil
        case .data(let data): pieces = [.data(data)]
        case .file(let file): pieces = [.file(file)]
        case .pieces(let list): pieces = list
        }
        var length = Int64(0)
        for piece in pieces { length += try piece.length() }
        return .stream(PieceBuffers(pieces: pieces, onBegin: onBegin), length: .known(length))
    }
}

extension HTTPPeerBody.Piece {
    fileprivate func length() throws(PeerError) -> Int64 {
        switch self {
        case .data(let data): return Int64(data.count)
        case .file(let file):
            guard let attributes = try? FileManager.default.attributesOfItem(atPath: file.path), let size = attributes[.size] as? NSNumber,
                FileManager.default.isReadableFile(atPath: file.path)
            else { throw PeerError(.badSettings, "the file to be sent cannot be read") }
            return size.int64Value
        }
    }
}

/// The bytes of the pieces, in buffers of at most 256 kB. Files are read on threads that may wait.
private struct PieceBuffers: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    static let stretch = 256 << 10

    let pieces: [HTTPPeerBody.Piece]
    let onBegin: @Sendable () -> Void

    func makeAsyncIterator() -> Iterator { Iterator(pieces: pieces[...], onBegin: onBegin) }

    struct Iterator: AsyncIteratorProtocol {
        var pieces: ArraySlice<HTTPPeerBody.Piece>
        let onBegin: @Sendable () -> Void
        var file: FileHandle?

        mutating func next() async throws -> ByteBuffer? {
            onBegin()
            while true {
                if let open = file {
                    let bytes = try await NIOThreadPool.singleton.runIfActive { try open.read(upToCount: PieceBuffers.stretch) ?? Data() }
                    guard bytes.isEmpty else { return ByteBuffer(data: bytes) }
                    try open.close()
                    file = nil
                }
                guard let piece = pieces.popFirst() else { return nil }
                switch piece {
                case .data(let data) where data.isEmpty: continue
                case .data(let data): return ByteBuffer(data: data)
                case .file(let path): file = try FileHandle(forReadingFrom: path)
                }
            }
        }
    }
}
