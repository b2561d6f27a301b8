import Foundation

/// Takes a multipart body apart as it arrives, in pieces of any size. Memory is one piece and the longest header, whatever the parts hold.
///
/// Strict where it matters: lines end by CR LF, and the last boundary must come. A preamble and an epilogue are skipped; so is a
/// Content-Length in a part,
/// since the boundary says where it ends. Parts that are multipart themselves are plain bytes here.
public struct MultipartParser {
    public enum Event: Hashable, Sendable {
        /// Header fields, names in lower case.
        case begin([String: String])
        case body(Data)
        case end
    }

    public struct Limits: Hashable, Sendable {
        public var parts: Int
        /// Bytes of all header fields of a part.
        public var headerBytes: Int
        /// Bytes before the first boundary.
        public var preambleBytes: Int
        public var partBytes: Int

        public init(parts: Int = 100_000, headerBytes: Int = 8_192, preambleBytes: Int = 65_536, partBytes: Int = .max) {
            (self.parts, self.headerBytes, self.preambleBytes, self.partBytes) = (parts, headerBytes, preambleBytes, partBytes)
        }
    }

    private enum State { case preamble, afterBoundary, header, body, epilogue }

    private let delimiter: [UInt8]
    private let limits: Limits
    /// What is not yet known to be content, and what has not been looked at. Begins as if a line had just ended, for a boundary that is
    /// the first line.
    private var buffer: [UInt8] = [0x0D, 0x0A]
    private var state = State.preamble
    private var partCount = 0
    private var partBytes = 0
    private var preambleBytes = 0
    /// A header has just ended.
    private var mayBeEmpty = false

    /// - Parameter boundary: As `MultipartBoundary` gives it.
    public init(boundary: String, limits: Limits = Limits()) {
        delimiter = Array("\r\n--\(boundary)".utf8)
        self.limits = limits
    }

    /// Whole parts so far.
    public var count: Int { state == .body || state == .header ? partCount - 1 : partCount }

    /// - Throws: `DICOMWebError`, and what `sink` throws. After that the parser is of no further use.
    public mutating func push(_ bytes: some Sequence<UInt8>, into sink: (Event) throws -> Void) throws {
        guard state != .epilogue else { return }
        buffer.append(contentsOf: bytes)
        var start = 0
        defer { buffer.removeFirst(min(start, buffer.count)) }
        while try step(&start, sink) {}
    }

    /// - Throws: `DICOMWebError` where the body ended before its last boundary.
    public mutating func finish() throws {
        guard state == .epilogue else {
            throw DICOMWebError(.badMultipart, "the body is cut off in part \(max(partCount, 1)), before its last boundary")
        }
    }

    /// Goes on by one boundary, header or piece of content; false where more bytes are needed.
    private mutating func step(_ start: inout Int, _ sink: (Event) throws -> Void) throws -> Bool {
        switch state {
        case .preamble, .body: return try content(&start, sink)
        case .afterBoundary: return try boundaryEnd(&start)
        case .header: return try header(&start, sink)
        case .epilogue:
            start = buffer.count
            return false
        }
    }

    private mutating func content(_ start: inout Int, _ sink: (Event) throws -> Void) throws -> Bool {
        if mayBeEmpty {
            // The line that ends the header may belong to the next boundary: then the part is empty.
            if delimiter.starts(with: buffer[start...].prefix(delimiter.count)) {
                guard buffer.count - start >= delimiter.count else { return false }
            } else {
                start += 2
            }
            mayBeEmpty = false
        }
        let found = buffer.firstRange(of: delimiter, from: start)
        // A boundary may have begun at the end.
        let end = found ?? max(start, buffer.count - delimiter.count + 1)
        if end > start {
            if state == .body {
                partBytes += end - start
                guard partBytes <= limits.partBytes else {
                    throw DICOMWebError(.tooLarge, "a part of more than \(limits.partBytes) bytes")
                }
                try sink(.body(Data(buffer[start..<end])))
            } else {
                preambleBytes += end - start
                guard preambleBytes <= limits.preambleBytes + 2 else {
                    throw DICOMWebError(.badMultipart, "no boundary in the first \(limits.preambleBytes) bytes")
                }
            }
            start = end
        }
        guard found != nil else { return false }
        start += delimiter.count
        if state == .body { try sink(.end) }
        state = .afterBoundary
        return true
    }

    /// Behind a boundary: two hyphens at the end of all, else blanks and the end of the line.
    private mutating func boundaryEnd(_ start: inout Int) throws -> Bool {
        var place = start
        while place < buffer.count, buffer[place] == 0x20 || buffer[place] == 0x09 { place += 1 }
        guard place - start <= 256 else { throw DICOMWebError(.badMultipart, "a boundary is followed by other bytes") }
        guard place + 2 <= buffer.count else { return false }
        switch (buffer[place], buffer[place + 1]) {
        case (0x2D, 0x2D) where place == start: state = .epilogue
        case (0x0D, 0x0A):
            partCount += 1
            guard partCount <= limits.parts else { throw DICOMWebError(.tooLarge, "more than \(limits.parts) parts") }
            (state, partBytes) = (.header, 0)
            // The line's end may be the empty line that ends a header without fields.
            start = place
            return true
        default: throw DICOMWebError(.badMultipart, "a boundary is followed by other bytes")
        }
        start = place + 2
        return true
    }

    private mutating func header(_ start: inout Int, _ sink: (Event) throws -> Void) throws -> Bool {
        // From the end of the boundary's line to the empty line.
        guard let end = buffer.firstRange(of: [0x0D, 0x0A, 0x0D, 0x0A], from: start) else {
            guard buffer.count - start <= limits.headerBytes else { throw headerTooLong }
            return false
        }
        guard end - start <= limits.headerBytes else { throw headerTooLong }
        var fields: [String: String] = [:]
        for line in String(decoding: buffer[start..<end], as: UTF8.self).split(separator: "\r\n") {
            guard let colon = line.firstIndex(of: ":"), !line.hasPrefix(" "), !line.contains("\n"), !line.contains("\r") else {
                throw DICOMWebError(.badMultipart, "a header of part \(partCount) has a line that is no field")
            }
            let name = line[..<colon].lowercased()
            guard !name.isEmpty, name.utf8.allSatisfy(FieldScanner.isToken) else {
                throw DICOMWebError(.badMultipart, "a header of part \(partCount) has a line that is no field")
            }
            if fields[name] == nil { fields[name] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces) }
        }
        try sink(.begin(fields))
        (start, state, mayBeEmpty) = (end + 2, .body, true)
        return true
    }

    private var headerTooLong: DICOMWebError {
        DICOMWebError(.badMultipart, "the header of part \(partCount) has more than \(limits.headerBytes) bytes")
    }
}

extension [UInt8] {
    /// Where a pattern begins first, at or behind `start`.
    fileprivate func firstRange(of pattern: [UInt8], from start: Int) -> Int? {
        withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, let first = pattern.first else { return nil }
            var place = start
            while place + pattern.count <= bytes.count,
                let found = memchr(base + place, Int32(first), bytes.count - pattern.count - place + 1)
            {
                place = base.distance(to: UnsafeRawPointer(found))
                if pattern.withUnsafeBytes({ $0.baseAddress.map { memcmp(base + place, $0, pattern.count) } ?? 1 }) == 0 { return place }
                place += 1
            }
            return nil
        }
    }
}
