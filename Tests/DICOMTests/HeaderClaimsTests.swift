import DICOM
import Findings
import Foundation
import PleuraTesting
import Radiographs
import Testing

/// What headers say, and what of it is told. Headers that are empty, that speak of chests, or that nobody can make out say nothing.
@Suite struct HeaderClaimsTests {
    private static func claims(_ change: (inout DICOMBytes) -> Void) throws -> String? {
        var file = DICOMBytes(rows: 40, columns: 40, samples: Data(0..<200) + Data(count: 1_400))
        change(&file)
        let radiograph = try DICOMDecoder().decode(file.file(), frame: 1, limits: DecodingLimits())
        // The header alone, which datasets are made by, says the same.
        #expect(try DICOMHeader(file.file()).claims == radiograph.header.claims)
        return radiograph.header.claims.sentence
    }

    @Test(arguments: [
        ("MG", "modality MG (Mammography)"), ("CT", "modality CT (Computed Tomography)"), ("MR", "modality MR (Magnetic Resonance)"),
        ("US", "modality US (Ultrasound)"), ("PX", "modality PX (Panoramic X-Ray)"), ("IO", "modality IO (Intra-oral Radiography)"),
        ("NM", "modality NM (Nuclear Medicine)"), ("XA", "modality XA (X-Ray Angiography)"), ("EC", "modality EC (Echocardiography)"),
        ("ct", "modality CT (Computed Tomography)"),
    ]) func modalitiesThatAreNoRadiographs(_ code: String, _ words: String) throws {
        #expect(try Self.claims { $0.set(0x0008, 0x0060, "CS", code) } == "the header says \(words)")
    }

    @Test(arguments: ["CR", "DX", "RG", "RF", "OT", "DR", "XR", "SC", "", " ", "FOO"]) func modalitiesThatMayBe(_ code: String) throws {
        #expect(try Self.claims { $0.set(0x0008, 0x0060, "CS", code) } == nil)
    }

