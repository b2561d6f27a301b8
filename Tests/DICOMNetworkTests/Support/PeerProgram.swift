import Foundation
import PleuraTesting

/// One of DCMTK's servers on loopback, ended with the value.
final class PeerProgram {
    private let process = Process()

    /// - Parameters:
    ///   - arguments: With the port where they say it.
    ///   - port: That it has to listen at before this returns.
    init(_ name: String, _ arguments: [String], port: UInt16, directory: URL) throws {
        guard let program = OtherProgram.found(name) else { throw CocoaError(.fileNoSuchFile) }
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        guard eventually(20, { RawPeer.canConnect(to: port) }) else { throw CocoaError(.executableLoad) }
    }

    deinit {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// A port that nobody listens at.
    static func freePort() -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(descriptor, $0, size)
                getsockname(descriptor, $0, &size)
            }
            return UInt16(bigEndian: pointer.pointee.sin_port)
        }
    }

    /// Runs a tool to its end; what it wrote.
    @discardableResult
    static func run(_ name: String, _ arguments: [String]) throws -> Shell.Result {
        guard let program = OtherProgram.found(name) else { throw CocoaError(.fileNoSuchFile) }
        return try Shell.run(program: program, arguments)
    }

    static var areInstalled: Bool {
        ["storescp", "dcmsend", "echoscu", "dcmqrscp", "wlmscpfs"].allSatisfy { OtherProgram.found($0) != nil }
    }
}
