import Archive
import Clinic
import DICOMNetwork
import Department
import DepartmentTesting
import Detection
import Foundation
import Geometry
import HL7
import Logging
import Peers
import PleuraTesting
import ResultObjects
import Results
import SettingsFiles
import Synchronization
import Testing

/// What a message server got.
private final class Got: Sendable {
    private let messages = Mutex<[HL7Message]>([])
    var all: [HL7Message] { messages.withLock { $0 } }
    func add(_ message: HL7Message) { messages.withLock { $0.append(message) } }
}

/// A department between a modality, a PACS and a RIS, over sockets of this machine.
@Suite(.serialized) struct WholeClinicTests {
    private struct Site {
        var room: DepartmentUnderTest
        var clinic: ClinicServices
        var modality: DICOMClient
        var pacs: StorageServer
        var ris: MLLPServer
        var told: Got
        var orders: MLLPClient

        func stop() async {
            await clinic.stop()
            await room.department.stop()
            await orders.close()
            await ris.stop(grace: .seconds(1))
        }
    }

    private func site(pacsIsThere: Bool = true, more: String = "") async throws -> Site {
        let folder = try TemporaryFolder()
        let pacs = try StorageServer(folder)
        let told = Got()
        let ris = try await MLLPServer.start(MLLPServer.Settings(), logger: .silent) { bytes, _ in
            guard let message = try? HL7Message(Array(bytes)) else { return [] }
            told.add(message)
            return [Data(AcknowledgementWriter().answer(to: message, .applicationAccept, date: Date()))]
        }
        let yaml = """
            page: https://room.example
            dicom:
              title: PLEURA
              listen: 127.0.0.1:0
              reserved_mb: 1
              peers:
                - {title: MODALITY, addresses: [127.0.0.1]}
            hl7:
              listen: 127.0.0.1:0
            retry: {first_seconds: 0.05, longest_seconds: 0.3}
            destinations:
              - {name: pacs, dicom: PACS@127.0.0.1:\(pacs.port)}
              - {name: ris, hl7: 127.0.0.1:\(ris.port)}
              - {name: shelf, folder: shelf, sends: [sr, pdf, oru, fhir]}
            \(more)
            """
        let clinic = try ClinicServices(
            try ClinicConfiguration(try SettingsTable(yaml: yaml, folder: folder.url)), productVersion: "0", logger: .silent)
        let room = try await DepartmentUnderTest(in: folder, delivery: clinic.delivery)
        try await clinic.start(room.department)
        let ports = clinic.addresses.compactMap { $0.split(separator: ":").last.flatMap { Int($0) } }
        #expect(ports.count == 2)
        return Site(
            room: room, clinic: clinic,
            modality: DICOMClient(callingTitle: "MODALITY", calledTitle: "PLEURA", host: "127.0.0.1", port: UInt16(ports[0])), pacs: pacs,
            ris: ris, told: told, orders: MLLPClient(to: PeerEndpoint(host: "127.0.0.1", port: ports[1])))
    }

    private static func order(_ accession: String, control: String = "1", urgency: String = "S") -> Data {
        Data(
            [
                "MSH|^~\\&|HIS|H|PLEURA||20261130120000||ORM^O01^ORM_O01|\(control)|P|2.5.1", "PID|1||P1^^^H||DOE^JANE",
                "ORC|NW|PL7|FI7", "OBR|1|PL7|FI7|CXR^Chest^L|||||||||cough|||||\(accession)",
                "TQ1|1||||||||\(urgency)",
            ].joined(separator: "\r").utf8)
    }

