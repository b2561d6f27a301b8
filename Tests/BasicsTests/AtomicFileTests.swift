import Basics
import Foundation
import PleuraTesting
import Testing

@Suite struct AtomicFileTests {
    @Test func aFileIsSeenWholeOrNotAtAll() throws {
        let folder = try TemporaryFolder()
        let place = folder.file("deep/er/file")
        var file: AtomicFile? = try AtomicFile(place)
        try file?.write(Data("half".utf8))
        #expect(!FileManager.default.fileExists(atPath: place.path))
        // Given up: nothing is left, nor in the folder.
        file = nil
        #expect(try Files.names(in: place.deletingLastPathComponent()) == [])
        let whole = try AtomicFile(place)
        try whole.write(Data("wh".utf8))
        try whole.write(Data("ole".utf8))
        try whole.finish()
        #expect(try String(contentsOf: place, encoding: .utf8) == "whole")
        #expect(throws: FileError(.cannotWrite, "")) { try whole.write(Data()) }
        #expect(throws: FileError(.cannotWrite, "")) { try whole.finish() }
        #expect(try String(contentsOf: place, encoding: .utf8) == "whole")
    }

    @Test func whatStoodThereStaysUntilTheNewOneIsComplete() throws {
        let folder = try TemporaryFolder()
        let place = folder.file("file")
        try Data("old".utf8).write(to: place)
        struct Refused: Error {}
        do {
            let file = try AtomicFile(place)
            try file.write(Data("new".utf8))
            #expect(throws: Refused.self) { try file.finish { throw Refused() } }
        }
        #expect(try String(contentsOf: place, encoding: .utf8) == "old")
        try AtomicFile.write(Data("new".utf8), to: place)
        #expect(try String(contentsOf: place, encoding: .utf8) == "new")
        #expect(try Files.names(in: folder.url) == ["file"])
    }

    @Test func aRoomsOwnErrorIsThrown() {
        struct Own: Error, Equatable { let reason: String }
        #expect(throws: Own(reason: "/proc/none does not take new files: no such file or directory")) {
            try AtomicFile(URL(fileURLWithPath: "/proc/none/file")) { Own(reason: $0.reason) }
        }
    }

    @Test func aFolderIsSeenWholeOrNotAtAll() throws {
        let folder = try TemporaryFolder()
        let place = folder.file("set")
        struct Broken: Error {}
        #expect(throws: Broken.self) {
            try AtomicFolder(place).fill { aside in
                try Data("half".utf8).write(to: aside.appendingPathComponent("a"))
                throw Broken()
            }
        }
        #expect(try Files.names(in: folder.url) == [])
        try AtomicFolder(place).fill { try Data("1".utf8).write(to: $0.appendingPathComponent("a")) }
        #expect(throws: FileError(.exists, "")) { try AtomicFolder(place) }
        #expect(throws: Broken.self) { try AtomicFolder(place, replaces: true).fill { _ in throw Broken() } }
        #expect(try String(contentsOf: place.appendingPathComponent("a"), encoding: .utf8) == "1")
        try AtomicFolder(place, replaces: true).fill { try Data("2".utf8).write(to: $0.appendingPathComponent("b")) }
        #expect(try Files.names(in: place) == ["b"])
        #expect(try Files.names(in: folder.url) == ["set"])
    }
}