    @Test func theClassSpeaksWhereTheModalityIsEmpty() throws {
        let words = try Self.claims {
            $0.set(0x0008, 0x0060, "CS", "")
            $0.set(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.1.2")
        }
        #expect(words == "the header says SOP class Digital Mammography X-Ray Image")
    }

    @Test(arguments: [
        ("HAND", "HAND"), ("hand", "HAND"), ("LEFT HAND", "HAND"), ("Hands", "HAND"), ("SKULL", "SKULL"), ("JAW", "JAW"),
        ("TEETH", "TEETH"),
        ("DENTAL", "TEETH"), ("KNEE", "KNEE"), ("R KNEE AP", "KNEE"), ("BREAST", "BREAST"), ("ABDOMEN", "ABDOMEN"), ("PELVIS", "PELVIS"),
        ("TSPINE", "TSPINE"), ("THORACIC SPINE", "TSPINE"), ("T-SPINE", "TSPINE"), ("L SPINE", "LSPINE"), ("C-SPINE LAT", "SPINE"),
        ("EXTREMITY", "EXTREMITY"), ("FOOT", "FOOT"), ("SHOULDER", "SHOULDER"), ("BECKEN", "PELVIS"), ("HEAD NECK", "HEADNECK"),
    ]) func bodyPartsThatAreNoChest(_ text: String, _ part: String) throws {
        #expect(try Self.claims { $0.set(0x0018, 0x0015, "CS", text) } == "the header says body part \(part)")
    }

    @Test(arguments: [
        "CHEST", "Chest", "THORAX", "TORAX", "TORACE", "LUNG", "LUNGS", "RIB", "RIBS", "RIB CAGE", "HEART", "PORT CHEST", "CHEST PA",
        "CHEST/ABDOMEN", "CHESTABDPELVIS", "NECKCHEST", "Thorax ap/pa", "CHEST (PORTABLE)", "POUMON", "WHOLEBODY", "", " ", "UNKNOWN",
        "OTHER",
        "12345", "ZZZ", "T\u{D3}RAX",
    ]) func bodyPartsThatAreOrMayBe(_ text: String) throws {
        #expect(try Self.claims { $0.set(0x0018, 0x0015, "CS", text) } == nil)
    }

    /// What a person typed never comes out, only words of the table.
    @Test func textOfPeopleIsNotRepeated() throws {
        #expect(try Self.claims { $0.set(0x0018, 0x0015, "CS", "SECRET^ANNA HAND") } == "the header says body part HAND")
        #expect(try Self.claims { $0.set(0x0018, 0x5101, "CS", "SECRET LATERAL") } == "the header says a lateral view (LATERAL)")
    }

    private static func code(_ value: String, _ meaning: String, scheme: String = "SCT") -> DICOMBytes {
        var item = DICOMBytes()
        item.set(0x0008, 0x0100, "SH", value)
        item.set(0x0008, 0x0102, "SH", scheme)
        item.set(0x0008, 0x0104, "LO", meaning)
        return item
    }

    @Test(
        arguments: [
            ("85562004", "Hand", "body part Hand"), ("T-D8700", "Hand", "body part Hand"), ("661005", "", "body part Jaw region"),
            ("122495006", "Thoracic spine", "body part Thoracic spine"), ("76752008", "", "body part Breast"),
            ("X-1", "Left foot", "body part FOOT"),
            ("816094009", "Chest", nil), ("51185008", "Thorax", nil), ("T-D3000", "Chest", nil), ("416775004", "", nil),
            ("39607008", "Lung", nil),
            ("80891009", "Heart", nil), ("38266002", "Entire body", nil), ("X-2", "", nil),
        ] as [(String, String, String?)]) func regionsByTheirCodes(_ value: String, _ meaning: String, _ words: String?) throws
    {
        let said = try Self.claims { $0.set(0x0008, 0x2218, items: [Self.code(value, meaning)]) }
        #expect(said == words.map { "the header says \($0)" })
    }

    @Test func theSideIsToldWithAPart() throws {
        let words = try Self.claims {
            $0.set(0x0018, 0x0015, "CS", "HAND")
            $0.set(0x0020, 0x0062, "CS", "L")
        }
        #expect(words == "the header says body part HAND, left")
    }

    @Test(arguments: [
        ("LL", "a left lateral view (LL)"), ("RL", "a right lateral view (RL)"), ("LAT", "a lateral view (LAT)"),
        ("LATERAL", "a lateral view (LATERAL)"), ("L LATERAL", "a lateral view (LATERAL)"), ("LLD", "a left lateral decubitus view (LLD)"),
        ("LEFT LATERAL DECUBITUS", "a decubitus view (DECUBITUS)"), ("RLO", "a right lateral oblique view (RLO)"),
        ("OBLIQUE", "an oblique view (OBLIQUE)"), ("MLO", "a medio-lateral oblique view (MLO)"), ("CC", "a cranio-caudal view (CC)"),
    ]) func viewsThatAreNotFrontal(_ text: String, _ words: String) throws {
        #expect(try Self.claims { $0.set(0x0018, 0x5101, "CS", text) } == "the header says \(words)")
    }

    @Test(arguments: ["PA", "AP", "pa", "P.A.", "AP SUPINE", "PA AND LATERAL", "FRONTAL", "LORDOTIC", "", "XY"]) func viewsThatAreOrMayBe(
        _ text: String
    ) throws {
        #expect(try Self.claims { $0.set(0x0018, 0x5101, "CS", text) } == nil)
    }

    @Test(
        arguments: [
            ("399198007", "a right lateral view"), ("R-10236", "a left lateral view"), ("399182000", "an oblique view"),
            ("399368009", "a medio-lateral oblique view"), ("399348003", nil), ("272479007", nil), ("R-10206", nil), ("1", nil),
        ] as [(String, String?)]) func viewsByTheirCodes(_ code: String, _ words: String?) throws
    {
        let said = try Self.claims { $0.set(0x0054, 0x0220, items: [Self.code(code, "")]) }
        #expect(said == words.map { "the header says \($0)" })
    }

    @Test(arguments: [
        ("A\\F", true), ("P\\F", true), ("AL\\FR", true), ("F\\A", true), ("P\\H", true), ("L\\F", false), ("R\\F", false), ("F\\L", false),
        ("L\\P", false), ("L", false), ("", false), ("LE\\V", false),
    ]) func orientationsThatAreLateral(_ text: String, _ isLateral: Bool) throws {
        let said = try Self.claims { $0.set(0x0020, 0x0020, "CS", text) }
        #expect((said?.hasPrefix("the header says a lateral view by its Patient Orientation (") ?? false) == isLateral)
        // A header may contradict itself; then it says so.
        let beside = try Self.claims {
            $0.set(0x0018, 0x5101, "CS", "PA")
            $0.set(0x0020, 0x0020, "CS", text)
        }
        #expect(beside == said)
    }

    @Test func allThatIsSaidStandsInOneSentence() throws {
        let words = try Self.claims {
            $0.set(0x0008, 0x0060, "CS", "MG")
            $0.set(0x0018, 0x0015, "CS", "BREAST")
            $0.set(0x0018, 0x5101, "CS", "MLO")
        }
        #expect(words == "the header says modality MG (Mammography), body part BREAST and a medio-lateral oblique view (MLO)")
    }

    /// Every code of the standard's context groups is known by the standard's name.
    @Test func theTableIsThatOfTheStandard() throws {
        struct Codes: Decodable, Equatable {
            let modalities: [String: String]
            let sopClasses: [String: String]
            let regions: [String: String]
            let views: [String: String]
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let own = Repository.root.appendingPathComponent("Sources/DICOM/Description/header_words.json")
        let oracle = Oracle("header_words").file("codes.json")
        let tables = try [own, oracle].map { try decoder.decode(Codes.self, from: Data(contentsOf: $0)) }
        #expect(tables[0] == tables[1] && tables[0].regions.count > 500)
    }
}
