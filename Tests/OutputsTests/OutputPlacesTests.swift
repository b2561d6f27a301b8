import Foundation
import Outputs
import PleuraTesting
import Testing

/// What is refused before any work is done.
@Suite struct OutputPlacesTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(at: folder.file("a"), withIntermediateDirectories: true)
        // Inputs that are Pleura's own: predictions, say.
        for name in ["a/own.json", "other.json"] { try Data("[]\n".utf8).write(to: folder.file(name)) }
        try FileManager.default.linkItem(at: folder.file("a/own.json"), to: folder.file("hard.json"))
        try FileManager.default.createSymbolicLink(atPath: folder.file("soft.json").path, withDestinationPath: "a/own.json")
        try FileManager.default.createSymbolicLink(atPath: folder.file("b").path, withDestinationPath: "a")
    }

    private func refusal(_ names: String...) -> String? {
        var places = OutputPlaces(inputs: [folder.file("a/own.json").path, folder.file("gone.json").path])
        do {
            for (index, name) in names.enumerated() { try places.claim(folder.url.path + "/" + name, for: "--option\(index)") }
            return nil
        } catch {
            return (error as? ReportError)?.reason.replacingOccurrences(of: folder.url.path + "/", with: "")
        }
    }

    @Test(arguments: ["a/own.json", "./a/own.json", "a/../a/own.json", "hard.json", "soft.json", "b/own.json", "gone.json", "GONE.json"])
    func anInputIsKnownByEveryName(name: String) { #expect(refusal(name) == "--option0 \(name): it is one of the inputs") }

    @Test func twoOutputsNeverShareAPlace() {
        #expect(refusal("new.json", "a/../new.json") == "--option1 a/../new.json: --option0 goes there too")
        #expect(refusal("a/new.json", "b/NEW.json") == "--option1 b/NEW.json: --option0 goes there too")
        #expect(refusal("new.json", "newer.json", "other.json") == nil)
    }

    @Test func standardOutputAndDevicesAreFreeToAll() throws {
        var places = OutputPlaces()
        for place in ["-", "-", "/dev/null", "/dev/null", "/dev/stdout"] { try places.claim(place, for: "--json") }
        #expect(throws: ReportError.self) { try places.claim(folder.url.path, for: "--json") }
    }

    @Test func aFreeNameIsNobodysElse() throws {
        try Data("mine".utf8).write(to: folder.file("mine.jpg"))
        var places = OutputPlaces(inputs: [folder.file("a/own.json").path])
        try places.claim(folder.file("taken.jpg").path, for: "--json")
        let free = ["mine.jpg", "taken.jpg", "TAKEN.jpg", "hard.json", "other.json", "new.jpg", "a"].filter {
            places.isFree(folder.file($0).path)
        }
        #expect(free == ["other.json", "new.jpg"])
    }
}
