import Basics
import Foundation
import Outputs
import PleuraTesting
import Testing

@Suite struct OutputFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func text(_ name: String) throws -> String { try String(contentsOf: folder.file(name), encoding: .utf8) }
    private func write(_ name: String) throws { try OutputFile.write(Data("new".utf8), to: folder.file(name)) }
    private func names() throws -> [String] { try Files.names(in: folder.url) }

    private static let notice = "research use only, not a diagnosis; and so on"
    private static let ours = [
        "<!DOCTYPE html>\n<head><meta name=\"generator\" content=\"Pleura\">", "<!DOCTYPE html>\n<title>Pleura: findings</title>",
        "path,frame,label,score,x,y,width,height,id,alternative_to\r\na,,b,1,2,3,4,5,1,\r\n",
        "{\"schema\": 1,\n\"notice\": \"\(notice)\", \"images\": []}",
        "[{\"bbox\":[1,2.5,3,4],\"category_id\":1,\"image_id\":2,\"score\":0.5}]\n", "[]\n", "",
    ]
    private static let others = [
        "<!DOCTYPE html>\n<title>My page</title>", "path,frame,label\r\n", "{\"schema\": 1}", "{\"notice\": \"\(notice)\"}",
        "{\"schema\": 1, \"notice\": \"\(notice)\"", "[{\"image_id\": 1, \"category_id\": 1, \"bbox\": [1, 2, 3, 4], \"score\": 0.5}]",
        "[{\"bbox\":[1],\"category_id\":1,\"file\":\"a\"}]\n", "[]", "notes", " ",
    ]

    @Test(arguments: ours) func whatPleuraWroteIsReplaced(content: String) throws {
        try content.write(to: folder.file("out"), atomically: false, encoding: .utf8)
        try write("out")
        #expect(try text("out") == "new" && names() == ["out"])
    }

    @Test(arguments: others) func whatItDidNotWriteStays(content: String) throws {
        try content.write(to: folder.file("out"), atomically: false, encoding: .utf8)
        #expect {
            try write("out")
        } throws: { error in
            (error as? ReportError)?.description
                == "in the way: \(folder.file("out").path): a file is there that Pleura did not write; name another, or move it away"
        }
        #expect(try text("out") == content && names() == ["out"])
    }

    /// It could come between the beginning and the end of a long run.
    @Test func aFileThatCameMeanwhileStays() throws {
        let file = try OutputFile(folder.file("out"))
        try file.write("new")
        try "mine".write(to: folder.file("out"), atomically: false, encoding: .utf8)
        #expect(throws: ReportError.self) { try file.finish() }
        #expect(try text("out") == "mine")
    }

    @Test func linksAreFollowedAndStayLinks() throws {
        try "mine".write(to: folder.file("mine.txt"), atomically: false, encoding: .utf8)
        for (link, target) in [("to mine", "mine.txt"), ("to nothing", "new.txt"), ("again", "to nothing"), ("round", "round")] {
            try FileManager.default.createSymbolicLink(atPath: folder.file(link).path, withDestinationPath: target)
        }
        #expect(throws: ReportError.self) { try write("to mine") }
        #expect(throws: ReportError.self) { try write("round") }
        #expect(try text("mine.txt") == "mine")
        try write("again")
        #expect(
            try text("new.txt") == "new" && FileManager.default.destinationOfSymbolicLink(atPath: folder.file("again").path) == "to nothing"
        )
    }

    @Test func aFullDeviceAndAFolderThatTakesNothingAreToldWithTheReason() {
        func reason(_ path: String) -> String? {
            do {
                try OutputFile.write(Data("new".utf8), to: URL(fileURLWithPath: path))
                return nil
            } catch {
                return (error as? ReportError)?.description
            }
        }
        #expect(reason("/dev/full") == "cannot write: /dev/full cannot be written to the end: no space left on device")
        #expect(reason("/dev/null") == nil)
        #expect(reason("/proc/nothing/out")?.hasPrefix("cannot write: /proc/nothing does not take new files: ") == true)
        #expect(reason(folder.url.path)?.hasSuffix(" is a directory") == true)
    }
}
