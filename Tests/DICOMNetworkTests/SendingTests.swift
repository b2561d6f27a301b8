import DICOMNetwork
import Foundation
import PleuraTesting
import Synchronization
import Testing

extension DICOMNetworkTests {
    @Suite(.serialized) struct Sending {
        /// A store that takes uncompressed objects only, as DCMTK's does by default, and keeps bytes as they come.
        private func store(_ arguments: [String] = []) throws -> (PeerProgram, UInt16, TemporaryFolder) {
            let folder = try TemporaryFolder(), port = PeerProgram.freePort()
            let program = try PeerProgram(
                "storescp", arguments + ["+B", "-aet", "STORE", "-od", folder.url.path, "\(port)"], port: port, directory: folder.url)
            return (program, port, folder)
        }
        private func client(_ port: UInt16) -> DICOMClient {
            DICOMClient(callingTitle: "PLEURA", calledTitle: "STORE", host: "localhost", port: port, patience: 10)
        }
        private func compressed(_ tool: String, _ arguments: [String] = []) throws -> Data {
            let folder = try TemporaryFolder()
            try SampleObject.file(instance: "1.2.3.9", size: 200).write(to: folder.file("plain"))
            let result = try PeerProgram.run(tool, arguments + [folder.file("plain").path, folder.file("packed").path])
            #expect(result.status == 0)
            return try Data(contentsOf: folder.file("packed"))
        }

        @Test func sendsWhatIsStoredBitForBit() throws {
            let (program, port, folder) = try store()
            let file = SampleObject.file(instance: "1.2.3.4", size: 500)
            let path = try TemporaryFolder()
            try file.write(to: path.file("a.dcm"))
            let report = try client(port).store([.file(path.file("a.dcm").path), .bytes(SampleObject.file(instance: "1.2.3.5", seed: 9))])
            #expect(report.areAllStored && report.error == nil && report.outcomes.allSatisfy { !$0.wasTranscoded })
            let kept = try Files.names(in: folder.url).map { SampleObject.dataset(of: try Data(contentsOf: folder.file($0))) }
            #expect(kept.contains(SampleObject.dataset(of: file)) && kept.count == 2)
            withExtendedLifetime(program) {}
        }

