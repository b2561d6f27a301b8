import Findings
import Foundation
import Models
import PleuraTesting
import Testing

@Suite struct ModelBundleTests {
    private func bundle(in folder: TemporaryFolder) throws -> URL {
        let place = folder.file("tiny")
        try ModelBundle.write(to: place, onnx: ModelFixtures.onnx, labelMap: ModelFixtures.labelMap(), card: ModelFixtures.card())
        return place
    }

    @Test func whatIsWrittenReadsBackEqual() throws {
        let folder = try TemporaryFolder()
        let read = try ModelBundle(directory: bundle(in: folder))
        #expect(read.card == ModelFixtures.card())
        #expect(try read.labelMap == ModelFixtures.labelMap())
        #expect(try Data(contentsOf: read.modelFile) == ModelFixtures.onnx)
        #expect(try Files.names(in: folder.url) == ["tiny"])
    }

    /// The checksums are `sha256sum`'s, and the digest is the sum of their file.
    @Test func sha256sumAgrees() throws {
        let folder = try TemporaryFolder()
        let place = try bundle(in: folder)
        #expect(try Shell.run("cd '\(place.path)' && sha256sum --strict -c checksums.sha256").status == 0)
        let sum = try Shell.run("sha256sum < '\(place.path)/checksums.sha256'").output
        #expect(try sum.hasPrefix(ModelBundle(directory: place).digest + " "))
        #expect(
            try Shell.run("cd '\(place.path)' && sha256sum card.json label_map.pbtxt model.onnx").output
                == String(decoding: Data(contentsOf: place.appendingPathComponent("checksums.sha256")), as: UTF8.self))
    }

    @Test(arguments: ["model.onnx", "label_map.pbtxt", "card.json", "checksums.sha256"])
    func aMissingFileIsNamed(name: String) throws {
        let folder = try TemporaryFolder()
        let place = try bundle(in: folder)
        try FileManager.default.removeItem(at: place.appendingPathComponent(name))
        #expect(ModelFixtures.refusal(place) == ModelError(.missing, "\(name) is missing"))
    }

    @Test(arguments: ["model.onnx", "label_map.pbtxt", "card.json"], [0, 40, -1])
    func anAlteredByteIsNoticed(name: String, position: Int) throws {
        let folder = try TemporaryFolder()
        let place = try bundle(in: folder)
        let file = place.appendingPathComponent(name)
        var bytes = try Data(contentsOf: file)
        bytes[position < 0 ? bytes.count - 1 : position] ^= 1
        try bytes.write(to: file)
        let refusal = ModelFixtures.refusal(place)
        #expect(refusal?.code == .altered)
        #expect(refusal?.reason.contains(name) == true)
    }

    @Test(arguments: ["model.onnx", "label_map.pbtxt", "card.json", "checksums.sha256"])
    func aTruncatedOrEmptyFileIsNamed(name: String) throws {
        for keep in [0, 30] {
            let folder = try TemporaryFolder()
            let place = try bundle(in: folder)
            let file = place.appendingPathComponent(name)
            try Data(contentsOf: file).prefix(keep).write(to: file)
            #expect(ModelFixtures.refusal(place)?.reason.contains(name) == true)
        }
    }

    @Test func aChecksumThatIsMissingOrOfAnotherFileIsNoticed() throws {
        let folder = try TemporaryFolder()
        let place = try bundle(in: folder)
        let file = place.appendingPathComponent("checksums.sha256")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        try Data((lines.dropLast().joined(separator: "\n") + "\n").utf8).write(to: file)
        #expect(ModelFixtures.refusal(place) == ModelError(.damaged, "checksums.sha256 has no line for model.onnx"))
    }

    @Test func aFIFOInPlaceOfAFileIsNotWaitedFor() throws {
        let folder = try TemporaryFolder()
        let place = try bundle(in: folder)
        #expect(try Shell.run("cd '\(place.path)' && rm model.onnx && mkfifo model.onnx").status == 0)
        #expect(ModelFixtures.refusal(place) == ModelError(.unreadable, "model.onnx is not a file"))
    }

    @Test func writingReplacesABundleAndNothingElse() throws {
        let folder = try TemporaryFolder()
        let place = try bundle(in: folder)
        let before = try ModelBundle(directory: place).digest
        var card = ModelFixtures.card()
        card.version = "2.0.0"
        try ModelBundle.write(to: place, onnx: ModelFixtures.onnx, labelMap: ModelFixtures.labelMap(), card: card)
        let after = try ModelBundle(directory: place)
        #expect(after.card.version == "2.0.0" && after.digest != before)
        #expect(try Files.names(in: folder.url) == ["tiny"])

        let precious = folder.file("precious")
        try FileManager.default.createDirectory(at: precious, withIntermediateDirectories: true)
        try Data("thesis".utf8).write(to: precious.appendingPathComponent("thesis.txt"))
        #expect(throws: ModelError.self) {
            try ModelBundle.write(to: precious, onnx: ModelFixtures.onnx, labelMap: ModelFixtures.labelMap(), card: card)
        }
        #expect(try Files.names(in: precious) == ["thesis.txt"])
    }

    @Test func theStoreFindsByNameAndByDirectory() throws {
        let folder = try TemporaryFolder()
        let place = try bundle(in: folder)
        let store = ModelStore(folders: [folder.file("none"), folder.url])
        #expect(try store.bundle("tiny").digest == store.bundle(place.path).digest)
        #expect(store.directories().map(\.lastPathComponent) == ["tiny"])
        #expect {
            try store.bundle("large")
        } throws: {
            ($0 as? ModelError)?.code == .notFound && "\($0)".contains(folder.url.path)
        }
        #expect(throws: ModelError(.notFound, "no such model directory")) { try store.bundle(folder.file("none").path) }
    }
}
