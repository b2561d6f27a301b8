import Archive
import Department
import DepartmentTesting
import Foundation
import PleuraTesting
import Testing

/// ZIP archives that well-meaning and other people send, made by Python's own library.
@Suite struct ZipTests {
    /// - Parameter script: Python, which writes into the archive `z`; `cell` is a PNG.
    private static func zip(_ script: String) throws -> Data {
        let folder = try TemporaryFolder()
        try DepartmentUnderTest.cell(2, 1).write(to: folder.file("cell.png"))
        try DepartmentUnderTest.cell(3, 3).write(to: folder.file("other.png"))
        let program = """
            import io, os, struct, zipfile
            os.chdir("\(folder.url.path)")
            cell, other = open("cell.png", "rb").read(), open("other.png", "rb").read()
            z = zipfile.ZipFile("out.zip", "w", zipfile.ZIP_DEFLATED, allowZip64=True)
            \(script)
            z.close()
            """
        try program.write(to: folder.file("make.py"), atomically: true, encoding: .utf8)
        let result = try Shell.run(program: "/usr/bin/env", ["python3", folder.file("make.py").path])
        #expect(result.status == 0, "\(result.errors)")
        return try Data(contentsOf: folder.file("out.zip"))
    }

    @Test func imagesInAnyFolderAreTakenAndTheRestIsToldByName() async throws {
        let room = try await DepartmentUnderTest(starts: false)
        let bytes = try Self.zip(
            """
            z.writestr("a/b/c/one.png", cell); z.writestr("two.png", other); z.writestr("a/", b""); z.writestr("readme.txt", b"hello")
            z.writestr("__MACOSX/a/._one.png", b"x"); z.writestr(".DS_Store", b"x"); z.writestr("../../three.png", cell)
            """)
        let result = try await room.add(bytes, name: "study.zip")
        #expect(
            result.taken.map(\.name) == ["one.png", "two.png", "three.png"] && result.taken.map(\.isDuplicate) == [false, false, true])
        #expect(result.refused.map(\.name) == ["readme.txt"])
        let below = FileManager.default.enumerator(at: room.folder.url, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        #expect(!below.isEmpty && !below.contains { $0.lastPathComponent == "three.png" })
    }

    @Test func bombsAndArchivesInArchivesAreRefusedAndTheRestGoesOn() async throws {
        let room = try await DepartmentUnderTest(starts: false)
        let bytes = try Self.zip(
            """
            inner = io.BytesIO(); y = zipfile.ZipFile(inner, "w"); y.writestr("x.png", cell); y.close()
            z.writestr("inner.zip", inner.getvalue()); z.writestr("bomb.png", b"\\0" * (64 << 20)); z.writestr("good.png", cell)
            """)
        let result = try await room.add(bytes, name: "study.zip")
        #expect(result.taken.map(\.name) == ["good.png"])
        #expect(
            Dictionary(uniqueKeysWithValues: result.refused.map { ($0.name, $0.code) }) == [
                "inner.zip": "unreadable", "bomb.png": "too_large",
            ])
        #expect(try FileManager.default.contentsOfDirectory(atPath: room.archive.content.incoming.path).isEmpty)
    }

    @Test func sizesThatLieAndDamageAreRefused() async throws {
        let room = try await DepartmentUnderTest(starts: false)
        let whole = try Self.zip("z.writestr('a.png', cell)")
        var broken = whole
        broken[60] ^= 0xFF
        let result = try await room.add(broken, name: "broken.zip")
        #expect(result.taken.isEmpty && result.refused.count == 1)
        #expect(try await room.add(whole.prefix(whole.count / 2), name: "half.zip").refused.map(\.code) == ["unreadable"])
        #expect(try await room.add(Self.zip(""), name: "none.zip").refused.map(\.code) == ["unreadable"])
        let many = try Self.zip("[z.writestr(f'{i}', b'') for i in range(20001)]")
        #expect(try await room.add(many, name: "many.zip").refused.map(\.code) == ["too_large"])
    }
}
