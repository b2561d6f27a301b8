import Archive
import DICOM
import Department
import DepartmentTesting
import Foundation
import Geometry
import PleuraTesting
import Radiographs
import Results
import Testing

@Suite struct IntakeTests {
    @Test func picturesAreStudiesOfTheirOwnAndAreRead() async throws {
        let room = try await DepartmentUnderTest()
        let bytes = try DepartmentUnderTest.cell(1, 2)
        let result = try await room.add(bytes, name: "folder/a picture.png")
        let taken = try #require(result.taken.first)
        #expect(result.refused.isEmpty && taken.name == "a picture.png" && !taken.isDuplicate)
        try await room.settle()
        let instance = try #require(try await room.archive.instance(taken.instance))
        #expect(instance.format == "PNG" && instance.columns == 64 && instance.rows == 64 && instance.sopInstanceUID.hasPrefix("2.25."))
        #expect(try room.archive.content.bytes(of: instance.digest) == bytes)
        let study = try await room.study
        #expect(study.standing.status == .read && study.standing.findings.map(\.label) == ["Bright"])
        let reading = try #require(try await room.archive.readings(of: study.id).first)
        // Beside the bright cell the 15 black ones score 0.5 as dark: candidates of the most sensitive point, and not shown.
        #expect(reading.content.findings.count == 1 && (reading.content.candidates?.count ?? 0) > 1)
        let box = try #require(reading.content.findings.first?.box)
        #expect(box.x == 16 && box.y == 32 && box.width == 24 && box.height == 16)
    }

    @Test func theSameFileTwiceIsOne() async throws {
        let room = try await DepartmentUnderTest(starts: false)
        let bytes = try DepartmentUnderTest.cell(0, 0)
        let (first, second) = (try await room.add(bytes, name: "a.png"), try await room.add(bytes, name: "b.png"))
        #expect(second.taken.map(\.isDuplicate) == [true] && first.taken.map(\.instance) == second.taken.map(\.instance))
        #expect(try await room.archive.jobCount(state: .waiting) == 1)
        #expect(room.archive.content.digests().count == 1)
    }

    @Test func oneUIDWithTwoPicturesIsRefusedAndWithOnePictureIsTheSame() async throws {
        let room = try await DepartmentUnderTest(starts: false)
        _ = try await room.add(DepartmentUnderTest.dicom(), name: "a.dcm")
        // The same picture under another comment, as a system writes that stores a file anew.
        let again = try await room.add(DepartmentUnderTest.dicom { $0.set(0x0020, 0x4000, "LT", "stored anew") }, name: "b.dcm")
        #expect(again.taken.map(\.isDuplicate) == [true] && again.refused.isEmpty)
        let other = try await room.add(DepartmentUnderTest.dicom(column: 3), name: "c.dcm")
        #expect(other.taken.isEmpty && other.refused.map(\.code) == ["conflict"])
        #expect(try await room.archive.instances(of: room.study.id).count == 1)
    }

    @Test func aStudyOfTwoImagesIsOneStudy() async throws {
        let room = try await DepartmentUnderTest()
        _ = try await room.add(DepartmentUnderTest.dicom(), name: "a.dcm")
        _ = try await room.add(DepartmentUnderTest.dicom(column: 0, uid: "1.2.3.5") { $0.set(0x0018, 0x5101, "CS", "LL") }, name: "b.dcm")
        try await room.settle()
        let study = try await room.study
        #expect(study.instanceCount == 2 && Set(study.views) == ["PA", "LL"] && study.patient.name == "DOE^JANE")
        #expect(study.standing.findings == [FoundLabel(label: "Bright", score: 1, count: 2)])
    }

