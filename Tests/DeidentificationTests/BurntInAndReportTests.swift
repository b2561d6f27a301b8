import DICOMWeb
import Deidentification
import Foundation
import PleuraTesting
import Testing

@Suite struct BurntInAndReportTests {
    private static func image(_ change: (inout DICOMBytes) -> Void) -> Data {
        var bytes = DICOMBytes(rows: 2, columns: 2, samples: Data(count: 4))
        bytes.set(0x0010, 0x0010, "PN", "Needle^Nell")
        bytes.set(0x0010, 0x0020, "LO", "N-4711")
        bytes.set(0x0020, 0x000D, "UI", "1.2.3")
        change(&bytes)
        return bytes.file()
    }

    private static func warnings(_ bytes: Data) throws -> Set<DeidentificationWarning.Kind> {
        Set(try Deidentifier(key: DeidentificationCorpus.key()).deidentify(bytes).warnings.map(\.kind))
    }

    @Test func textInPixelsIsWarnedOf() throws {
        #expect(try Self.warnings(Self.image { _ in }) == [])
        let doubtful: [(inout DICOMBytes) -> Void] = [
            { $0.set(0x0028, 0x0301, "CS", "YES") }, { $0.set(0x0008, 0x0008, "CS", "DERIVED\\SECONDARY\\SCREEN SAVE") },
            { $0.set(0x0008, 0x0064, "CS", "SD") }, { $0.set(0x0008, 0x0060, "CS", "US") },
            { $0.set(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.7") }, { $0.set(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.7.2") },
        ]
        for change in doubtful {
            let bytes = Self.image(change)
            #expect(try Self.warnings(bytes) == [.burntInText])
            let strict = Deidentifier(options: DeidentificationOptions(burntInText: .refuse), key: try DeidentificationCorpus.key())
            #expect(throws: DeidentificationError(.burntIn, "")) { try strict.deidentify(bytes) }
        }
        // A file that says it has none is believed, unless it shows a screen.
        #expect(
            try Self.warnings(
                Self.image {
                    $0.set(0x0008, 0x0060, "CS", "US"); $0.set(0x0028, 0x0301, "CS", "NO")
                }) == [])
        #expect(try Self.warnings(Self.image { $0.set(0x0028, 0x0302, "CS", "YES") }) == [.recognisableFeatures])
        #expect(try Self.warnings(Self.image { $0.set(0x6000, 0x0102, "US", Data([12, 0])) }) == [.overlayInPixels])
        #expect(
            try Self.warnings(
                Self.image {
                    $0.remove(0x0010, 0x0010); $0.remove(0x0010, 0x0020)
                }) == [.unknownPatient])
    }

    /// PS3.15 E.3.4: codes, numbers, coordinates and references stay; text and names go.
    @Test func reportsKeepWhatIsKnownToBeHarmless() throws {
        func code(_ value: String, _ scheme: String, _ meaning: String) -> DICOMBytes {
            var item = DICOMBytes()
            item.set(0x0008, 0x0100, "SH", value)
            item.set(0x0008, 0x0102, "SH", scheme)
            item.set(0x0008, 0x0104, "LO", meaning)
            return item
        }
        func content(_ type: String, _ name: DICOMBytes, _ change: (inout DICOMBytes) -> Void = { _ in }) -> DICOMBytes {
            var item = DICOMBytes()
            item.set(0x0040, 0xA010, "CS", "CONTAINS")
            item.set(0x0040, 0xA040, "CS", type)
            item.set(0x0040, 0xA043, items: [name])
            change(&item)
            return item
        }
        let finding = code("121071", "DCM", "Finding")
        let report = Self.image { bytes in
            bytes.set(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.88.33")
            bytes.set(0x0008, 0x0060, "CS", "SR")
            bytes.set(
                0x0040, 0xA730,
                items: [
                    content("CONTAINER", finding) {
                        $0.set(
                            0x0040, 0xA730,
                            items: [
                                content("TEXT", code("121106", "DCM", "Comment")) {
                                    $0.set(0x0040, 0xA160, "UN", Data("Secret words".utf8))
                                },
                                content("NUM", code("111013", "DCM", "Certainty")) { $0.set(0x0040, 0xA30A, "DS", "87.5") },
                            ])
                    },
                    content("CODE", finding) { $0.set(0x0040, 0xA168, items: [code("36118008", "SCT", "Pneumothorax")]) },
                    content("PNAME", code("121008", "DCM", "Person Observer Name")) { $0.set(0x0040, 0xA123, "PN", "Reader^Rita") },
                    content("UIDREF", code("121012", "DCM", "Device Observer UID")) { $0.set(0x0040, 0xA124, "UI", "1.2.3") },
                    content("UIDREF", code("121018", "DCM", "Procedure Study Instance UID")) { $0.set(0x0040, 0xA124, "UI", "1.2.3") },
                    content("DATETIME", code("99999", "99X", "When")) { $0.set(0x0040, 0xA120, "DT", "20240229101112") },
                ])
        }
        func deidentified(_ options: DeidentificationOptions) throws -> DeidentifiedFile {
            try Deidentifier(options: options, key: DeidentificationCorpus.key()).deidentify(report)
        }
        let sequence = DICOMAttribute(tag: 0x0040_A730)
        let type = DICOMAttribute(tag: 0x0040_A040)
        let basic = try deidentified(DeidentificationOptions())
        #expect(try basic.header.items(sequence).compactMap { $0.text(type) } == ["TEXT"])
        let cleaned = try deidentified(DeidentificationOptions(dates: .modified, cleansStructuredContent: true))
        let items = try cleaned.header.items(sequence)
        // Table E.3.4-1 removes the study's UID, and gives the device another.
        #expect(items.compactMap { $0.text(type) } == ["CONTAINER", "CODE", "UIDREF", "DATETIME"])
        try #require(items.count == 4)
        #expect(items[0].items(sequence).compactMap { $0.text(type) } == ["NUM"])
        #expect(items[2].text(DICOMAttribute(tag: 0x0040_A124)) == cleaned.studyInstanceUID)
        #expect(items[3].text(DICOMAttribute(tag: 0x0040_A120))?.hasSuffix("101112") == true)
        for file in [basic, cleaned] {
            for needle in ["Secret words", "Rita", "Needle", "N-4711", "20240229"] {
                #expect(file.bytes.range(of: Data(needle.utf8)) == nil, "\(needle)")
            }
        }
    }

    @Test func otherPiecesAreRefused() throws {
        let deidentifier = Deidentifier(key: try DeidentificationCorpus.key())
        let whole = Self.image { _ in }
        for bytes in [Data(), Data("text".utf8), Data(count: 5_000), whole.prefix(whole.count - 2), whole.prefix(300)] {
            #expect(throws: DeidentificationError(.unreadable, "")) { try deidentifier.deidentify(bytes) }
        }
    }

    @Test func damagedFilesAreErrorsOrClean() throws {
        let deidentifier = Deidentifier(options: DeidentificationOptions(dates: .modified), key: try DeidentificationCorpus.key())
        let files = try DeidentificationCorpus.files.map { try $0.bytes }
        try #require(!files.isEmpty)
        let tokens: [[UInt8]] = [
            [0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF], [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0], [0xE0, 0x7F, 0x10, 0x00],
            Array("SQ\0\0".utf8),
            Array("UN\0\0".utf8), Array("PN".utf8), [0x10, 0, 0x10, 0],
        ]
        var (clean, refused) = (0, 0)
        for round in 0..<Fuzzing.rounds(usual: 1_000) {
            var mutator = Mutator(seed: UInt64(round), tokens: tokens.map { Data($0) })
            let damaged = mutator.mutate(files[mutator.below(5)])
            do {
                let found = try deidentifier.deidentify(damaged)
                // Damage may put any text into an element that stays; but not the creator of private elements beside it.
                #expect(try InstanceMetadata(found.bytes, bulkDataURI: "").dataset().elements.keys.allSatisfy { $0.tag >> 16 & 1 == 0 })
                clean += 1
            } catch let error as DeidentificationError {
                #expect(!error.reason.contains("Nadel"), "round \(round)")
                refused += 1
            }
        }
        #expect(clean > 50 && refused > 50)
    }
}
