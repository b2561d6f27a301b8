import Foundation

/// The text between the parts of a multipart/related body (RFC 2387), for whoever sends the parts' content by itself.
public struct MultipartWriter: Hashable, Sendable {
    public let boundary: String
    /// Media type of the parts, such as `application/dicom`.
    public let type: String

    public init(boundary: String = MultipartBoundary.random(), type: String) { (self.boundary, self.type) = (boundary, type) }

    /// Of the whole body. `type` stands in quotes, as its slash demands; some servers refuse it without.
    public var contentType: String { "multipart/related; type=\"\(type)\"; boundary=\(boundary)" }

    /// What stands before the content of a part.
    /// - Parameters:
    ///   - isFirst: Whether it is the first part, before which no line has to be ended.
    ///   - contentType: Of this part, such as `application/dicom; transfer-syntax=1.2.840.10008.1.2.1`.
    ///   - length: Bytes of the content, where they are known.
    ///   - location: Content-Location, of bulk data and frames.
    public func head(isFirst: Bool, contentType: String? = nil, length: Int? = nil, location: String? = nil) -> Data {
        var text = (isFirst ? "" : "\r\n") + "--\(boundary)\r\nContent-Type: \(contentType ?? type)\r\n"
        if let length { text += "Content-Length: \(length)\r\n" }
        if let location { text += "Content-Location: \(location)\r\n" }
        return Data((text + "\r\n").utf8)
    }

    /// What stands behind the last part; of a body without parts it is all.
    public func tail(isEmpty: Bool = false) -> Data { Data("\(isEmpty ? "" : "\r\n")--\(boundary)--\r\n".utf8) }
}

/// A multipart body made of files and bytes, handed out piece by piece: memory is one piece.
public struct MultipartBody: Sequence, Sendable {
    public enum Content: Hashable, Sendable {
        case data(Data)
        /// `count` bytes of a file from `offset`.
        case file(URL, offset: Int, count: Int)

        /// All of a file.
        /// - Throws: Where it cannot be looked at.
        public static func file(_ url: URL) throws -> Content {
            guard let size = try FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int else {
                throw DICOMWebError(.unreadable, "the size of a file is not known")
            }
            return .file(url, offset: 0, count: size)
        }

        public var count: Int {
            switch self {
            case .data(let data): data.count
            case .file(_, _, let count): count
            }
        }
    }

    public struct Part: Hashable, Sendable {
        /// Several pieces are one content: the fragments of a frame.
        public var pieces: [Content]
        public var contentType: String?
        public var location: String?

        public init(_ pieces: [Content], contentType: String? = nil, location: String? = nil) {
            (self.pieces, self.contentType, self.location) = (pieces, contentType, location)
        }
    }

    public let writer: MultipartWriter
    /// What is sent, in this order.
    public let contents: [Content]
    /// Bytes of the whole body: its Content-Length.
    public let count: Int

    public init(_ parts: [Part], writer: MultipartWriter) {
        self.writer = writer
        var contents: [Content] = []
        for (index, part) in parts.enumerated() {
            let length = part.pieces.reduce(0) { $0 + $1.count }
            contents.append(
                .data(writer.head(isFirst: index == 0, contentType: part.contentType, length: length, location: part.location)))
            contents += part.pieces
        }
        contents.append(.data(writer.tail(isEmpty: parts.isEmpty)))
        self.contents = contents
        count = contents.reduce(0) { $0 + $1.count }
    }

    /// - Parameter pieceLength: Bytes of a piece, at most.
    public func makeIterator() -> Iterator { Iterator(contents, pieceLength: 1 << 18) }

    public struct Iterator: IteratorProtocol {
        private let contents: [Content]
        private let pieceLength: Int
        private var index = 0
        private var offset = 0
        private var handle: FileHandle?

        init(_ contents: [Content], pieceLength: Int) { (self.contents, self.pieceLength) = (contents, pieceLength) }

        /// `nil` at the end. A file that has become shorter, or cannot be read, gives an error, since the length was told already.
        public mutating func next() -> Result<Data, DICOMWebError>? {
            while index < contents.count {
                let left = contents[index].count - offset
                if left <= 0 {
                    (index, offset, handle) = (index + 1, 0, nil)
                    continue
                }
                let length = Swift.min(left, pieceLength)
                defer { offset += length }
                switch contents[index] {
                case .data(let data): return .success(Data(data.dropFirst(offset).prefix(length)))
                case .file(let url, let start, _): return read(url, at: start + offset, length)
                }
            }
            return nil
        }

        private mutating func read(_ url: URL, at place: Int, _ length: Int) -> Result<Data, DICOMWebError> {
            do {
                if handle == nil {
                    handle = try FileHandle(forReadingFrom: url)
                    try handle?.seek(toOffset: UInt64(place))
                }
                var data = Data()
                while data.count < length {
                    guard let more = try handle?.read(upToCount: length - data.count), !more.isEmpty else { break }
                    data.append(more)
                }
                if data.count == length { return .success(data) }
            } catch {}
            index = contents.count
            return .failure(DICOMWebError(.unreadable, "a file became shorter, or cannot be read"))
        }
    }
}
