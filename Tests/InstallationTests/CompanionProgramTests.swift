import Basics
import Foundation
import Installation
import PleuraTesting
import Testing

@Suite struct CompanionProgramTests {
    private let folder: TemporaryFolder
    private var program: CompanionProgram { CompanionProgram(.training, in: folder.url) }

    init() throws { folder = try TemporaryFolder() }

    private func write(_ script: String) throws {
        let file = folder.file("pleura-train")
        try "#!/bin/sh\n\(script)\n".write(to: file, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }

    @Test func itSaysItsVersion() throws {
        try write("echo '1.2 (LibTorch 9)'")
        #expect(program.version() == "1.2 (LibTorch 9)" && program.failure() == nil)
    }

    @Test func itSaysWhatItLacks() throws {
        try write("echo 'pleura-train: LibTorch is not there' >&2; exit 3")
        #expect(program.version() == nil && program.failure() == "LibTorch is not there")
    }

    @Test func whereItIsNotBuiltTheErrorSaysWhatToDo() {
        let error = #expect(throws: CompanionProgramError.self) { try program.run(["train"]) }
        #expect(error?.code == .missing && error?.exitStatus == .somethingMissing)
        #expect(error?.description.hasSuffix("build it with: make train") == true && program.url == nil)
    }
}
