import Basics
import DICOMNetwork
import Foundation
import PleuraTesting
import Testing

/// All tests of this room go one after another: they start programs and fill ports.
@Suite(.serialized) enum DICOMNetworkTests {}

extension DICOMNetworkTests {
    @Suite(.serialized) struct Receiving {
        @Test func answersAnEchoAndIgnoresBlanksInTitles() throws {
            let node = try TestNode {
                $0.peers = [.init(title: " MODALITY ")]; $0.acceptsAnyPeer = false
            }
            let result = try PeerProgram.run("echoscu", ["-aet", "MODALITY", "-aec", "PLEURA", "127.0.0.1", "\(node.port)"])
            #expect(result.status == 0)
            // Blanks in front are no part of a title either.
            let raw = try #require(RawPeer(port: node.port))
            raw.send(
                RawPeer.associate(
                    called: " PLEURA", calling: " MODALITY",
                    contexts: [
                        .init(id: 1, abstractSyntax: SampleObject.verification, transferSyntaxes: [SampleObject.explicitLittleEndian])
                    ]))
            #expect(raw.pdu()?.first == 2)
            #expect(node.node.counts.echoes == 1 && node.node.counts.accepted == 2)
        }

        @Test func keepsWhatDCMTKSendsBitForBit() throws {
            let node = try TestNode()
            let file = SampleObject.file(instance: "1.2.826.0.1.3680043.8.498.1", size: 300)
            let path = node.folder.file("source.bin")
            try file.write(to: path)
            let result = try PeerProgram.run("dcmsend", ["-aet", "M", "-aec", "PLEURA", "127.0.0.1", "\(node.port)", path.path])
            #expect(result.status == 0)
            let object = try #require(node.inbox.notes.received.first)
            #expect(object.callingTitle == "M" && object.calledTitle == "PLEURA" && object.address == "127.0.0.1" && !object.isSecured)
            #expect(object.sopInstanceUID == "1.2.826.0.1.3680043.8.498.1" && object.transferSyntax == SampleObject.explicitLittleEndian)
            #expect(try node.inbox.dataset(object.sopInstanceUID) == SampleObject.dataset(of: file))
            #expect(object.datasetSize == UInt64(SampleObject.dataset(of: file).count))
            let kept = try Data(contentsOf: node.inbox.file(object.sopInstanceUID))
            #expect(object.fileSize == UInt64(kept.count))
            // The file meta information is a reader's: DCMTK's own tool.
            let dump = try PeerProgram.run(
                "dcmdump", ["-M", "+P", "0002,0003", "+P", "0002,0010", "+P", "0002,0016", node.inbox.file(object.sopInstanceUID).path])
            #expect(
                dump.output.contains("[1.2.826.0.1.3680043.8.498.1]") && dump.output.contains("[M]")
                    && dump.output.contains("=LittleEndianExplicit"))
            #expect(!node.names.contains { $0.hasSuffix(".part") })
        }

