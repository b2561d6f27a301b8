import Basics
import DICOMWeb
import Deidentification
import Foundation
import PleuraTesting
import Testing

@Suite struct DeidentificationTests {
    private static let files = DeidentificationCorpus.files

    @Test func theOraclesAreLaid() { #expect(Self.files.count == 7 && Self.files.contains { $0.needles.count > 1_000 }) }

    /// Every attribute of the table had a value of its own, in the dataset and in a sequence.
    @Test(arguments: DeidentificationCorpus.options) func nothingThatIdentifiesIsLeftAnywhere(_ options: DeidentificationOptions) throws {
        let deidentifier = Deidentifier(options: options, key: try DeidentificationCorpus.key())
        // With full dates the table keeps elements of all kinds, whatever stands in them.
        for file in Self.files where options.dates != .full || !file.name.hasPrefix("all") {
            let found = try deidentifier.deidentify(file.bytes)
            let left = file.needleBytes.filter { needle in
                // Times of day are kept by an option.
                let isTime = needle.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E } && needle.count == 13
                return found.bytes.range(of: needle) != nil && (options.dates == .removed || !isTime)
            }
            #expect(left.isEmpty, "\(file.name): \(left.prefix(5).map { String(decoding: $0, as: UTF8.self) })")
        }
    }

    @Test func pixelsStayBitForBit() throws {
        let deidentifier = Deidentifier(key: try DeidentificationCorpus.key())
        for file in Self.files {
            let before = try StoredFrames(file.bytes), after = try StoredFrames(deidentifier.deidentify(file.bytes).bytes)
            #expect(after.transferSyntax == file.transferSyntax)
            #expect(try before.bytes(ofFrame: 1) == after.bytes(ofFrame: 1), "\(file.name)")
            if file.transferSyntax != "1.2.840.10008.1.2.2" {
                #expect(Digest(of: try after.bytes(ofFrame: 1)).hexadecimal == file.stored, "\(file.name)")
            }
        }
    }

    @Test func uidsStayConsistentOverFilesAndChangeWithTheKey() throws {
        let deidentifier = Deidentifier(key: try DeidentificationCorpus.key())
        var (mapped, patients) = ([String: Set<String>](), [String: Set<String>]())
        for file in Self.files {
            let found = try deidentifier.deidentify(file.bytes)
            for (old, new) in [
                (file.study, found.studyInstanceUID), (file.series, found.seriesInstanceUID), (file.instance, found.sopInstanceUID),
            ] {
                mapped[old, default: []].insert(new)
                #expect(new.hasPrefix("2.25.") && new.utf8.count <= 64)
            }
            // Those with everything have an issuer of Patient ID, which makes it another's number.
            if !file.name.hasPrefix("all") { patients[file.patient, default: []].insert(found.patientID) }
            let source = try #require(try found.header.items(DICOMAttribute(tag: 0x0008_2112)).first)
            mapped[file.study + ".5.1", default: []].insert(try #require(source.text(DICOMAttribute(tag: 0x0008_1155))))
            #expect(source.text(DICOMAttribute(tag: 0x0008_1150)) == "1.2.840.10008.5.1.4.1.1.1")
            // The same file, the same bytes.
            #expect(try deidentifier.deidentify(file.bytes).bytes == found.bytes)
            let other = try Deidentifier(key: DeidentificationCorpus.key(8)).deidentify(file.bytes)
            #expect(other.studyInstanceUID != found.studyInstanceUID && other.patientID != found.patientID)
            // Meta information names the new instance.
            #expect(found.bytes.prefix(600).range(of: Data(found.sopInstanceUID.utf8)) != nil)
            #expect(found.bytes.prefix(128).allSatisfy { $0 == 0 })
        }
        #expect(mapped.values.allSatisfy { $0.count == 1 } && Set(mapped.values).count == mapped.count)
        #expect(patients.values.allSatisfy { $0.count == 1 } && Set(patients.values).count == patients.count)
    }

    @Test func datesMoveTogether() throws {
        let deidentifier = Deidentifier(options: DeidentificationOptions(dates: .modified), key: try DeidentificationCorpus.key())
        var shifts: [String: Set<Int>] = [:]
        for file in Self.files where !file.name.hasPrefix("all") {
            let found = try deidentifier.deidentify(file.bytes)
            let day = try #require(try found.text(0x0008_0020))
            #expect(
                try found.text(0x0008_0021) == day && found.text(0x0008_002A) == day + "101112.5+0100"
                    && found.text(0x0008_0030) == "101112")
            #expect(try found.text(0x0028_0303) == "MODIFIED")
            shifts[file.patient, default: []].insert(try Self.days(file.day) - Self.days(day))
        }
        #expect(shifts.count == 2 && shifts.values.allSatisfy { $0.count == 1 && (366...3_652).contains($0.first ?? 0) })
        let full = try Deidentifier(options: DeidentificationOptions(dates: .full), key: DeidentificationCorpus.key()).deidentify(
            Self.files[0].bytes)
        #expect(try full.text(0x0008_0020) == Self.files[0].day && full.text(0x0028_0303) == "UNMODIFIED")
        let removed = try Deidentifier(key: DeidentificationCorpus.key()).deidentify(Self.files[0].bytes)
        #expect(try removed.text(0x0008_0020) == nil && removed.text(0x0028_0303) == "REMOVED")
    }

