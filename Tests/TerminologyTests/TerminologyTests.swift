import Findings
import Foundation
import Terminology
import Testing

@Suite struct TerminologyTests {
    let table = Terminology.standard
    static let chestXray14 = [
        "Atelectasis", "Cardiomegaly", "Effusion", "Infiltration", "Mass", "Nodule", "Pneumonia", "Pneumothorax", "Consolidation", "Edema",
        "Emphysema", "Fibrosis", "Pleural_Thickening", "Hernia",
    ]
    static let vinDr = [
        "Aortic enlargement", "Atelectasis", "Calcification", "Cardiomegaly", "Clavicle fracture", "Consolidation", "Edema", "Emphysema",
        "Enlarged PA", "ILD", "Infiltration", "Lung Opacity", "Lung cavity", "Lung cyst", "Mediastinal shift", "Nodule/Mass",
        "Pleural effusion", "Pleural thickening", "Pneumothorax", "Pulmonary fibrosis", "Rib fracture", "Other lesion", "COPD",
        "Lung tumor", "Pneumonia", "Tuberculosis", "Other diseases",
    ]

    @Test(arguments: [
        ("Atelectasis", "46621007"), ("Cardiomegaly", "8186001"), ("Effusion", "60046008"), ("Infiltrate", "409609008"),
        ("Mass", "309529002"), ("Nodule", "786838002"), ("Pneumonia", "233604007"), ("Pneumothorax", "36118008"),
    ])
    func `the eight findings of the models have SNOMED CT codes`(label: String, value: String) {
        let concept = table.finding(label)
        #expect(concept.isKnown && concept.label == label && concept.site != nil)
        #expect(concept.preferred.scheme == "SCT" && concept.preferred.value == value)
        #expect(concept.sources.count == concept.codes.count)
        #expect(table.label(of: concept.preferred) == label)
    }

    @Test(arguments: chestXray14 + vinDr)
    func `every name of the public datasets is known`(label: String) { #expect(table.finding(label).isKnown) }

    @Test func `case and the way words are parted do not matter, and synonyms mean the same`() {
        #expect(table.finding("pleural effusion") == table.finding("Effusion"))
        #expect(table.finding("PLEURAL-THICKENING") == table.finding("Pleural_Thickening"))
        #expect(table.finding("Infiltration").label == "Infiltrate")
    }

    @Test(arguments: ["Äußerst ungewöhnlich", "", "Bird's nest", "A\\B\u{1}C", String(repeating: "long ", count: 60), "Clip", "气胸", "😀"])
    func `an unknown label has a well-formed local code, always the same`(label: String) {
        let concept = table.finding(label)
        #expect(!concept.isKnown && concept.label == label)
        #expect(concept.preferred.scheme == "99PLEURA")
        #expect(concept.preferred.fault == nil)
        #expect(concept == table.finding(label))
    }

    @Test func `local codes of different labels differ`() {
        let labels = [
            "Clip", "Clips", "C-lip", "气胸", "胸气", "Bird's nest", "Birds nest",
            String(repeating: "a", count: 17),
            String(repeating: "a", count: 18),
        ]
        #expect(Set(labels.map { ConceptCode.local($0).value }).count == labels.count)
    }

    @Test func `zones and sides have codes`() {
        #expect(table.site(zone: nil, side: nil)?.value == "39607008")
        #expect(table.site(zone: nil, side: "left")?.value == "44029006")
        #expect(table.site(zone: nil, side: "right")?.value == "3341006")
        #expect(table.site(zone: nil, side: "both")?.value == "39607008")
        for (zone, value) in [("upper", "281392002"), ("middle", "281393007"), ("lower", "281394001")] {
            for side in [nil, "left", "right", "both"] { #expect(table.site(zone: zone, side: side)?.value == value) }
        }
        #expect(table.siteCodes(zone: "lower", side: "left").map(\.value) == ["281394001", "RID1355"])
        #expect(table.site(zone: "nowhere", side: nil) == nil)
        #expect(["left", "right", "both"].map { table.laterality(side: $0)?.value } == ["7771000", "24028007", "51440002"])
        #expect(table.laterality(side: "up") == nil)
    }

    @Test(arguments: ConceptName.allCases)
    func `every concept has a code of a known scheme`(name: ConceptName) {
        let code = table.code(name)
        #expect(code.fault == nil && table.scheme(code.scheme) != nil && !table.codes(name).isEmpty)
    }

    @Test func `schemes are found by either name`() {
        #expect(table.scheme(uri: "http://snomed.info/sct")?.designator == "SCT")
        #expect(table.scheme("UCUM")?.uri == "http://unitsofmeasure.org")
    }
}

/// What pydicom's dictionaries, made of PS3.16, call the codes (Fixtures/make_dictionary.py).
@Suite struct TerminologyOracleTests {
    struct Dictionary: Decodable { var codes: [String: [String]] }

    @Test func `certain codes have the meaning that PS3.16 gives them, and no code another one`() throws {
        let file = try #require(Bundle.module.url(forResource: "Fixtures/dictionary", withExtension: "json"))
        let dictionary = try JSONDecoder().decode(Dictionary.self, from: Data(contentsOf: file)).codes
        let table = Terminology.standard
        let findings = table.findings.flatMap(\.entries)
        var compared = 0
        for entry in findings where entry.source == "DICOM PS3.16" {
            let meanings = try #require(dictionary["\(entry.code.scheme) \(entry.code.value)"])
            #expect(meanings.contains { $0.lowercased() == entry.code.meaning.lowercased() })
            compared += 1
        }
        for name in ConceptName.allCases {
            for code in table.codes(name) where !["99PLEURA", "RADLEX"].contains(code.scheme) {
                guard let meanings = dictionary["\(code.scheme) \(code.value)"] else { continue }
                #expect(meanings.contains { $0.lowercased() == code.meaning.lowercased() })
                compared += 1
            }
        }
        #expect(compared > 60)
    }
}
