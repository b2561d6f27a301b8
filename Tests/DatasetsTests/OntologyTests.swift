import Datasets
import Foundation
import Testing

@Suite struct OntologyTests {
    @Test func namesOfEverySourceMeanTheirFindings() {
        let ontology = FindingOntology.standard
        for (one, other) in [
            ("Infiltration", "Infiltrate"), ("Pleural_Thickening", "Pleural thickening"), ("Lung Opacity", "opacity"),
            ("Nodule/Mass", "Nodule or mass"), ("Pleural effusion", "Effusion"), ("ILD", "Interstitial lung disease"),
        ] {
            #expect(ontology.areSame(one, other))
        }
        #expect(!ontology.areSame("Nodule", "Mass"))
        #expect(ontology.ancestors(of: "Infiltration") == ["Lung opacity"])
        #expect(ontology.ancestors(of: "Mass") == ["Nodule or mass"])
        #expect(ontology.ancestors(of: "Lung opacity").isEmpty && ontology.ancestors(of: "nothing").isEmpty)
        for name in [
            "Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Effusion", "Emphysema", "Fibrosis", "Hernia", "Infiltration", "Mass",
            "Nodule", "Pleural_Thickening", "Pneumonia", "Pneumothorax", "Calcification", "Fracture", "Lung Opacity", "Diffuse Nodule",
        ] {
            #expect(ontology.name(of: name) != nil, "\(name)")
        }
    }

    private func ontology(_ json: String) throws -> FindingOntology {
        try FindingOntology(json: Data(json.utf8), file: "ontology.json")
    }

    @Test func aDatasetsOwnFileGoesBeforeTheStandardOne() throws {
        let own = try ontology(
            #"""
            {"findings": [{"name": "Atelectasis"}, {"name": "Ground glass", "parents": ["opacity"]},
             {"name": "Crazy paving", "parents": ["Ground glass"]}]}
            """#)
        #expect(own.ancestors(of: "Atelectasis").isEmpty)
        #expect(own.ancestors(of: "crazy_paving") == ["Lung opacity", "Ground glass"])
        #expect(own.ancestors(of: "Pneumonia") == ["Lung opacity"])
        #expect(own.own.count == 3 && FindingOntology.standard.own.isEmpty)
    }

    @Test(arguments: [
        (
            #"{"findings": [{"name": "A1", "parents": ["Noduel"]}]}"#,
            "A1 has the parent \"Noduel\", which is no finding there; the nearest is Nodule"
        ),
        (#"{"findings": [{"name": "A1", "parents": ["B1"]}, {"name": "B1", "parents": ["A1"]}]}"#, "A1 is its own ancestor"),
        (#"{"findings": [{"name": "A1"}, {"name": "a1"}]}"#, "\"a1\" is there twice"),
        (#"{"findings": [{"name": "A1", "synonyms": ["Mass"]}]}"#, "\"Mass\" means both Mass and A1"),
        (#"{"findings": [{"synonyms": []}]}"#, "ontology.json is not {\"findings\""),
    ])
    func aFaultyFileIsToldWithItsReason(_ json: String, _ reason: String) {
        #expect {
            _ = try ontology(json)
        } throws: { error in
            ((error as? DatasetError)?.problems.joined(separator: "\n") ?? "").contains(reason)
        }
    }
}