    private static func days(_ text: String) throws -> Int {
        let formatter = DateFormatter()
        (formatter.dateFormat, formatter.timeZone, formatter.locale) = (
            "yyyyMMdd", TimeZone(identifier: "UTC"), Locale(identifier: "en_US_POSIX")
        )
        return Int(try #require(formatter.date(from: text)).timeIntervalSince1970 / 86_400)
    }

    @Test func whatWasDoneIsSaid() throws {
        let options = DeidentificationOptions(
            dates: .modified, retainsUIDs: true, retainsDeviceIdentity: true, retainsInstitutionIdentity: true,
            retainsPatientCharacteristics: true,
            cleansDescriptors: true, cleansStructuredContent: true)
        let found = try Deidentifier(options: options, key: DeidentificationCorpus.key()).deidentify(Self.files[0].bytes)
        #expect(try found.text(0x0012_0062) == "YES" && found.text(0x0012_0063)?.utf8.count ?? 99 <= 64)
        let codes = try found.header.items(DICOMAttribute(tag: 0x0012_0064)).compactMap { $0.text(DICOMAttribute(tag: 0x0008_0100)) }
        #expect(codes == ["113100", "113104", "113105", "113107", "113108", "113109", "113110", "113112"])
        #expect(found.sopInstanceUID == Self.files[0].instance)
        #expect(try found.text(0x0010_0040) == "F" && found.text(0x0010_1010) == "084Y" && found.text(0x0008_1030) == "Chest PA")
        #expect(try found.text(0x0010_0010) == "PSEUDONYM^\(found.patientID)")
        #expect(found.bytes.range(of: Data("ISO_IR 100".utf8)) != nil)
        // The maker's name held the patient's.
        #expect(found.warnings.contains { $0.kind == .identifyingText } && found.counts.cleanedTexts > 0)
        let plain = try Deidentifier(key: DeidentificationCorpus.key()).deidentify(Self.files[0].bytes)
        #expect(try plain.text(0x0010_0040) == nil && plain.text(0x0010_1010) == nil && plain.text(0x0008_1030) == nil)
        #expect(plain.counts.removedPrivate >= 2 && plain.counts.mappedUIDs >= 5)
        // Once more changes the UIDs again, but not what is said.
        let again = try Deidentifier(key: DeidentificationCorpus.key()).deidentify(plain.bytes)
        #expect(try again.header.items(DICOMAttribute(tag: 0x0012_0064)).count == 1)
    }

    @Test func keysAreLongEnoughAndSilent() throws {
        #expect(throws: DeidentificationError(.badKey, "")) { try DeidentificationKey(Data(count: 31)) }
        let bytes = DeidentificationKey.random()
        #expect(bytes.count == 32 && bytes != DeidentificationKey.random())
        #expect("\(try DeidentificationKey(bytes))" == "a key")
    }
}
