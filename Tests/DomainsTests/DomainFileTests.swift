import Domains
import Findings
import Foundation
import Models
import PleuraTesting
import Radiographs
import Testing

@Suite struct DomainFileTests {
    private static func refusal(_ yaml: String) -> String {
        do {
            _ = try DomainFile.domain(yaml: yaml, file: "mine.yaml", folder: FileManager.default.temporaryDirectory)
            return "taken"
        } catch {
            return error.reason
        }
    }

    /// A whole file, one of whose lines is another.
    private static func file(_ key: String, _ line: String) -> String {
        let lines = [
            "name": "name: teeth", "description": "description: Teeth.", "subject": "subject: dental radiographs",
            "channels": "channels: 1",
            "values": "values: {space: percentile}", "mirror": "mirror: {sides: swapped}", "gate": "gate: {kind: appearance}",
            "units": "units: [mm]",
        ]
        return lines.merging([key: line]) { $1 }.sorted { $0.key < $1.key }.map(\.value).joined(separator: "\n")
    }

    @Test func everyBuiltInDomainIsReadAndComesBack() throws {
        #expect(
            Domain.builtIns.map(\.name) == ["chest-radiograph", "blood-smear", "bone-radiograph", "ultrasound", "magnetic-resonance"])
        for domain in Domain.builtIns {
            let text = try DomainFile.text(of: domain)
            #expect(try DomainFile.domain(yaml: text, file: "copy", folder: FileManager.default.temporaryDirectory) == domain)
            #expect(try JSONDecoder().decode(Domain.self, from: JSONEncoder().encode(domain)) == domain)
            #expect(domain.notice.contains("research use only"))
            #expect(throws: Never.self) {
                try Preprocessing(steps: domain.preprocessing.dropLast() + [.letterbox(width: 64, height: 64, fill: 0)]).validated()
            }
        }
    }

    /// What was hard-coded before there were domains.
    @Test func theChestsDomainSaysWhatWasAlwaysDone() throws {
        let chest = Domain.chestRadiograph
        #expect(chest == Domain.builtIn("chest-radiograph"))
        #expect(chest.preprocessing == [.percentileWindow(low: 0.5, high: 99.5), .normalise(mean: 0.5, standardDeviation: 0.5)])
        #expect(chest.intendedUse == ModelCard.defaultIntendedUse && chest.notice == Notice.researchUseOnly)
        #expect(chest.mirror == MirrorRule(sides: .swapped) && chest.channels == 1 && chest.burntInText == .keep)
        #expect(chest.gate.kind == .meanImage && chest.gate.warningShare == 0.01)
        #expect(chest.limits(DecodingLimits()) == DecodingLimits())
    }

    @Test func aFileHasWhatItSays() throws {
        let domain = try DomainFile.domain(
            yaml: Self.file("values", "values: {space: hounsfield, centre: 40, width: 400}") + "\nnotice: For the study of teeth.",
            file: "mine.yaml", folder: FileManager.default.temporaryDirectory)
        #expect(domain.values == .hounsfield(ValueWindow(centre: 40, width: 400)) && domain.units == [.millimetre])
        #expect(domain.limits(DecodingLimits()).window == ValueWindow(centre: 40, width: 400))
        #expect(domain.notice == "\(Notice.researchUseOnly); For the study of teeth.")
        #expect(domain.intendedUse.contains("dental radiographs"))
    }

    @Test(arguments: [
        ("units", "units: [mmm]", "mine.yaml: units has words of mm, cm"), ("units", "units: [mmm]", "did you mean mm?"),
        ("units", "unit: [mm]", "there is no key unit; did you mean units?"), ("channels", "channels: 2", "channels has to be 1 or 3"),
        ("channels", "channels: 3", "space is display where channels is 3"),
        ("channels", "channels: 12", "channels has to be a whole number from 1 to 3"),
        ("values", "values: {space: percentil}", "did you mean percentile?"),
        ("values", "values: {space: percentile, low: 60, high: 40}", "low is not below high"),
        ("values", "values: {space: hounsfield, centre: 40}", "width is missing"),
        ("values", "values: {space: z-score, deviations: 90}", "deviations has to be a number from 0.5 to 20"),
        ("values", "values: {space: display, low: 3}", "there is no key values: low"),
        ("mirror", "mirror: {sides: swaped}", "did you mean swapped?"),
        ("mirror", "mirror: {sides: free, pairs: {a: b}}", "pairs go with sides: swapped"),
        ("gate", "gate: {kind: none}", "instead is missing"), ("gate", "gate: {kind: mean-image, warning_share: 3}", "from 0.0 to 0.5"),
        ("name", "name: My Teeth", "name has to be lower case"), ("subject", "", "subject is missing"),
        ("units", "header: {modalities: [ct scan]}", "DICOM's codes in capitals"),
        ("units", "burnt_in_text: crop", "burnt_in_text is one of keep, sector"),
        ("units", "codes: [{finding: Caries, value: \"125605005\", scheme: SCT, meaning: Caries}]", "check digit"),
        ("units", "codes: none.json", "none.json cannot be opened"), ("units", "- a", "this is not YAML"),
    ])
    func aWrongFileIsRefusedInOneLine(_ key: String, _ line: String, _ reason: String) {
        let refusal = Self.refusal(Self.file(key, line))
        #expect(refusal.hasPrefix("mine.yaml: ") && refusal.contains(reason) && !refusal.contains("\n"), "\(refusal)")
    }

    @Test func aNameThatIsNearlyOneIsAskedBack() {
        #expect(throws: DomainError(.missing, "")) { try DomainFile.read("/no/such/ultrasound") }
        do {
            _ = try DomainFile.read("ultrasond")
        } catch {
            #expect(error.code == .missing && error.reason.contains("did you mean ultrasound?"))
        }
    }

    /// A site's terminology may stand beside the domain's file.
    @Test func codesMayBeAFileOfTerminology() throws {
        let folder = try TemporaryFolder()
        try Data(
            #"{"findings": [{"label": "Caries", "codes": [{"value": "80967001", "scheme": "SCT", "meaning": "Dental caries"}]}]}"#.utf8
        )
        .write(to: folder.file("codes.json"))
        let domain = try DomainFile.domain(yaml: Self.file("units", "codes: codes.json"), file: "mine.yaml", folder: folder.url)
        #expect(domain.codes == [ResultCode(finding: "Caries", value: "80967001", scheme: "SCT", meaning: "Dental caries")])
    }

    @Test(
        arguments: [
            ("US", nil, "modality US"), ("DX", "CHEST", "body part CHEST"), ("DX", "Left femur", nil), (nil, nil, nil), ("CR", nil, nil),
        ] as [(String?, String?, String?)])
    func aHeaderThatSaysAnotherKindIsTold(_ modality: String?, _ part: String?, _ objection: String?) throws {
        var header = ImageHeader()
        (header.modality, header.bodyPart) = (modality, part)
        #expect(try #require(Domain.builtIn("bone-radiograph")).header.objection(to: header) == objection)
    }
}