        /// Of files smaller and larger than what the digest is computed of at once, one after the other, and with refused ones between.
        @Test func computesTheDigestOfEachFileWhileItComes() throws {
            let node = try TestNode { $0.computesDigests = true }
            let sizes = [64, 300, 511, 512, 513, 1_100, 64]
            let files = sizes.enumerated().map { SampleObject.file(instance: "1.2.3.\($0 + 1)", size: $1, seed: UInt8($0)) }
            let refused = SampleObject.file(instance: "1.2.3.99", classUID: "1.2.840.10008.5.1.4.1.1.999")
            let objects = files.flatMap { [ObjectToStore.bytes($0), .bytes(refused)] }
            for _ in 0..<3 { #expect(try node.client.store(objects).outcomes.filter { $0.result == .stored }.count == files.count) }
            let received = node.inbox.notes.received
            #expect(received.count == 3 * files.count)
            for object in received {
                let kept = try Data(contentsOf: node.inbox.file(object.sopInstanceUID))
                #expect(object.sha256 == Digest(of: kept).hexadecimal, "\(kept.count) bytes")
            }
            let silent = try TestNode()
            _ = try silent.client.store([.bytes(files[0])])
            #expect(silent.inbox.notes.received.map(\.sha256) == [nil])
        }

        @Test func rejectsOtherTitlesAndAddresses() throws {
            let node = try TestNode {
                $0.acceptsAnyPeer = false
                $0.peers = [
                    .init(title: "HERE", addresses: ["127.0.0.0/8"]), .init(title: "ELSEWHERE", addresses: ["127.0.0.9", "fd00::/8"]),
                    .init(title: "SECURED", requiresSecurity: true),
                ]
            }
            func echo(_ calling: String, _ called: String) throws -> String {
                try PeerProgram.run("echoscu", ["-v", "-aet", calling, "-aec", called, "127.0.0.1", "\(node.port)"]).errors
            }
            #expect(try echo("HERE", "PLEURA").contains("Received Echo Response (Success)"))
            #expect(try echo("HERE", "OTHER").contains("Called AE Title Not Recognized"))
            #expect(try echo("NOBODY", "PLEURA").contains("Calling AE Title Not Recognized"))
            #expect(try echo("ELSEWHERE", "PLEURA").contains("Calling AE Title Not Recognized"))
            #expect(try echo("SECURED", "PLEURA").contains("Rejected Permanent"))
            let counts = node.node.counts
            #expect(counts.rejected[.calledTitle] == 1 && counts.rejected[.callingTitle] == 1 && counts.rejected[.address] == 1)
            #expect(counts.rejected[.unsecured] == 1 && counts.accepted == 1)
            #expect(node.inbox.notes.events.filter { $0.kind == .rejected }.count == 4)
        }

        @Test func threeAtATimeAndTheFourthIsToldSo() throws {
            let node = try TestNode { $0.associationLimit = 3 }
            let request = RawPeer.associate(contexts: [
                .init(id: 1, abstractSyntax: SampleObject.verification, transferSyntaxes: [SampleObject.explicitLittleEndian])
            ])
            let held = try (0..<3).map { _ in try #require(RawPeer(port: node.port)) }
            for peer in held {
                peer.send(request)
                #expect(peer.pdu()?.first == 2)
            }
            let error = #expect(throws: DICOMNetworkError.self) { try node.client.echo() }
            #expect(error?.code == .rejected && error?.reason == "transient: local limit exceeded" && error?.mayPass == true)
            held[0].send(RawPeer.release)
            #expect(held[0].pdu()?.first == 6)
            #expect(eventually { (try? node.client.echo()) != nil })
        }

        @Test func silentConnectionsKeepNobodyOut() throws {
            let node = try TestNode {
                $0.openingLimit = 4; $0.openingPatience = 1
            }
            let silent = (0..<12).compactMap { _ in RawPeer(port: node.port) }
            let start = Date()
            try node.client.echo()
            #expect(Date().timeIntervalSince(start) < 1)
            // They are let go, whether they said nothing or the beginning of something.
            silent.last?.send(Data([1, 0, 0, 0]))
            #expect(eventually { node.node.counts.openConnections == 0 })
            #expect(node.node.counts.failedOpening == UInt64(silent.count))
        }

        @Test func endsAnAssociationThatSaysNothing() throws {
            let node = try TestNode { $0.patience = 1 }
            let raw = try #require(RawPeer(port: node.port))
            raw.send(
                RawPeer.associate(contexts: [
                    .init(id: 1, abstractSyntax: SampleObject.verification, transferSyntaxes: [SampleObject.explicitLittleEndian])
                ]))
            #expect(raw.pdu()?.first == 2)
            #expect(raw.pdu()?.first == 7)
            #expect(eventually { node.node.counts.openAssociations == 0 && node.node.counts.aborted == 1 })
            #expect(node.inbox.notes.events.last?.reason == "the peer said nothing for too long" && node.node.counts.malformed == 0)
        }

        @Test func refusesWhenTheDiskIsNearlyFull() throws {
            let node = try TestNode { $0.reservedBytes = .max }
            let file = SampleObject.file(instance: "1.2.3.4")
            let report = try node.client.store([.bytes(file), .bytes(file)])
            #expect(report.outcomes.map(\.result) == [.refused(.outOfResources), .refused(.outOfResources)])
            #expect(report.outcomes.map(\.mayPass) == [true, true])
            #expect(node.names.isEmpty && node.inbox.notes.received.isEmpty && node.node.counts.refusedFull == 2)
        }

        @Test(.enabled(if: geteuid() == 0)) func acknowledgesNothingThatAFullDiskTookHalf() throws {
            let place = try TemporaryFolder()
            guard try Shell.run("mount -t tmpfs -o size=256k tmpfs '\(place.url.path)'").status == 0 else { return }
            defer { _ = try? Shell.run("umount -l '\(place.url.path)'") }
            let node = try TestNode {
                $0.folder = place.url.path; $0.reservedBytes = 0
            }
            // The first is too large; a small one fits before and after.
            let small = SampleObject.file(instance: "1.2.3.1"), large = SampleObject.file(instance: "1.2.3.2", size: 700)
            let begin = Date()
            let report = try node.client.store([.bytes(small), .bytes(large), .bytes(small)])
            #expect(report.outcomes.map(\.result) == [.stored, .refused(.outOfResources), .stored])
            #expect(Date().timeIntervalSince(begin) < 5)
            #expect(node.inbox.notes.received.count == 2)
            #expect(try Files.names(in: place.url).isEmpty)
        }

        @Test func theSameObjectAtOnceAndAgain() throws {
            let node = try TestNode()
            let file = SampleObject.file(instance: "1.2.3.4", size: 400)
            let client = node.client
            DispatchQueue.concurrentPerform(iterations: 8) { _ in
                let report = try? client.store([.bytes(file), .bytes(file)])
                #expect(report?.areAllStored == true)
            }
            #expect(node.names == ["1.2.3.4.dcm"] && node.node.counts.stored == 16)
            #expect(try node.inbox.dataset("1.2.3.4") == SampleObject.dataset(of: file))
        }

        @Test(arguments: [DIMSEStatus.outOfResources, .doesNotMatchClass, .cannotUnderstand])
        func tellsTheHandlersRefusal(_ status: DIMSEStatus) throws {
            let node = try TestNode(status: status)
            let report = try node.client.store([.bytes(SampleObject.file(instance: "1.2.3.4"))])
            #expect(report.outcomes.map(\.result) == [.refused(status)])
            #expect(node.names.isEmpty && node.node.counts.refusedByHandler == 1)
        }

        @Test func keepsNothingOfAnObjectThatBreaksOff() throws {
            let node = try TestNode()
            for ending in 0..<2 {
                let raw = try #require(RawPeer(port: node.port))
                raw.send(
                    RawPeer.associate(contexts: [
                        .init(id: 1, abstractSyntax: SampleObject.digitalXRay, transferSyntaxes: [SampleObject.explicitLittleEndian])
                    ]))
                #expect(raw.pdu()?.first == 2)
                raw.send(RawPeer.storeCommand(context: 1, classUID: SampleObject.digitalXRay, instance: "1.2.3"))
                raw.send(RawPeer.data(context: 1, isCommand: false, isLast: false, Data(count: 1_000)))
                // A release in the middle of a dataset, or no more at all.
                if ending == 0 { raw.send(RawPeer.release) }
            }
            #expect(eventually { node.node.counts.incomplete == 2 && node.node.counts.openConnections == 0 })
            #expect(node.names.isEmpty && node.inbox.notes.received.isEmpty)
        }

        @Test func removesWhatAnEarlierProcessLeft() throws {
            let folder = try TemporaryFolder()
            // Process ids above the kernel's limit are nobody's; the first process always lives.
            for name in ["incoming-99999999-1-1.part", "incoming-1-1-1.part", "incoming-99999999-1-1.dcm", "mine.part"] {
                try Data([1]).write(to: folder.file(name))
            }
            let node = try TestNode { $0.folder = folder.url.path }
            #expect(try Files.names(in: folder.url) == ["incoming-1-1-1.part", "incoming-99999999-1-1.dcm", "mine.part"])
            withExtendedLifetime(node) {}
        }

        @Test func refusesWhatIsNoUID() throws {
            let node = try TestNode()
            let raw = try #require(RawPeer(port: node.port))
            raw.send(
                RawPeer.associate(contexts: [
                    .init(id: 1, abstractSyntax: SampleObject.digitalXRay, transferSyntaxes: [SampleObject.explicitLittleEndian])
                ]))
            #expect(raw.pdu()?.first == 2)
            func store(_ classUID: String, _ instance: String) -> UInt16? {
                raw.send(RawPeer.storeCommand(context: 1, classUID: classUID, instance: instance))
                raw.send(RawPeer.data(context: 1, isCommand: false, Data(count: 100)))
                return raw.pdu().flatMap(RawPeer.status)
            }
            #expect(store(SampleObject.digitalXRay, "../../etc/passwd") == 0x0117)
            #expect(store("1.2.840.10008.5.1.4.1.1.2", "1.2.3") == 0xA900)
            #expect(store(SampleObject.digitalXRay, "1.2.3") == 0x0000)
            // 65 characters: no message that the standard knows; the association ends, the node does not.
            #expect(store(SampleObject.digitalXRay, "1." + String(repeating: "2", count: 68)) == nil)
            try node.client.echo()
            #expect(node.names == ["1.2.3.dcm"])
        }

        @Test func refusesPrivateSyntaxesCleanly() throws {
            let node = try TestNode()
            let raw = try #require(RawPeer(port: node.port))
            raw.send(
                RawPeer.associate(contexts: [
                    .init(id: 1, abstractSyntax: SampleObject.digitalXRay, transferSyntaxes: ["1.2.840.113619.5.2"]),
                    .init(id: 3, abstractSyntax: "1.3.46.670589.5.0.1", transferSyntaxes: [SampleObject.explicitLittleEndian]),
                    .init(
                        id: 5, abstractSyntax: SampleObject.digitalXRay,
                        transferSyntaxes: ["1.2.840.113619.5.2", SampleObject.explicitLittleEndian]),
                ]))
            let answer = [UInt8](try #require(raw.pdu()))
            #expect(answer.first == 2)
            // Presentation contexts of A-ASSOCIATE-AC: 21H, length, id, reserved, result.
            var results: [UInt8: UInt8] = [:], place = 74
            while place + 8 < answer.count {
                if answer[place] == 0x21 { results[answer[place + 4]] = answer[place + 6] }
                place += 4 + Int(answer[place + 2]) << 8 + Int(answer[place + 3])
            }
            #expect(results == [1: 4, 3: 3, 5: 0])
        }

        @Test func stopsAnIdleAssociationAtOnceAndFinishesWhatItReceives() throws {
            let node = try TestNode(delay: 0.7)
            let idle = try #require(RawPeer(port: node.port)), silent = RawPeer(port: node.port)
            idle.send(
                RawPeer.associate(contexts: [
                    .init(id: 1, abstractSyntax: SampleObject.verification, transferSyntaxes: [SampleObject.explicitLittleEndian])
                ]))
            #expect(idle.pdu()?.first == 2)
            let client = node.client
            let sending = DispatchQueue(label: "sending"), group = DispatchGroup()
            nonisolated(unsafe) var outcomes: [StoreOutcome] = []
            let objects = (1...3).map { ObjectToStore.bytes(SampleObject.file(instance: "1.2.3.\($0)")) }
            sending.async(group: group) { outcomes = (try? client.store(objects).outcomes) ?? [] }
            #expect(eventually { node.inbox.notes.received.count == 1 })
            let start = Date()
            node.node.stop()
            let seconds = Date().timeIntervalSince(start)
            group.wait()
            #expect(seconds < 3)
            // What was told as stored is there; the rest is neither.
            #expect(outcomes.map(\.isStored) == [true, false, false])
            #expect(node.names == ["1.2.3.1.dcm"])
            #expect(idle.pdu()?.first == 7, "the idle one is aborted")
            #expect(node.node.counts.openConnections == 0)
            _ = silent
        }

        @Test func saysWhatIsWrongWithItsSettings() throws {
            func code(_ change: (inout DICOMNodeSettings) -> Void) -> DICOMNetworkError.Code? {
                do { _ = try TestNode(change) } catch { return (error as? DICOMNetworkError)?.code }
                return nil
            }
            let taken = try TestNode()
            #expect(code { $0.title = "A title of more than 16 characters" } == .badSettings)
            #expect(code { $0.folder = "/nowhere/at/all" } == .badSettings)
            #expect(code { $0.peers = [.init(title: "A", addresses: ["10.0.0.0/33"])] } == .badSettings)
            #expect(code { $0.listeners = [] } == .badSettings)
            #expect(code { $0.listeners = [.init(address: "localhost", port: 0)] } == .cannotListen)
            #expect(code { $0.listeners = [.init(port: taken.port)] } == .cannotListen)
            #expect(
                code { $0.listeners = [.init(port: 0, security: TransportSecurity(certificate: "/nowhere", key: "/nowhere"))] } == .security
            )
            #expect(code { $0.listeners = [.init(port: 0), .init(address: "::1", port: 0)] } == nil)
        }
    }
}