        @Test(arguments: [("dcmcrle", []), ("dcmcjpls", []), ("dcmcjpeg", ["+e1"])] as [(String, [String])])
        func decodesWhatThePeerDoesNotTake(_ tool: String, _ arguments: [String]) throws {
            let (program, port, folder) = try store()
            let packed = try compressed(tool, arguments)
            let report = try client(port).store([.bytes(packed)])
            #expect(report.areAllStored && report.outcomes[0].wasTranscoded)
            #expect(report.outcomes[0].sentSyntax == TransferSyntaxes.explicitLittleEndian)
            // Lossless: the pixels are those of before.
            let kept = try Data(contentsOf: folder.file(try #require(try Files.names(in: folder.url).first)))
            let pixels = SampleObject.dataset(of: SampleObject.file(instance: "1.2.3.9", size: 200)).suffix(40_000)
            #expect(SampleObject.dataset(of: kept).suffix(40_000) == pixels)
            withExtendedLifetime(program) {}
            // A peer that takes all gets it as it is stored.
            let node = try TestNode()
            #expect(try node.client.store([.bytes(packed)]).outcomes[0].wasTranscoded == false)
            #expect(try node.inbox.dataset(report.outcomes[0].sopInstanceUID) == SampleObject.dataset(of: packed))
        }

        @Test func asksItsCallerForWhatNothingDecodes() throws {
            let (program, port, folder) = try store()
            let unpackable = SampleObject.file(instance: "1.2.3.4", syntax: "1.2.840.10008.1.2.4.90")
            let without = try client(port).store([.bytes(unpackable)])
            #expect(without.outcomes[0].result == .notSent(nil) && without.outcomes[0].reason.contains("JPEG 2000") && without.error == nil)
            #expect(!without.outcomes[0].mayPass)
            let asked = Mutex<[String]>([])
            let with = try client(port).store(
                [.bytes(unpackable), .bytes(SampleObject.file(instance: "1.2.3.5"))],
                transcoding: { index, syntax in
                    asked.withLock { $0.append("\(index) \(syntax)") }
                    return SampleObject.file(instance: "1.2.3.4")
                })
            #expect(with.areAllStored && with.outcomes.map(\.wasTranscoded) == [true, false], "\(with)")
            #expect(asked.withLock { $0 } == ["0 \(TransferSyntaxes.explicitLittleEndian)"])
            withExtendedLifetime((program, folder)) {}
        }

        @Test func moreThan128PresentationContexts() throws {
            let classes = (1...90).map { "1.2.826.0.1.3680043.8.498.5.\($0)" }
            let node = try TestNode { $0.storageClasses = classes }
            let told = Mutex(0)
            // 90 classes of two transfer syntaxes each are 180 contexts.
            let report = try node.client.store(
                classes.enumerated().map { .bytes(SampleObject.file(instance: "1.2.3.\($0.offset + 1)", classUID: $0.element)) },
                told: { _ in told.withLock { $0 += 1 } })
            #expect(report.areAllStored && told.withLock { $0 } == 90)
            #expect(node.node.counts.accepted == 2 && node.names.count == 90)
            #expect(eventually { node.node.counts.released == 2 })
        }

        @Test(arguments: [DIMSEStatus.coercedElements, .elementsDiscarded, .warningDoesNotMatchClass])
        func aWarningIsStored(_ status: DIMSEStatus) throws {
            let node = try TestNode(status: status)
            let report = try node.client.store([.bytes(SampleObject.file(instance: "1.2.3.4"))])
            #expect(report.outcomes[0].result == .storedWithWarning(status) && report.areAllStored && !report.outcomes[0].mayPass)
            #expect(node.names.count == 1)
        }

        @Test func saysWhatIsNoObject() throws {
            let node = try TestNode()
            let good = SampleObject.file(instance: "1.2.3.4")
            let report = try node.client.store([
                .file("/nowhere"), .bytes(Data()), .bytes(Data("text".utf8)), .bytes(good.prefix(200)), .bytes(good.dropLast(1)),
                .file("/tmp"),
                .bytes(good), .bytes(SampleObject.file(instance: "1.2.x")),
                .bytes(SampleObject.file(instance: "1.2.3.5", classUID: "1.3.46.670589.5.0.1")),
            ])
            #expect(report.outcomes.map(\.isStored) == [false, false, false, false, false, false, true, false, false])
            #expect(report.outcomes.allSatisfy { $0.isStored || !$0.reason.isEmpty })
            #expect(report.outcomes.map(\.index) == Array(0..<9))
            #expect(node.names == ["1.2.3.4.dcm"])
        }

        @Test func cancelsFromAnotherThread() throws {
            let node = try TestNode(delay: 2)
            let cancellation = Cancellation()
            DispatchQueue.global().asyncAfter(deadline: .now() + 0.3) { cancellation.cancel() }
            let start = Date()
            let report = try node.client.store(
                [.bytes(SampleObject.file(instance: "1.2.3.4")), .bytes(SampleObject.file(instance: "1.2.3.5"))], cancellation: cancellation
            )
            #expect(Date().timeIntervalSince(start) < 1.5)
            #expect(report.error?.code == .cancelled && report.outcomes.count == 2 && !report.outcomes.contains(where: \.isStored))
            let error = #expect(throws: DICOMNetworkError.self) { try node.client.echo(cancellation: cancellation) }
            #expect(error?.code == .cancelled)
        }

        @Test func aTaskMayWaitAndBeCancelled() async throws {
            let node = try TestNode(delay: 1.5)
            try await node.client.onOwnThread { try $0.echo(cancellation: $1) }
            let client = node.client
            let sending = Task {
                try await client.onOwnThread { try $0.store([.bytes(SampleObject.file(instance: "1.2.3.4"))], cancellation: $1) }
            }
            try await Task.sleep(for: .milliseconds(300))
            let start = Date()
            sending.cancel()
            let report = try await sending.value
            #expect(report.error?.code == .cancelled && Date().timeIntervalSince(start) < 1)
        }

        @Test func tellsWhyThereIsNoAssociation() throws {
            let node = try TestNode()
            func code(_ change: (inout DICOMClient) -> Void) -> DICOMNetworkError? {
                var client = node.client
                client.patience = 1
                change(&client)
                do { try client.echo() } catch { return error as? DICOMNetworkError }
                return nil
            }
            let wrong = code { $0.calledTitle = "OTHER" }
            #expect(wrong?.code == .rejected && wrong?.reason == "permanent: called AE title not recognised" && wrong?.mayPass == false)
            let closed = code { $0.port = PeerProgram.freePort() }
            #expect(closed?.code == .cannotConnect && closed?.mayPass == true)
            #expect(code { $0.host = "no-such-host.invalid" }?.code == .cannotConnect)
            #expect(code { $0.calledTitle = "" }?.code == .badSettings)
            // Something that listens and says nothing.
            let listening = try SilentListener()
            let start = Date()
            let silent = code { $0.port = listening.port }
            #expect(silent?.code == .lost && silent?.mayPass == true && Date().timeIntervalSince(start) < 4)
        }

        @Test func aPeerThatGoesAwayLeavesNoDoubt() throws {
            // It takes the association and closes at the first data.
            let listening = try SilentListener(answers: true)
            let report = try client(listening.port).store([
                .bytes(SampleObject.file(instance: "1.2.3.4")), .bytes(SampleObject.file(instance: "1.2.3.5")),
            ])
            #expect(report.error?.code == .lost && report.outcomes.count == 2)
            #expect(report.outcomes.allSatisfy { !$0.isStored && $0.mayPass })
        }
    }
}

/// A port of loopback that takes connections and says nothing, or accepts one association's contexts and closes.
private final class SilentListener: Sendable {
    let port: UInt16
    private let descriptor: Int32

