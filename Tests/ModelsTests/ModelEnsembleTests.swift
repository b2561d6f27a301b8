import Findings
import Foundation
import Models
import PleuraTesting
import Testing

@Suite struct ModelEnsembleTests {
    /// Two bundles and an ensemble of them beside each other.
    private func ensemble(in folder: TemporaryFolder, cards: [ModelCard] = [ModelFixtures.card(), ModelFixtures.card()]) throws -> URL {
        var members: [ModelEnsemble.Member] = []
        for (index, card) in cards.enumerated() {
            let place = folder.file("member-\(index)")
            try ModelBundle.write(
                to: place, onnx: ModelFixtures.onnx + Data([UInt8(index)]), labelMap: ModelFixtures.labelMap(), card: card)
            members.append(.init(path: "../member-\(index)", bundle: try ModelBundle(directory: place)))
        }
        let place = folder.file("both")
        try ModelBundle.write(
            to: place, ensemble: ModelEnsemble(members: members, fusionIoU: 0.6), labelMap: ModelFixtures.labelMap(),
            card: ModelCard(ensembleOf: cards, name: "both", threshold: 0.25))
        return place
    }

    @Test func whatIsWrittenReadsBackEqual() throws {
        let folder = try TemporaryFolder()
        let read = try ModelBundle(directory: ensemble(in: folder))
        let ensemble = try #require(read.ensemble)
        #expect(ensemble.members.map(\.path) == ["../member-0", "../member-1"] && ensemble.fusionIoU == 0.6)
        #expect(try ensemble.members[1].bundle.digest == ModelBundle(directory: folder.file("member-1")).digest)
        #expect(read.card.name == "both" && read.card.scoreThreshold == 0.25)
        #expect(try Shell.run("cd '\(folder.file("both").path)' && sha256sum --strict -c checksums.sha256").status == 0)
    }

    /// Both may be moved to another place together.
    @Test func theWholeFolderCanBeMoved() throws {
        let folder = try TemporaryFolder()
        _ = try ensemble(in: folder)
        let other = try TemporaryFolder()
        for name in ["member-0", "member-1", "both"] {
            try FileManager.default.moveItem(at: folder.file(name), to: other.file(name))
        }
        #expect(try ModelBundle(directory: other.file("both")).ensemble?.members.count == 2)
    }

    @Test func anotherNetworkInAMembersPlaceIsRefused() throws {
        let folder = try TemporaryFolder()
        let place = try ensemble(in: folder)
        try ModelBundle.write(
            to: folder.file("member-1"), onnx: ModelFixtures.onnx, labelMap: ModelFixtures.labelMap(), card: ModelFixtures.card())
        #expect(
            ModelFixtures.refusal(place)
                == ModelError(.altered, "member ../member-1 is not the network that the ensemble was made with"))
    }

    /// Figures that are measured later go into a member's card without breaking the ensemble.
    @Test func aMembersCardMayChange() throws {
        let folder = try TemporaryFolder()
        let place = try ensemble(in: folder)
        var card = ModelFixtures.card()
        card.summary = "Another summary."
        _ = try ModelBundle(directory: folder.file("member-0")).replacing(card: card)
        #expect(try ModelBundle(directory: place).ensemble?.members[0].bundle.card.summary == "Another summary.")
    }

    @Test func anEnsemblesOwnCardCanBeReplaced() throws {
        let folder = try TemporaryFolder()
        let bundle = try ModelBundle(directory: ensemble(in: folder))
        var card = bundle.card
        card.scoreThreshold = 0.125
        let written = try bundle.replacing(card: card)
        #expect(written.card.scoreThreshold == 0.125 && written.ensemble == bundle.ensemble && written.digest != bundle.digest)
    }

    @Test func aMissingMemberIsNamed() throws {
        let folder = try TemporaryFolder()
        let place = try ensemble(in: folder)
        try FileManager.default.removeItem(at: folder.file("member-0"))
        #expect(ModelFixtures.refusal(place) == ModelError(.notFound, "member ../member-0: no such directory"))
    }

    @Test func anEnsembleOfEnsemblesIsRefused() throws {
        let folder = try TemporaryFolder()
        let inner = try ModelBundle(directory: ensemble(in: folder))
        #expect(throws: ModelError.self) {
            try ModelBundle.write(
                to: folder.file("outer"), ensemble: ModelEnsemble(members: [.init(path: "../both", bundle: inner)]),
                labelMap: ModelFixtures.labelMap(), card: ModelFixtures.card())
        }
    }

    /// Patients' digests are salted with the data's: only of equal data can they be taken over.
    @Test func theCardTellsPatientsOnlyOfEqualData() throws {
        var (first, second) = (ModelFixtures.card(), ModelFixtures.card())
        first.trainingData.patientDigests = PatientDigests(of: ["p"], salt: "00").text
        second.trainingData.patientDigests = first.trainingData.patientDigests
        #expect(ModelCard(ensembleOf: [first, second], name: "e", threshold: nil).trainingData.patientDigests != nil)
        second.trainingData.digest = "11"
        second.trainingData.folds = [0, 2]
        let mixed = ModelCard(ensembleOf: [first, second], name: "e", threshold: nil).trainingData
        #expect(mixed.patientDigests == nil && mixed.folds == [0, 1, 2])
    }
}
