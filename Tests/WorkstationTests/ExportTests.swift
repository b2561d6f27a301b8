import Foundation
import PleuraTesting
import Testing

/// What the archive has, written out again by the program.
@Suite struct ExportTests {
    /// - Returns: A room with one signed and complete study, one signed and not complete, and one that only the model has read.
    private func room() throws -> (Room, signed: String, bytes: Data) {
        let room = try Room()
        let bytes = try Room.cell(1, 2)
        let signed = try room.addAndRead(bytes).study
        let open = try room.addAndRead(try Room.cell(0, 0), name: "b.png").study
        _ = try room.addAndRead(try Room.cell(3, 3), name: "c.png")
        for (study, isComplete) in [(signed, true), (open, false)] {
            let detail = try room.get("/api/v1/studies/\(study)")
            let review: [String: Any] = [
                "based_on": detail["revision"] ?? 0, "complete": isComplete, "sign": true,
                "findings": [["label": "Bright", "box": [15.5, 30, 20.25, 10], "origin": "1"], ["label": "Dark", "box": [1, 2, 3, 4]]],
            ]
            #expect(try room.server.request("POST", "/api/v1/studies/\(study)/review", json: review).status == 201)
        }
        return (room, signed, bytes)
    }

    private func pleura(_ arguments: String...) throws -> Shell.Result {
        try Shell.run(program: ProgramUnderTest.file("pleura-serve").path, arguments)
    }

    @Test func filesAreAsTheyWereReceivedWithTheirWholeHistory() throws {
        let (room, signed, bytes) = try room()
        let data = room.folder.file("archive").path
        let out = room.folder.file("out")
        // Beside the server, which goes on.
        let all = try pleura("archive", "export", "--data", data, "--out", out.path, "--json")
        let folders = try Files.names(in: out)
        #expect(all.status == 0 && all.output.contains("\"studies\"") && folders.count == 3, "\(all.errors)")
        let folder = out.appendingPathComponent(signed)
        let names = try Files.names(in: folder)
        let picture = try #require(names.first { $0.hasSuffix(".png") })
        let kept = try Data(contentsOf: folder.appendingPathComponent(picture))
        #expect(kept == bytes && names.contains("readings.json"))
        let json =
            try JSONSerialization.jsonObject(with: Data(contentsOf: folder.appendingPathComponent("readings.json"))) as? [String: Any]
        #expect(
            json?.list("readings").map { $0.text("status") } == ["preliminary", "final"]
                && json?.text("notice")?.contains("research use only") == true)
        let some = try pleura("archive", "export", "--data", data, "--out", room.folder.file("some").path, "--status", "signed")
        let signedOnes = try Files.names(in: room.folder.file("some"))
        #expect(some.status == 0 && signedOnes.count == 2)
        let check = try pleura("archive", "check", "--data", data)
        #expect(check.status == 0 && check.output.contains("3 instances") && check.output.contains("whole"))
    }

    @Test func aDatasetHasTheBoxesOfWhoSigned() throws {
        let (room, _, _) = try room()
        let out = room.folder.file("dataset")
        let result = try pleura("archive", "export", "--dataset", "--data", room.folder.file("archive").path, "--out", out.path)
        #expect(result.status == 0 && result.errors.contains("1 images") && result.errors.contains("not complete"), "\(result.errors)")
        let json =
            try JSONSerialization.jsonObject(with: Data(contentsOf: out.appendingPathComponent("annotations.json"))) as? [String: Any]
            ?? [:]
        #expect(
            json.list("images").count == 1
                && json.list("annotations").compactMap { $0["bbox"] as? [Double] } == [[15.5, 30, 20.25, 10], [1, 2, 3, 4]])
        #expect(json.list("annotations").allSatisfy { $0.text("reader") == "local" })
        let checked = try ProgramUnderTest.pleura("dataset", "check", out.path)
        #expect(checked.status == 0, "\(checked.output) \(checked.errors)")
        // A damaged file is found, by its instance.
        let content = room.folder.file("archive/content")
        let file = try #require(
            FileManager.default.enumerator(at: content, includingPropertiesForKeys: [.isRegularFileKey])?
                .compactMap { $0 as? URL }.first { $0.lastPathComponent.count == 64 })
        let handle = try FileHandle(forWritingTo: file)
        try handle.seek(toOffset: 20)
        try handle.write(contentsOf: Data([0xAA]))
        try handle.close()
        let broken = try pleura("archive", "check", "--data", room.folder.file("archive").path)
        #expect(broken.status == 1 && broken.output.contains("others than were received"), "\(broken.output)")
    }
}
