import Archive
import Foundation
import PleuraTesting
import Radiographs
import Testing

/// QIDO-RS and WADO-RS.
@Suite struct DICOMWebReadTests {
    /// Two studies: of Jane two images in two series and a report that was made of them, of John one image.
    private struct Site {
        let room: Room
        let files: [Data]
        static let study = "/dicom-web/studies/\(SentFiles.study(1))"
        static let series = study + "/series/\(SentFiles.series(1))"
        static let instance = series + "/instances/\(SentFiles.instance(1))"

        init() async throws {
            room = try Room()
            files = [
                SentFiles.radiograph(1), SentFiles.radiograph(2, series: 2),
                SentFiles.radiograph(3, study: 2, patient: "P-2", name: "Smith^John", accession: "ACC-2", date: "20250101"),
            ]
            for (index, file) in files.enumerated() { _ = try room.addAndRead(file, name: "\(index).dcm") }
            let archive = try room.archive()
            let report = SentFiles.report(9)
            let file = ResultFile(
                identifier: SentFiles.instance(9), kind: "sr", study: StudyID(ofUID: SentFiles.study(1)), reading: 1,
                sopClassUID: SentFiles.structuredReport, seriesInstanceUID: SentFiles.series(9), size: report.count,
                digest: try archive.content.add(report), made: Date())
            try await archive.publish([file], to: [], completing: nil, now: Date())
        }

        func search(_ target: String) throws -> [[String: Any]] {
            let answer = try room.server.request("GET", "/dicom-web/" + target, fields: ["Accept": "application/dicom+json"])
            #expect(answer.status == 200 && answer.fields["content-type"] == "application/dicom+json", "\(target): \(answer.status)")
            return answer.datasets
        }
    }

    @Test func studiesAreSearchedFor() async throws {
        let site = try await Site()
        #expect(try site.search("studies").count == 2)
        for (query, wanted) in [
            ("PatientID=P-1", [1]), ("00100020=P-2", [2]), ("PatientName=doe*", [1]), ("PatientName=*JOHN", [2]), ("PatientName=Doe", []),
            ("PatientName=jane&fuzzymatching=true", [1]), ("AccessionNumber=ACC-2", [2]), ("StudyDate=20260101-", [1]),
            ("StudyDate=20240101-20251231", [2]), ("StudyDate=20261130&PatientID=P-2", []), ("ModalitiesInStudy=SR", [1]),
            ("StudyInstanceUID=\(SentFiles.study(2))", [2]), ("StudyInstanceUID=\(SentFiles.study(1)),\(SentFiles.study(2)),1.2", [1, 2]),
            ("StudyTime=101112&PatientID=P-1", [1]), ("PatientID=P-*", [1, 2]), ("PatientID=P-9", []),
        ] as [(String, [Int])] {
            let found = try site.search("studies?" + query).compactMap { $0.value("0020000D") }
            #expect(Set(found) == Set(wanted.map(SentFiles.study)), "\(query)")
        }
        let row = try site.search("studies?PatientID=P-1").first ?? [:]
        #expect(row.value("00100010") == "Doe^Jane" && row.value("00080020") == "20261130" && row.value("00080050") == "ACC-1")
        #expect(row.value("00201206") == "3" && row.value("00201208") == "3" && row.value("00080030") == "101112")
        #expect(row.value("00081190") == "http://\(site.room.server.host)\(Site.study)")
        #expect(row["00080018"] == nil && row["7FE00010"] == nil)
    }

    @Test func pagesAreCutAndBadQuestionsRefused() async throws {
        let site = try await Site()
        let first = try site.room.server.request("GET", "/dicom-web/studies?limit=1")
        let second = try site.room.server.request("GET", "/dicom-web/studies?limit=1&offset=1")
        #expect(first.datasets.count == 1 && first.fields["warning"]?.contains("additional results") == true)
        #expect(second.datasets.count == 1 && second.fields["warning"] == nil)
        #expect(first.datasets.first?.value("0020000D") != second.datasets.first?.value("0020000D"))
        #expect(try site.search("studies?offset=5").isEmpty)
        for query in [
            "limit=x", "offset=-1", "offset=1000000", "StudyDate=yesterday", "StudyInstanceUID=abc", "Nonsense=1", "fuzzymatching=maybe",
        ] {
            #expect(try site.room.server.request("GET", "/dicom-web/studies?\(query)").status == 400, "\(query)")
        }
        #expect(try site.room.server.request("GET", "/dicom-web/studies", fields: ["Accept": "application/dicom+xml"]).status == 406)
        #expect(try site.room.server.request("GET", "/dicom-web/studies/x.y/series").status == 400)
    }

    @Test func seriesAndInstancesAreSearchedFor() async throws {
        let site = try await Site()
        let series = try site.search("studies/\(SentFiles.study(1))/series")
        #expect(series.compactMap { $0.value("0020000E") } == [1, 2, 9].map { SentFiles.series($0) })
        #expect(series.compactMap { $0.value("00080060") } == ["DX", "DX", "SR"] && series.allSatisfy { $0.value("00201209") == "1" })
        #expect(try site.search("series").count == 4)
        #expect(try site.search("series?Modality=SR").count == 1)
        #expect(try site.search("instances").count == 4)
        #expect(try site.search("instances?PatientID=P-2").compactMap { $0.value("00080018") } == [SentFiles.instance(3)])
        #expect(try site.search("studies/\(SentFiles.study(1))/instances").count == 3)
        let instances = try site.search("studies/\(SentFiles.study(1))/series/\(SentFiles.series(2))/instances")
        #expect(instances.count == 1 && instances.first?.value("00080018") == SentFiles.instance(2))
        #expect(instances.first?.value("00280010") == "64" && instances.first?.value("00200013") == "2")
        #expect(try site.search("studies/\(SentFiles.study(1))/instances?SOPClassUID=\(SentFiles.structuredReport)").count == 1)
        #expect(try site.search("studies/\(SentFiles.study(5))/series").isEmpty)
    }