    /// Trap: names in GB18030 empty (OHIF/Viewers#2716), and other character sets.
    @Test(arguments: [
        (
            "GB18030", [0x57, 0x61, 0x6E, 0x67, 0x5E, 0x58, 0x69, 0x61, 0x6F, 0x3D, 0xCD, 0xF5, 0x5E, 0xD0, 0xA1] as [UInt8],
            "Wang^Xiao=王^小"
        ),
        ("ISO_IR 100", [0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72], "Müller"),
        ("ISO_IR 192", Array("Ψαρά^Ελένη".utf8), "Ψαρά^Ελένη"),
        ("\\ISO 2022 IR 87", [0x59, 0x61, 0x3D, 0x1B, 0x24, 0x42, 0x3B, 0x33, 0x45, 0x44, 0x1B, 0x28, 0x42], "Ya=山田"),
        ("\\ISO 2022 IR 149", [0x48, 0x3D, 0x1B, 0x24, 0x29, 0x43, 0xC8, 0xAB], "H=홍"),
        ("\\ISO 2022 IR 58", [0x5A, 0x3D, 0x1B, 0x24, 0x29, 0x41, 0xD5, 0xC5], "Z=张"),
        ("", Array("PLAIN".utf8), "PLAIN"),
    ])
    func namesAreReadInTheirCharacterSet(set: String, bytes: [UInt8], name: String) async throws {
        let room = try await DepartmentUnderTest(starts: false)
        let file = DepartmentUnderTest.dicom {
            $0.set(0x0008, 0x0005, "CS", set)
            $0.set(0x0010, 0x0010, "PN", Data(bytes))
        }
        _ = try await room.add(file, name: "a.dcm")
        #expect(try await room.study.patient.name == name)
    }

    @Test func whatTheSenderWantsAtOnceIsWantedAtOnce() async throws {
        let room = try await DepartmentUnderTest(starts: false)
        _ = try await room.add(DepartmentUnderTest.dicom { $0.set(0x0040, 0x1003, "SH", "STAT") }, name: "a.dcm")
        let study = try await room.study
        #expect(study.urgency == .stat && study.standing.dueClass == "stat" && study.standing.due == study.received)
    }

    @Test func whatIsNoImageIsRefusedWithItsReason() async throws {
        let room = try await DepartmentUnderTest(starts: false)
        let cases: [(Data, String)] = [
            (Data(), "empty"), (Data("hello".utf8), "unknown_format"), (try DepartmentUnderTest.cell(0, 0).prefix(20), "damaged"),
            (DepartmentUnderTest.dicom { $0.remove(0x7FE0, 0x0010) }, "no_pixels"), (DepartmentUnderTest.dicom().prefix(400), "truncated"),
            (DICOMBytes(rows: 60_000, columns: 60_000, samples: Data([0, 0])).file(), "too_large"),
        ]
        for (bytes, code) in cases {
            let result = try await room.add(Data(bytes), name: "x")
            #expect(result.taken.isEmpty && result.refused.map(\.code) == [code], "\(code): \(result.refused)")
        }
        #expect(try await room.archive.worklist(WorklistQuery()).studies.isEmpty && room.archive.content.digests().isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: room.archive.content.incoming.path).isEmpty)
    }

    @Test func namesAreShownAndNeverPaths() async throws {
        let room = try await DepartmentUnderTest(starts: false)
        let long = String(repeating: "x", count: 10_000)
        for (index, (name, shown)) in [
            ("../../etc/passwd", "passwd"), ("C:\\scans\\a.png", "a.png"), ("a\u{0}b\n.png", "ab.png"), ("///", "unnamed"),
            (long, String(long.prefix(255))), ("<b>\u{202E}gnp.png", "<b>\u{202E}gnp.png"),
        ].enumerated() {
            let result = try await room.add(try DepartmentUnderTest.cell(index % 4, index / 4), name: name)
            #expect(result.taken.map(\.name) == [shown])
        }
    }

    @Test func anImageThatCannotBeDecodedFailsInTheListWithItsReason() async throws {
        let room = try await DepartmentUnderTest()
        // Its header is whole, its pixels are not.
        var bytes = try DrawnPictures.structured(1, side: 64).png()
        bytes.removeSubrange((bytes.count / 2)...)
        let result = try await room.add(bytes, name: "half.png")
        #expect(result.taken.count == 1)
        try await room.settle()
        let study = try await room.study
        #expect(study.standing.status == .failed && study.standing.dueClass == "failed" && study.standing.failure?.isEmpty == false)
    }
}
