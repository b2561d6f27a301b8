import Foundation
import Synchronization

/// A small HTTP/1.1 server on 127.0.0.1 that does as it is told, lies included; one connection a request.
public final class LyingServer: Sendable {
    public struct Request: Sendable {
        public var path: String
        /// Names in lower case.
        public var fields: [String: String]

        /// The first byte that is asked for.
        public var offset: Int? { fields["range"].flatMap { Int($0.dropFirst("bytes=".count).prefix { $0 != "-" }) } }
    }

    public struct Reply: Sendable {
        public var status: Int
        public var fields: [String: String]
        public var body: Data
        /// Nil sends no Content-Length: the body ends with the connection.
        public var promised: Int?
        /// Body bytes after which the connection is closed.
        public var cut: Int?
        /// Body bytes a second.
        public var rate: Int?
        /// The connection is closed without a word.
        public var isSilent: Bool
        /// Seconds before the first byte.
        public var delay: Double
        /// In chunks (RFC 9112, 7.1) instead of with a promised length.
        public var isChunked: Bool

        public init(
            status: Int = 200, fields: [String: String] = [:], body: Data = Data(), promised: Int? = nil, cut: Int? = nil, rate: Int? = nil,
            isSilent: Bool = false, delay: Double = 0, isChunked: Bool = false
        ) {
            (self.status, self.fields, self.body, self.promised, self.cut) = (status, fields, body, promised, cut)
            (self.rate, self.isSilent, self.delay, self.isChunked) = (rate, isSilent, delay, isChunked)
        }

        /// With a body of the promised length.
        public static func of(_ status: Int, _ fields: [String: String] = [:], _ body: Data = Data()) -> Reply {
            Reply(status: status, fields: fields, body: body, promised: body.count)
        }

        /// As a good server answers: the part that is asked for, if the condition holds.
        public static func file(_ data: Data, _ request: Request, tag: String? = "\"v1\"") -> Reply {
            var fields = tag.map { ["ETag": $0] } ?? [:]
            if let condition = request.fields["if-range"], condition != tag { return of(200, fields, data) }
            guard let offset = request.offset else { return of(200, fields, data) }
            guard offset < data.count else { return of(416, ["Content-Range": "bytes */\(data.count)"]) }
            fields["Content-Range"] = "bytes \(offset)-\(data.count - 1)/\(data.count)"
            return of(206, fields, data.dropFirst(offset))
        }
    }

    private let heard = Mutex((requests: [Request](), sentBytes: 0))
    private let listener: Int32
    public let port: UInt16
    private let answer: @Sendable (Request, Int) -> Reply

    /// - Parameter answer: Given the request and how many came before it; called in a thread of the connection's own.
    public init(_ answer: @escaping @Sendable (Request, Int) -> Reply) throws {
        self.answer = answer
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = listener
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(socket, address, length) == 0 && listen(socket, 64) == 0 && getsockname(socket, address, &length) == 0
            }
        }
        guard isListening else { throw CocoaError(.fileReadUnknown) }
        port = UInt16(bigEndian: address.sin_port)
        signal(SIGPIPE, SIG_IGN)
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(socket, nil, nil)
                guard connection >= 0 else { return }
                guard let self else {
                    close(connection)
                    return
                }
                Thread.detachNewThread { self.serve(connection) }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    public var address: String { "http://127.0.0.1:\(port)" }
    public func url(_ path: String) -> URL { URL(string: address + path) ?? URL(fileURLWithPath: "/") }
    public var requests: [Request] { heard.withLock { $0.requests } }
    /// Body bytes handed to the network.
    public var sentBytes: Int { heard.withLock { $0.sentBytes } }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        guard let request = read(connection) else { return }
        let count = heard.withLock {
            $0.requests.append(request)
            return $0.requests.count - 1
        }
        let reply = answer(request, count)
        if reply.delay > 0 { Thread.sleep(forTimeInterval: reply.delay) }
        if reply.isSilent { return }
        var head = "HTTP/1.1 \(reply.status) Whatever\r\nConnection: close\r\n"
        for (name, value) in reply.fields { head += "\(name): \(value)\r\n" }
        if reply.isChunked {
            head += "Transfer-Encoding: chunked\r\n"
        } else if let promised = reply.promised {
            head += "Content-Length: \(promised)\r\n"
        }
        guard write(connection, Data((head + "\r\n").utf8)) else { return }
        let body = Data(reply.body.prefix(reply.cut ?? reply.body.count))
        let piece = reply.rate.map { max(1, $0 / 20) } ?? 65536
        var start = 0
        while start < body.count {
            let part = body[start..<min(body.count, start + piece)]
            let framed = reply.isChunked ? Data((String(part.count, radix: 16) + "\r\n").utf8) + part + Data("\r\n".utf8) : part
            guard write(connection, framed) else { return }
            heard.withLock { $0.sentBytes += part.count }
            start += part.count
            if reply.rate != nil { Thread.sleep(forTimeInterval: 0.05) }
        }
        if reply.isChunked, reply.cut == nil { _ = write(connection, Data("0\r\n\r\n".utf8)) }
        // So that what was sent arrives before the connection goes.
        shutdown(connection, Int32(SHUT_WR))
        var rest = [UInt8](repeating: 0, count: 4096)
        while recv(connection, &rest, rest.count, 0) > 0 {}
    }

    private func read(_ connection: Int32) -> Request? {
        var bytes = Data()
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.range(of: Data("\r\n\r\n".utf8)) == nil {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes.append(contentsOf: buffer[0..<count])
        }
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
        let parts = (lines.first ?? "").split(separator: " ")
        guard parts.count == 3 else { return nil }
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        return Request(path: String(parts[1]), fields: fields)
    }

    private func write(_ connection: Int32, _ data: Data) -> Bool {
        var rest = data
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
