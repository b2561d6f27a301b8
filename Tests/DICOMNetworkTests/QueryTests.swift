import CDICOMNetwork
import DICOMNetwork
import Foundation
import PleuraTesting
import Testing

extension DICOMNetworkTests {
    @Suite(.serialized) struct Query {
        /// A worklist of DCMTK's with one entry, whose text has `bytes`.
        private func worklist(_ name: String, set: String?, options: [String] = []) throws -> (PeerProgram, DICOMClient, TemporaryFolder) {
            let folder = try TemporaryFolder(), port = PeerProgram.freePort()
            try FileManager.default.createDirectory(at: folder.file("RIS"), withIntermediateDirectories: true)
            try Data().write(to: folder.file("RIS/lockfile"))
            var dump = set.map { "(0008,0005) CS [\($0)]\n" } ?? ""
            dump += """
                (0008,0050) SH [A17]
                (0008,0090) PN [Referrer]
                (0010,0010) PN [\(name)]
                (0010,0020) LO [P17]
                (0010,0030) DA [19700203]
                (0010,0040) CS [F]
                (0020,000d) UI [1.2.3.17]
                (0032,1060) LO [Chest]
                (0040,0100) SQ (Sequence with undefined length)
                  (fffe,e000) na (Item with undefined length)
                    (0008,0060) CS [DX]
                    (0040,0001) AE [ROOM1]
                    (0040,0002) DA [20240102]
                    (0040,0003) TM [101500]
                    (0040,0007) LO [PA and lateral]
                    (0040,0009) SH [S17]
                  (fffe,e00d) na
                (fffe,e0dd) na
                (0040,1001) SH [R17]
                (0040,1003) SH [HIGH]

                """
            // Latin 1, whatever the dump says.
            try #require(dump.data(using: .isoLatin1)).write(to: folder.file("entry.dump"))
            #expect(try PeerProgram.run("dump2dcm", [folder.file("entry.dump").path, folder.file("RIS/entry.wl").path]).status == 0)
            let program = try PeerProgram(
                "wlmscpfs", options + ["-s", "-dfp", folder.url.path, "\(port)"], port: port, directory: folder.url)
            return (program, DICOMClient(callingTitle: "PLEURA", calledTitle: "RIS", host: "127.0.0.1", port: port, patience: 10), folder)
        }