    @Test func filesComeAsTheyWereSent() async throws {
        let site = try await Site()
        let accept = ["Accept": "multipart/related; type=\"application/dicom\"; transfer-syntax=*"]
        let study = try site.room.server.request("GET", Site.study, fields: accept)
        let parts = SentFiles.parts(of: study.body, type: study.fields["content-type"] ?? "")
        #expect(study.status == 200 && parts == [site.files[0], site.files[1], SentFiles.report(9)])
        let series = try site.room.server.request("GET", Site.series, fields: accept)
        #expect(SentFiles.parts(of: series.body, type: series.fields["content-type"] ?? "") == [site.files[0]])
        // Orthanc asks for anything, others for the one file by itself.
        let any = try site.room.server.request("GET", Site.instance, fields: ["Accept": "*/*"])
        #expect(SentFiles.parts(of: any.body, type: any.fields["content-type"] ?? "") == [site.files[0]])
        let single = try site.room.server.request("GET", Site.instance, fields: ["Accept": "application/dicom"])
        #expect(
            single.status == 200 && single.body == site.files[0] && single.fields["content-type"]?.hasPrefix("application/dicom") == true)
        let other = ["Accept": "multipart/related; type=\"application/dicom\"; transfer-syntax=1.2.840.10008.1.2.4.90"]
        #expect(try site.room.server.request("GET", Site.instance, fields: other).status == 406)
        for target in [
            "/dicom-web/studies/1.2.3", Site.study + "/series/1.2.3", Site.series + "/instances/1.2.3",
            Site.study + "/series/\(SentFiles.series(2))/instances/\(SentFiles.instance(1))",
            Site.study + "/series/\(SentFiles.series(1, study: 2))",
        ] {
            #expect(try site.room.server.request("GET", target).status == 404, "\(target)")
            #expect(try site.room.server.request("GET", target + "/metadata").status == 404, "\(target)")
        }
        #expect([400, 404].contains(try site.room.server.request("GET", "/dicom-web/studies/..%2F").status))
    }

    @Test func headersFramesPicturesAndBulkData() async throws {
        let site = try await Site()
        let metadata = try site.room.server.request("GET", Site.instance + "/metadata").datasets.first ?? [:]
        #expect(metadata.value("00100010") == "Doe^Jane" && metadata.value("00080018") == SentFiles.instance(1))
        let address = metadata.object("7FE00010").text("BulkDataURI") ?? ""
        #expect(address == "http://\(site.room.server.host)\(Site.instance)/bulkdata/7FE00010")
        #expect(try site.room.server.request("GET", Site.study + "/metadata").datasets.count == 3)
        let pixels = Data(DrawnPictures.cell(column: 1, row: 0).samples.map { UInt8(truncatingIfNeeded: $0) })
        let bulk = try site.room.server.request(
            "GET", Site.instance + "/bulkdata/7FE00010", fields: ["Accept": "application/octet-stream"])
        #expect(bulk.status == 200 && bulk.body == pixels)
        #expect(try site.room.server.request("GET", Site.instance + "/bulkdata/00990001").status == 404)
        #expect(try site.room.server.request("GET", Site.instance + "/bulkdata/pixels").status == 400)
        let frames = try site.room.server.request(
            "GET", Site.instance + "/frames/1", fields: ["Accept": "multipart/related; type=\"application/octet-stream\""])
        #expect(SentFiles.parts(of: frames.body, type: frames.fields["content-type"] ?? "") == [pixels])
        #expect(try site.room.server.request("GET", Site.instance + "/frames/2").status == 404)
        for bad in ["0", "x", "1,,2", "-1"] {
            #expect(try site.room.server.request("GET", Site.instance + "/frames/\(bad)").status == 400, "\(bad)")
        }
        for target in ["/rendered", "/frames/1/rendered", "/rendered?viewport=32,32"] {
            let picture = try site.room.server.request("GET", Site.instance + target, fields: ["Accept": "image/jpeg"])
            #expect(picture.status == 200 && picture.body.starts(with: [0xFF, 0xD8]), "\(target)")
        }
        #expect(try site.room.server.request("GET", Site.instance + "/rendered", fields: ["Accept": "image/gif"]).status == 406)
        #expect(try site.room.server.request("GET", Site.instance + "/rendered?viewport=0,0").status == 400)
        let actions = Set(try site.room.get("/api/v1/audit").list("entries").compactMap { $0.text("action") })
        #expect(actions.isSuperset(of: ["study.view", "image.view", "file.view"]))
    }

    @Test func aTokenReadsAndAPatientsCorrectionShows() async throws {
        let site = try await Site()
        let token = try await site.room.token()
        #expect(try site.room.request("GET", "/dicom-web/studies", token: token).datasets.count == 2)
        #expect(try site.room.request("GET", Site.study, token: token).status == 200)
        #expect(try site.room.request("GET", Site.study, token: "wrong").status == 401)
        let head = try site.room.request("HEAD", Site.instance, token: token)
        #expect(head.status == 200 && head.body.isEmpty)
    }
}