    /// A study comes in; within moments the PACS has objects that say what the model found, the RIS a preliminary result.
    @Test func aStudyGoesThrough() async throws {
        let site = try await site()
        try site.modality.echo()
        let answer = try await site.orders.send(Self.order("A1"))
        #expect(try Acknowledgement(HL7Message(Array(answer))).code == .applicationAccept)
        let image = DepartmentUnderTest.dicom { $0.set(0x0008, 0x0050, "SH", "A1") }
        let report = try site.modality.store([.bytes(image)])
        #expect(report.areAllStored)
        try await site.room.deliver()
        let study = try await site.room.study
        #expect(study.urgency == .stat && study.accessionNumber == "A1")
        let reading = try #require(try await site.room.archive.readings(of: study.id).first)
        let found = try site.pacs.files.map { try ResultReading(Data(contentsOf: $0)) }
        #expect(Set(found.map(\.kind)) == [.structuredReport, .presentationState, .secondaryCapture])
        for object in found {
            #expect(object.studyInstanceUID == "1.2.3" && object.images.map(\.sopInstanceUID) == ["1.2.3.4"])
            #expect(object.patient.id == "P1")
        }
        for kind in [ResultObject.Kind.structuredReport, .presentationState] {
            let boxes = found.first { $0.kind == kind }?.findings.compactMap(\.box) ?? []
            #expect(boxes.count == reading.content.findings.count && !boxes.isEmpty)
            for (box, said) in zip(boxes, reading.content.findings.map(\.box)) {
                #expect(abs(box.x - said.x) < 0.01 && abs(box.y - said.y) < 0.01 && abs(box.maxX - said.maxX) < 0.01)
            }
        }
        let result = try ORUReader().result(in: try #require(site.told.all.first))
        #expect(result.status == .preliminary && result.placerNumber == "PL7" && result.accessionNumber == "A1" && result.isUrgent)
        #expect(result.findings.map(\.label) == reading.content.findings.map(\.label))
        #expect(result.link == "https://room.example/#/study/\(study.id.rawValue)")
        let counts = try await site.room.archive.deliveryCounts()
        #expect(counts["pacs"] == [.delivered: 3] && counts["ris"] == [.delivered: 1] && counts["shelf"] == [.delivered: 4])
        await site.stop()
    }

    /// The same image again, and our own picture on its way back: acknowledged, and nothing new.
    @Test func whatComesBackIsNotReadAgain() async throws {
        let site = try await site()
        let image = DepartmentUnderTest.dicom()
        for _ in 0..<3 { #expect(try site.modality.store([.bytes(image)]).areAllStored) }
        try await site.room.deliver()
        let drawn = try site.pacs.files.filter { try ResultReading(Data(contentsOf: $0)).kind == .secondaryCapture }
        #expect(drawn.count == 1)
        for file in drawn { #expect(try site.modality.store([.file(file.path)]).areAllStored) }
        try await site.room.deliver()
        #expect(try await site.room.study.instanceCount == 1)
        #expect(try await site.room.archive.deliveryCounts()["pacs"] == [.delivered: 3])
        #expect(site.told.all.count == 1)
        await site.stop()
    }

    /// What cannot be kept is not acknowledged; a stranger's association is not taken.
    @Test func whatCannotBeKeptIsRefused() async throws {
        let site = try await site()
        var broken = DepartmentUnderTest.dicom(uid: "1.2.9")
        broken.removeLast(3_000)
        let report = try site.modality.store([.bytes(broken), .bytes(DepartmentUnderTest.dicom(uid: "1.2.8"))])
        #expect(report.outcomes.map(\.isStored) == [false, true])
        var stranger = site.modality
        stranger.callingTitle = "STRANGER"
        #expect(throws: DICOMNetworkError.self) { try stranger.echo() }
        await site.stop()
    }

    /// We are asked whether we keep what we were sent, and say it.
    @Test func storageCommitmentIsAnswered() async throws {
        let site = try await site()
        _ = try site.modality.store([.bytes(DepartmentUnderTest.dicom())])
        let references = ["1.2.3.4", "9.9.9"].map { SOPReference(classUID: "1.2.840.10008.5.1.4.1.1.1.1", instanceUID: $0) }
        let stored = try await site.room.archive.instance(sopInstanceUID: "1.2.3.4")?.sopClassUID
        let asked = [SOPReference(classUID: stored ?? "", instanceUID: "1.2.3.4"), references[1]]
        let result = try site.modality.requestCommitment(transactionUID: "2.25.7", of: asked, wait: 5)
        #expect(result?.committed.map(\.instanceUID) == ["1.2.3.4"])
        #expect(result?.failed.map(\.key.instanceUID) == ["9.9.9"])
        await site.stop()
    }

    /// Orders and patients: urgency, merge and unmerge, rubbish.
    @Test func messagesChangeStudies() async throws {
        let site = try await site()
        _ = try site.modality.store([.bytes(DepartmentUnderTest.dicom { $0.set(0x0008, 0x0050, "SH", "A1") })])
        try await site.room.settle()
        func send(_ lines: String...) async throws -> Acknowledgement {
            try Acknowledgement(HL7Message(Array(try await site.orders.send(Data(lines.joined(separator: "\r").utf8)))))
        }
        #expect(try Acknowledgement(HL7Message(Array(try await site.orders.send(Self.order("A1"))))).code == .applicationAccept)
        #expect(try await site.room.study.urgency == .stat)
        let merge = try await send(
            "MSH|^~\\&|HIS|H|PLEURA||20261130120000||ADT^A40^ADT_A39|2|P|2.5.1", "EVN|A40|20261130", "PID|1||P2||NEW^JANE", "MRG|P1")
        #expect(merge.code == .applicationAccept)
        #expect(try await site.room.study.patient.id == "P2")
        let unmerge = try await send(
            "MSH|^~\\&|HIS|H|PLEURA||20261130120000||ADT^A37^ADT_A37|3|P|2.5.1", "EVN|A37|20261130", "PID|1||P2", "PID|2||P1")
        #expect(unmerge.code == .applicationAccept)
        let restored = try await site.room.study.patient
        #expect(restored.id == "P1" && restored.name == "DOE^JANE")
        // The enhanced mode: receipt first, then what came of it.
        let enhanced = try await site.orders.send(
            Data("MSH|^~\\&|HIS|H|PLEURA||20261130||ADT^A08^ADT_A01|5|P|2.5.1|||AL|AL\rEVN|A08|20261130\rPID|1||P1||DOE^MARY\r".utf8)
        ) { bytes in ((try? HL7Message(Array(bytes))).flatMap { try? Acknowledgement($0) })?.code.isCommit == true ? .more : .last }
        #expect(try enhanced.map { try Acknowledgement(HL7Message(Array($0))).code } == [.commitAccept, .applicationAccept])
        #expect(try await site.room.study.patient.name == "DOE^MARY")
        let unknown = try await send("MSH|^~\\&|HIS|H|PLEURA||20261130120000||ZZZ^Z01|4|P|2.5.1", "ZZZ|1")
        #expect(unknown.code == .applicationReject && unknown.messageControlID == "4")
        let rubbish = try await site.orders.send(Data("hello".utf8))
        #expect(try Acknowledgement(HL7Message(Array(rubbish))).code == .applicationReject)
        await site.stop()
    }
}
