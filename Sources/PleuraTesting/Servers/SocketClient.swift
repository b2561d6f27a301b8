import Foundation

/// HTTP/1.1 over a socket of 127.0.0.1, byte for byte as a test wants it: what a well-behaved client would never send can be sent, too.
public final class SocketClient {
    public struct Answer: Sendable {
        public var status: Int
        /// Names in lower case; of several of one name, joined by commas.
        public var fields: [String: String]
        public var body: Data

        public var text: String { String(decoding: body, as: UTF8.self) }

        /// The body as JSON: dictionaries, arrays, texts, numbers.
        public var json: Any? { try? JSONSerialization.jsonObject(with: body) }
    }

    public enum Failure: Error {
        case cannotConnect
        /// The other side closed, or said nothing for so long.
        case noAnswer
    }

    private let descriptor: Int32
    private var received = Data()

    /// - Parameter patience: Seconds that are waited for a byte.
    public init(port: Int, patience: Int = 60) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close(descriptor)
            throw Failure.cannotConnect
        }
    }

    deinit { close(descriptor) }

    /// - Returns: Whether all bytes were taken.
    @discardableResult
    public func send(_ bytes: Data) -> Bool {
        bytes.withUnsafeBytes { (raw: UnsafeRawBufferPointer) -> Bool in
            var rest = raw[...]
            while !rest.isEmpty {
                let count = Foundation.send(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count, Int32(MSG_NOSIGNAL))
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }

    /// Some bytes; nil where the other side has closed or says nothing.
    public func receive() -> Data? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Data(buffer.prefix(count)) : nil
    }

    /// A request with the usual fields, and its answer.
    public func request(
        _ method: String, _ target: String, host: String = "127.0.0.1", fields: [String: String] = [:], body: Data? = nil
    ) throws -> Answer {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: \(host)\r\n"
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) { head += "\(name): \(value)\r\n" }
        if let body { head += "Content-Length: \(body.count)\r\n" }
        // What is refused early may close before all is sent; the answer is there all the same.
        send(Data((head + "\r\n").utf8) + (body ?? Data()))
        return try answer(hasBody: method != "HEAD")
    }

    /// The next answer.
    public func answer(hasBody: Bool = true) throws -> Answer {
        var answer = try head()
        // 100 Continue stands before the answer itself.
        while answer.status == 100 { answer = try head() }
        guard hasBody, answer.status != 204, answer.status != 304 else { return answer }
        if answer.fields["transfer-encoding"]?.lowercased().contains("chunked") == true {
            while true {
                let line = try line()
                let size = Int(line.prefix { $0.isHexDigit }, radix: 16) ?? 0
                guard size > 0 else {
                    _ = try self.line()
                    break
                }
                answer.body += try take(size)
                _ = try self.line()
            }
        } else if let length = answer.fields["content-length"].flatMap(Int.init) {
            answer.body = try take(length)
        } else {
            while let more = receive() { received += more }
            answer.body = received
            received = Data()
        }
        return answer
    }

    /// Status and fields; what follows stays to be read.
    public func head() throws -> Answer {
        let first = try line().split(separator: " ")
        guard first.count >= 2, let status = Int(first[1]) else { throw Failure.noAnswer }
        var fields: [String: String] = [:]
        while true {
            let line = try line()
            guard let colon = line.firstIndex(of: ":") else { break }
            let name = line[..<colon].lowercased()
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            fields[name] = fields[name].map { $0 + ", " + value } ?? value
        }
        return Answer(status: status, fields: fields, body: Data())
    }

    /// Up to the next end of a line, without it. A stream that only says that it lives is given up after two minutes in all.
    public func line() throws -> String {
        let begun = Date()
        while true {
            if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
                var line = received[received.startIndex..<end]
                if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
                received = Data(received[(end + 1)...])
                return String(decoding: line, as: UTF8.self)
            }
            guard Date().timeIntervalSince(begun) < 120, let more = receive() else { throw Failure.noAnswer }
            received += more
        }
    }

    private func take(_ count: Int) throws -> Data {
        while received.count < count {
            guard let more = receive() else { throw Failure.noAnswer }
            received += more
        }
        defer { received = Data(received.dropFirst(count)) }
        return Data(received.prefix(count))
    }
}
