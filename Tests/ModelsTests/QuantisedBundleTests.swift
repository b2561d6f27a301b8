import Foundation
import Models
import PleuraTesting
import Testing

/// A bundle with a second network, `model.int8.onnx`.
@Suite struct QuantisedBundleTests {
    private static let int8 = Data((0..<700).map { UInt8($0 % 13) })

    private func card() -> ModelCard {
        var card = ModelFixtures.card()
        card.quantised = ModelCard.Quantisation(
            convolutions: 7, keptConvolutions: 2, calibrationDigest: "ab", calibrationImages: 200, calibrationSplit: "all folds but 0",
            map50Before: 0.3, map50After: 0.295, split: "fold 0", images: 40, boxes: 55)
        return card
    }

    @discardableResult
    private func bundle(_ folder: TemporaryFolder, _ name: String = "tiny") throws -> ModelBundle {
        try ModelBundle.write(
            to: folder.file(name), onnx: ModelFixtures.onnx, int8: Self.int8, labelMap: ModelFixtures.labelMap(), card: card())
        return try ModelBundle(directory: folder.file(name))
    }

    @Test func whatIsWrittenReadsBackAndIsInTheDigest() throws {
        let folder = try TemporaryFolder()
        let read = try bundle(folder)
        #expect(read.offersInt8 && read.card == card())
        #expect(try Data(contentsOf: #require(read.int8ModelFile)) == Self.int8)
        let checked = try Shell.run("cd '\(read.directory.path)' && sha256sum --strict -c checksums.sha256")
        #expect(checked.status == 0 && checked.output.contains("model.int8.onnx: OK"))
        let json = String(decoding: try card().json(), as: UTF8.self)
        #expect(json.contains("\"map50_after\" : 0.295") && json.contains("\"file\" : \"model.int8.onnx\""))
        // Another second network is another model.
        try ModelBundle.write(
            to: folder.file("other"), onnx: ModelFixtures.onnx, int8: Self.int8 + [1], labelMap: ModelFixtures.labelMap(), card: card())
        #expect(try ModelBundle(directory: folder.file("other")).digest != read.digest)
    }

    @Test func anAlteredOrMissingSecondNetworkIsRefused() throws {
        let folder = try TemporaryFolder()
        let file = try #require(bundle(folder).int8ModelFile)
        var bytes = Self.int8
        bytes[350] ^= 1
        try bytes.write(to: file)
        #expect(ModelFixtures.refusal(folder.file("tiny"))?.code == .altered)
        #expect(ModelFixtures.refusal(folder.file("tiny"))?.reason.hasPrefix("model.int8.onnx ") == true)
        try FileManager.default.removeItem(at: file)
        #expect(ModelFixtures.refusal(folder.file("tiny")) == ModelError(.missing, "model.int8.onnx is missing"))
    }

    /// A line taken out of the checksums would take the check away with it.
    @Test func cardAndChecksumsMustAgree() throws {
        let folder = try TemporaryFolder()
        let place = try bundle(folder).directory
        let list = place.appendingPathComponent("checksums.sha256")
        let lines = try String(contentsOf: list, encoding: .utf8).split(separator: "\n").filter { !$0.hasSuffix("model.int8.onnx") }
        try (lines.joined(separator: "\n") + "\n").write(to: list, atomically: true, encoding: .utf8)
        #expect(ModelFixtures.refusal(place)?.code == .damaged)
        #expect(throws: ModelError.self) {
            try ModelBundle.write(
                to: folder.file("no card"), onnx: ModelFixtures.onnx, int8: Self.int8, labelMap: ModelFixtures.labelMap(),
                card: ModelFixtures.card())
        }
        #expect(throws: ModelError.self) {
            try ModelBundle.write(
                to: folder.file("no network"), onnx: ModelFixtures.onnx, labelMap: ModelFixtures.labelMap(), card: card())
        }
    }

    @Test func anotherCardKeepsTheSecondNetwork() throws {
        let folder = try TemporaryFolder()
        var card = card()
        card.scoreThreshold = 0.7
        let replaced = try bundle(folder).replacing(card: card)
        #expect(replaced.card.scoreThreshold == 0.7)
        #expect(try Data(contentsOf: #require(replaced.int8ModelFile)) == Self.int8)
    }

    /// An ensemble names the second networks it was made with; others are none of its.
    @Test func anEnsembleOffersWhatAllItsMembersOffered() throws {
        let folder = try TemporaryFolder()
        func ensemble(_ name: String, of members: [String]) throws -> ModelBundle {
            let parts = try members.map { ModelEnsemble.Member(path: "../\($0)", bundle: try ModelBundle(directory: folder.file($0))) }
            try ModelBundle.write(
                to: folder.file(name), ensemble: ModelEnsemble(members: parts), labelMap: ModelFixtures.labelMap(),
                card: ModelCard(ensembleOf: parts.map(\.bundle.card), name: name, threshold: nil))
            return try ModelBundle(directory: folder.file(name))
        }
        try bundle(folder, "a")
        try bundle(folder, "b")
        try ModelBundle.write(
            to: folder.file("c"), onnx: ModelFixtures.onnx, labelMap: ModelFixtures.labelMap(), card: ModelFixtures.card())
        #expect(try ensemble("both", of: ["a", "b"]).offersInt8)
        #expect(try !ensemble("one", of: ["a", "c"]).offersInt8)
        // One that a member gets later changes nothing; one that is exchanged is named.
        try FileManager.default.removeItem(at: folder.file("c"))
        try bundle(folder, "c")
        #expect(try !ModelBundle(directory: folder.file("one")).offersInt8)
        try ModelBundle.write(
            to: folder.file("b"), onnx: ModelFixtures.onnx, int8: Self.int8 + [1], labelMap: ModelFixtures.labelMap(), card: card())
        #expect(
            ModelFixtures.refusal(folder.file("both"))
                == ModelError(.altered, "member ../b has not the INT8 network that the ensemble was made with"))
    }
}