    init(answers: Bool = false) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(descriptor, $0, size)
                getsockname(descriptor, $0, &size)
            }
            return UInt16(bigEndian: pointer.pointee.sin_port)
        }
        listen(descriptor, 5)
        (self.descriptor, self.port) = (descriptor, port)
        guard answers else { return }
        Thread.detachNewThread {
            let connection = accept(descriptor, nil, nil)
            guard connection >= 0 else { return }
            var buffer = [UInt8](repeating: 0, count: 65_536)
            _ = recv(connection, &buffer, buffer.count, 0)
            // The first context is accepted in explicit VR, whichever it is; the answer repeats the titles.
            let syntax = Data(SampleObject.explicitLittleEndian.utf8)
            func item(_ type: UInt8, _ body: Data) -> Data { Data([type, 0]) + RawPeer.big(UInt16(body.count)) + body }
            let body =
                Data(buffer[6..<74]) + item(0x10, Data("1.2.840.10008.3.1.1.1".utf8)) + item(0x21, Data([1, 0, 0, 0]) + item(0x40, syntax))
                + item(0x21, Data([3, 0, 0, 0]) + item(0x40, Data(TransferSyntaxes.implicitLittleEndian.utf8)))
                + item(0x50, item(0x51, RawPeer.big(UInt32(16_384))) + item(0x52, Data("1.2.3.4".utf8)))
            let answer = RawPeer.pdu(2, body)
            _ = answer.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            _ = recv(connection, &buffer, buffer.count, 0)
            close(connection)
        }
    }

    deinit { close(descriptor) }
}
