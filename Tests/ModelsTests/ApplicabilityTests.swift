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
        arguments: [
            (3.0, "3 years"), (17.9, "17 years"), (1.5, "18 months"), (0.05, "18 days"), (18.0, nil), (64.0, nil), (nil, nil),
        ] as [(Double?, String?)])
    func childrenAreToldToAModelForAdults(_ age: Double?, _ words: String?) {
        var card = ModelFixtures.card()
        card.intendedUse = "Frontal chest radiographs of adults."
        let told = words.map { ["the header says that the patient is \($0); the model is for patients of 18 years and more"] } ?? []
        #expect(Self.told(card, Self.header(age: age)) == told)
    }

    @Test func aCardCanRefuseWhatItIsNotFor() {
        var card = ModelFixtures.card()
        card.applicability = .init(subject: "frontal chest radiographs", technique: .refuse, view: .warn, age: .refuse, minimumAge: 16)
        let refused = card.objections(to: Self.ctFromTheSide)
        #expect(refused.refusal?.code == "outside use" && refused.warnings.isEmpty)
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