        @Test func aWorklistThatNamesNoCharacterSet() throws {
            let (program, client, folder) = try worklist("Müller^Jürgen", set: nil)
            let entries = try client.worklist(WorklistQuery(dates: DateRange(day: "20240102"), modality: "DX"))
            let entry = try #require(entries.first)
            #expect(
                entries.count == 1 && entry.patientName == "Müller^Jürgen" && entry.patientID == "P17" && entry.accessionNumber == "A17")
            #expect(
                entry.modality == "DX" && entry.startDate == "20240102" && entry.startTime == "101500" && entry.stationTitles == ["ROOM1"])
            #expect(entry.stepID == "S17" && entry.stepDescription == "PA and lateral" && entry.requestedProcedureID == "R17")
            #expect(entry.priority == "HIGH" && entry.studyInstanceUID == "1.2.3.17" && entry.requestedProcedureDescription == "Chest")
            // A site that means Latin 2 by it.
            #expect(try client.worklist(WorklistQuery(), characterSet: "ISO_IR 101").first?.patientName == "Müller^Jürgen")
            #expect(try client.worklist(WorklistQuery(), characterSet: "ISO_IR 144").first?.patientName != "Müller^Jürgen")
            // Other keys find nothing, or it.
            #expect(try client.worklist(WorklistQuery(modality: "CT")).isEmpty)
            #expect(
                try client.worklist(
                    WorklistQuery(dates: DateRange(from: "20240101", to: "20240103"), accessionNumber: "A17", patientID: "P17")
                ).count == 1)
            #expect(try client.worklist(WorklistQuery(dates: DateRange(from: "20240103", to: nil))).isEmpty)
            withExtendedLifetime((program, folder)) {}
        }

        @Test func characterSetsMisspeltAbsentAndDouble() {
            func text(_ bytes: [UInt8], _ set: String, fallback: String = "ISO_IR 100") -> String {
                guard let pointer = CDICOMUnicode(bytes, bytes.count, set, fallback, true) else { return "" }
                defer { free(pointer) }
                return String(cString: pointer)
            }
            let latin: [UInt8] = [0x4D, 0xFC, 0x6C], unicode = Array("Mül".utf8), greek: [UInt8] = [0xC4, 0xE9]
            for set in [
                "ISO_IR 100", "ISO IR 100", "ISO-IR 100", "iso_ir_100", "ISO_IR100", "ISO8859-1", "ISO_IR 100\\ISO_IR 100",
                "\\ISO 2022 IR 100", "",
            ] {
                #expect(text(latin, set) == "Mül", "\(set)")
            }
            for set in ["ISO_IR 192", "UTF-8", "utf8", "ISO_IR 192\\ISO 2022 IR 87", "ISO_IR 100\\ISO_IR 192", ""] {
                #expect(text(unicode, set) == "Mül", "\(set)")
            }
            #expect(text(greek, "ISO_IR 126") == "Δι" && text(greek, "", fallback: "ISO_IR 126") == "Δι")
            // PS3.5 H.3.1 and I.2: Japanese and Korean.
            let japanese: [UInt8] =
                Array("Yamada^Tarou=".utf8) + [
                    0x1B, 0x24, 0x42, 0x3B, 0x33, 0x45, 0x44, 0x1B, 0x28, 0x42, 0x5E, 0x1B, 0x24, 0x42, 0x42, 0x40, 0x4F, 0x3A, 0x1B, 0x28,
                    0x42,
                ]
            #expect(text(japanese, "\\ISO 2022 IR 87") == "Yamada^Tarou=山田^太郎")
            let korean: [UInt8] =
                Array("Hong^Gildong=".utf8) + [0x1B, 0x24, 0x29, 0x43, 0xFB, 0xF3, 0x5E, 0x1B, 0x24, 0x29, 0x43, 0xD1, 0xCE, 0xD4, 0xD7]
            #expect(text(korean, "\\ISO 2022 IR 149") == "Hong^Gildong=洪^吉洞")
            // What fits nothing is still a text.
            #expect(!text([0xFF, 0xFE, 0x80], "ISO_IR 192").isEmpty && !text([0xFF, 0x1B, 0x24], "nonsense").isEmpty)
        }

        @Test func priorsAreFoundAndMoved() throws {
            let folder = try TemporaryFolder(), port = PeerProgram.freePort(), node = try TestNode()
            try FileManager.default.createDirectory(at: folder.file("DB"), withIntermediateDirectories: true)
            let configuration = """
                NetworkTCPPort = \(port)
                MaxPDUSize = 16384
                MaxAssociations = 16
                HostTable BEGIN
                pleura = (PLEURA, 127.0.0.1, \(node.port))
                HostTable END
                VendorTable BEGIN
                VendorTable END
                AETable BEGIN
                PACS \(folder.file("DB").path) RW (200, 1024mb) ANY
                AETable END

                """
            try Data(configuration.utf8).write(to: folder.file("cfg"))
            let program = try PeerProgram("dcmqrscp", ["-c", folder.file("cfg").path], port: port, directory: folder.url)
            let client = DICOMClient(callingTitle: "PLEURA", calledTitle: "PACS", host: "127.0.0.1", port: port, patience: 10)
            let files = (1...3).map { SampleObject.file(instance: "1.2.3.\($0)", size: 100, seed: UInt8($0)) }
            #expect(try client.store(files.map { .bytes($0) }).areAllStored)

            let studies = try client.studies(StudyQuery(patientID: "P1", dates: DateRange(from: "20230101", to: "20241231")))
            let study = try #require(studies.first)
            #expect(studies.count == 1 && study.studyInstanceUID == "1.2.826.0.1.3680043.8.498.100" && study.patientName == "Test^Patient")
            #expect(study.accessionNumber == "A1" && study.studyDate == "20240102")
            #expect(try client.studies(StudyQuery(patientID: "P2")).isEmpty)
            #expect(try client.studies(StudyQuery(patientID: "P1", dates: DateRange(day: "20240103"))).isEmpty)
            let series = try client.series(ofStudy: study.studyInstanceUID)
            #expect(series.map(\.seriesInstanceUID) == ["1.2.826.0.1.3680043.8.498.101"] && series.first?.modality == "DX")
            let instances = try client.instances(ofStudy: study.studyInstanceUID, series: "1.2.826.0.1.3680043.8.498.101")
            #expect(Set(instances.map(\.sopInstanceUID)) == ["1.2.3.1", "1.2.3.2", "1.2.3.3"])
            let two = try client.find(
                [
                    "QueryRetrieveLevel": "IMAGE", "StudyInstanceUID": study.studyInstanceUID,
                    "SeriesInstanceUID": "1.2.826.0.1.3680043.8.498.101", "SOPInstanceUID": "",
                ],
                in: .studyRootFind, limit: 2)
            #expect(two.count == 2)

            var heard = 0
            let progress = try client.move(study: study.studyInstanceUID, to: "PLEURA") { _ in
                heard += 1; return true
            }
            #expect(progress.completed == 3 && progress.failed == 0 && progress.status == .success && heard > 0)
            for (index, file) in files.enumerated() {
                #expect(try node.inbox.dataset("1.2.3.\(index + 1)").suffix(10_000) == SampleObject.dataset(of: file).suffix(10_000))
            }
            let error = #expect(throws: DICOMNetworkError.self) { try client.move(study: study.studyInstanceUID, to: "NOWHERE") }
            #expect(error?.code == .refused)
            #expect(throws: DICOMNetworkError.self) { try client.find(["NoSuchKeyword": ""], in: .studyRootFind) }
            withExtendedLifetime(program) {}
        }
    }
}
