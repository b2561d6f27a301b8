import Detection
import Foundation
import PleuraTesting
import Radiographs
import Testing

@Suite struct InputSearchTests {
    private static let png = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])

    private func folder(_ files: [String: Data]) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for (name, bytes) in files { try Files.write(bytes, to: folder.file(name)) }
        return folder
    }

    private func search(_ folder: TemporaryFolder, _ names: [String]) -> (inputs: [String], skipped: Int) {
        let search = InputSearch(names.map { folder.file($0).path }, decoders: DecoderRegistry(decoders: [PNGDecoder()]))
        let root = folder.url.path
        return (
            search.inputs.map { $0.path.replacingOccurrences(of: root + "/", with: "") + ($0.failure.map { ": \($0)" } ?? "") },
            search.skipped
        )
    }

    @Test func foldersAreWalkedInOrderAndJudgedByContent() throws {
        let folder = try folder([
            "in/b.png": Self.png, "in/a/second.PNG": Self.png, "in/a/scan": Self.png, "in/a/notes.txt": Data("text".utf8),
            "in/.hidden.png": Self.png, "in/.git/x.png": Self.png, "in/empty.dcm": Data(), "in/data.csv": Data("1,2".utf8),
        ])
        let (inputs, skipped) = search(folder, ["in"])
        #expect(inputs == ["in/a/scan", "in/a/second.PNG", "in/b.png", "in/empty.dcm"])
        #expect(skipped == 2)
    }

    @Test func mixturesNameEachFileOnce() throws {
        let folder = try folder(["in/a.png": Self.png, "in/b.png": Self.png, "c.png": Self.png])
        try FileManager.default.createSymbolicLink(at: folder.file("again.png"), withDestinationURL: folder.file("in/a.png"))
        // Round and round, if links were followed without looking.
        try FileManager.default.createSymbolicLink(at: folder.file("in/up"), withDestinationURL: folder.file("in"))
        let names = ["in/b.png", "in", "in/../c.png", "c.png", "again.png", "in/*.png", "in"]
        #expect(search(folder, names).inputs == ["in/b.png", "in/a.png", "in/../c.png"])
    }

    @Test func patternsTheShellDidNotExpandAreExpanded() throws {
        let folder = try folder(["1.png": Self.png, "2.png": Self.png, "10.jpg": Data("x".utf8), "[odd].png": Self.png])
        #expect(search(folder, ["*.png"]).inputs == ["1.png", "2.png", "[odd].png"])
        #expect(search(folder, ["?.png", "1*"]).inputs == ["1.png", "2.png", "10.jpg"])
        // A file that is really called so is that file.
        #expect(search(folder, ["[odd].png"]).inputs == ["[odd].png"])
        #expect(search(folder, ["*.gif"]).inputs == ["*.gif: no file matches"])
    }

    @Test func whatCannotBeAnImageIsNamed() throws {
        let folder = try folder(["plain/readme.md": Data("x".utf8)])
        #expect(try Shell.run("cd '\(folder.url.path)' && mkdir x.png && mkfifo pipe.dcm other && ln -s nowhere gone.jpg").status == 0)
        #expect(search(folder, ["plain"]).inputs == ["plain: the folder holds no image"])
        #expect(search(folder, ["missing.png"]).inputs == ["missing.png"])
        let (inputs, skipped) = search(folder, ["."])
        #expect(
            inputs.map { $0.replacingOccurrences(of: "./", with: "") } == [
                "gone.jpg", "pipe.dcm", "x.png: a folder, and it holds no image",
            ])
        #expect(skipped == 2)
    }
}
