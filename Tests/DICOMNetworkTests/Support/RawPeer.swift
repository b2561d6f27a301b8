import Foundation

/// A TCP connection that sends what a test wants, and the PDUs (PS3.8 9.3) to send.
final class RawPeer {
    private let descriptor: Int32

    init?(port: UInt16) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard result == 0 else {
            close(descriptor)
            return nil
        }
    }

    deinit { close(descriptor) }

    static func canConnect(to port: UInt16) -> Bool { RawPeer(port: port) != nil }

    func send(_ bytes: Data) {
        bytes.withUnsafeBytes { raw in
            var rest = raw[...]
            while !rest.isEmpty {
                let count = Foundation.send(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count, Int32(MSG_NOSIGNAL))
                guard count > 0 else { return }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// What has come after so many milliseconds at most; `nil` where the other side has closed.
    func receive(milliseconds: Int32) -> Data? {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&wanted, 1, milliseconds) > 0 else { return Data() }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Data(buffer.prefix(count)) : nil
    }

    /// The next PDU; `nil` where none comes.
    func pdu(milliseconds: Int32 = 5_000) -> Data? {
        var bytes = Data()
        func fill(_ count: Int) -> Bool {
            while bytes.count < count {
                var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                guard poll(&wanted, 1, milliseconds) > 0 else { return false }
                var buffer = [UInt8](repeating: 0, count: count - bytes.count)
                let got = recv(descriptor, &buffer, buffer.count, 0)
                guard got > 0 else { return false }
                bytes.append(contentsOf: buffer.prefix(got))
            }
            return true
        }
        guard fill(6) else { return nil }
        let length = bytes[2...5].reduce(0) { $0 << 8 | Int($1) }
        return length < 1 << 20 && fill(6 + length) ? bytes : nil
    }

    struct Context {
        var id: UInt8
        var abstractSyntax: String
        var transferSyntaxes: [String]
    }

    static func associate(
        called: String = "PLEURA", calling: String = "RAW", contexts: [Context], application: String = "1.2.840.10008.3.1.1.1",
        protocolVersion: UInt16 = 1
    ) -> Data {
        var body = big(protocolVersion) + Data(count: 2) + padded(called) + padded(calling) + Data(count: 32)
        body += item(0x10, Data(application.utf8))
        for context in contexts {
            var parts = Data([context.id, 0, 0, 0]) + item(0x30, Data(context.abstractSyntax.utf8))
            for syntax in context.transferSyntaxes { parts += item(0x40, Data(syntax.utf8)) }
            body += item(0x20, parts)
        }
        body += item(0x50, item(0x51, big(UInt32(16_384))) + item(0x52, Data("1.2.3.4".utf8)) + item(0x55, Data("RAW".utf8)))
        return pdu(1, body)
    }

    static func data(context: UInt8, isCommand: Bool, isLast: Bool = true, _ bytes: Data) -> Data {
        pdu(4, big(UInt32(bytes.count + 2)) + Data([context, (isCommand ? 1 : 0) | (isLast ? 2 : 0)]) + bytes)
    }

    static let release = pdu(5, Data(count: 4))

    static func pdu(_ type: UInt8, _ body: Data) -> Data { Data([type, 0]) + big(UInt32(body.count)) + body }

    /// A command set (PS3.7 E): texts and numbers of group 0000, implicit VR.
    static func command(_ elements: [(UInt16, Data)]) -> Data {
        var bytes = Data()
        for (number, value) in elements {
            bytes += Data([0, 0]) + little(number) + little(UInt32(value.count)) + value
        }
        return Data([0, 0, 0, 0]) + little(UInt32(4)) + little(UInt32(bytes.count)) + bytes
    }

    static func echo(context: UInt8 = 1) -> Data {
        data(
            context: context, isCommand: true,
            command([
                (0x0002, uid("1.2.840.10008.1.1")), (0x0100, little(UInt16(0x30))), (0x0110, little(UInt16(1))),
                (0x0800, little(UInt16(0x101))),
            ]))
    }

    static func storeCommand(context: UInt8, classUID: String, instance: String, message: UInt16 = 2) -> Data {
        data(
            context: context, isCommand: true,
            command([
                (0x0002, uid(classUID)), (0x0100, little(UInt16(1))), (0x0110, little(message)), (0x0700, little(UInt16(0))),
                (0x0800, little(UInt16(1))), (0x1000, uid(instance)),
            ]))
    }

    /// The status of a DIMSE answer in one P-DATA-TF PDU.
    static func status(of pdu: Data) -> UInt16? {
        let bytes = [UInt8](pdu)
        var place = 12
        while place + 8 <= bytes.count {
            let number = UInt16(bytes[place + 2]) | UInt16(bytes[place + 3]) << 8
            let length = (0..<4).reduce(0) { $0 | Int(bytes[place + 4 + $1]) << (8 * $1) }
            if number == 0x0900, place + 10 <= bytes.count { return UInt16(bytes[place + 8]) | UInt16(bytes[place + 9]) << 8 }
            place += 8 + length
        }
        return nil
    }

    private static func item(_ type: UInt8, _ body: Data) -> Data { Data([type, 0]) + big(UInt16(body.count)) + body }
    private static func padded(_ title: String) -> Data {
        Data(title.utf8.prefix(16)) + Data(repeating: 0x20, count: max(0, 16 - title.utf8.count))
    }
    private static func uid(_ text: String) -> Data { Data(text.utf8) + Data(count: text.utf8.count % 2) }
    static func big<Number: FixedWidthInteger>(_ number: Number) -> Data { withUnsafeBytes(of: number.bigEndian) { Data($0) } }
    static func little<Number: FixedWidthInteger>(_ number: Number) -> Data { withUnsafeBytes(of: number.littleEndian) { Data($0) } }
}
