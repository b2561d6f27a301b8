import Findings
import Foundation
import Models
import Testing

/// What a card says its model is for, and what becomes of other images.
@Suite struct ApplicabilityTests {
    private static let ctFromTheSide = header(
        HeaderClaims(technique: "modality CT (Computed Tomography)", view: "a left lateral view (LL)"))

    private static func header(_ claims: HeaderClaims = .none, age: Double? = nil) -> ImageHeader {
        var header = ImageHeader()
        (header.claims, header.patientAge) = (claims, age)
        return header
    }

    private static func told(_ card: ModelCard, _ header: ImageHeader) -> [String] {
        card.objections(to: header).warnings.map(\.description)
    }

    /// Cards that were written before there were rules.
    @Test func theWordsOfTheIntendedUseSpeakWhereThereAreNoRules() {
        var card = ModelFixtures.card()
        let told = [
            "the header says modality CT (Computed Tomography) and a left lateral view (LL); the model is for frontal chest radiographs"
        ]
        #expect(Self.told(card, Self.ctFromTheSide) == told && card.objections(to: Self.ctFromTheSide).refusal == nil)
        #expect(Self.told(card, Self.header()) == [])
        card.intendedUse = "Chest radiographs of any view."
        #expect(
            Self.told(card, Self.ctFromTheSide) == ["the header says modality CT (Computed Tomography); the model is for chest radiographs"]
        )
        #expect(Self.told(card, Self.header(HeaderClaims(view: "a left lateral view (LL)"))) == [])
        card.intendedUse = "Hands."
        #expect(Self.told(card, Self.ctFromTheSide) == [] && Self.told(card, Self.header(age: 3)) == [])
    }

    @Test(
        arguments: [(3, true), (17.9, true), (0.05, true), (18, false), (64, false), (nil, false)] as [(Double?, Bool)])
    func childrenAreToldToAModelForAdults(_ age: Double?, _ isTold: Bool) {
        var card = ModelFixtures.card()
        card.intendedUse = "Frontal chest radiographs of adults."
        // How old is the patient's own.
        let told = isTold ? ["the header gives an age below 18 years; the model is for older patients"] : []
        #expect(Self.told(card, Self.header(age: age)) == told)
    }

    @Test(arguments: [-1, 151, 1e300]) func anAgeThatNobodyHasIsRefused(_ age: Double) {
        var card = ModelFixtures.card()
        card.applicability = .init(subject: "chest radiographs", minimumAge: age)
        #expect(throws: ModelError(.damaged, "")) { try ModelCard(json: card.json()) }
    }

    @Test func aCardCanRefuseWhatItIsNotFor() {
        var card = ModelFixtures.card()
        card.applicability = .init(subject: "frontal chest radiographs", technique: .refuse, view: .warn, age: .refuse, minimumAge: 16)
        let refused = card.objections(to: Self.ctFromTheSide)
        #expect(refused.refusal?.code == "outside_use" && refused.warnings.isEmpty)
        #expect(
            refused.refusal?.description
                == "outside use: the header says modality CT (Computed Tomography); the model is for frontal chest radiographs")
        let lateral = card.objections(to: Self.header(HeaderClaims(view: "a left lateral view (LL)")))
        #expect(lateral.refusal == nil && lateral.warnings.map(\.code) == [.headerOutsideUse])
        #expect(card.objections(to: Self.header(age: 15)).refusal != nil && card.objections(to: Self.header(age: 16)).refusal == nil)
        card.applicability?.view = .ignore
        #expect(card.objections(to: Self.header(HeaderClaims(view: "a left lateral view (LL)"))) == .init())
    }

    @Test func rulesComeBackFromACard() throws {
        var card = ModelFixtures.card()
        card.applicability = .init(subject: "chest radiographs", technique: .refuse, bodyPart: .ignore, minimumAge: 2.5)
        #expect(try ModelCard(json: card.json()).applicability == card.applicability)
        card.applicability = nil
        #expect(try !String(decoding: card.json(), as: UTF8.self).contains("applicability"))
    }
}
