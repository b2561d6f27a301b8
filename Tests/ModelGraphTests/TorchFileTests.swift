import Foundation
import ModelGraph
import TestSupport
import Testing

/// Files that `torch.save` wrote (Tests/Oracles/torch_files_golden.py).
@Suite struct TorchFileTests {
    private struct Golden: Decodable {
        var shape: [Int]
        /// As text: JSON has no infinity.
        var values: [String]
    }

    private static func fixture(_ name: String) throws -> Data {
        try Data(contentsOf: #require(Bundle.module.resourceURL).appendingPathComponent("Fixtures/\(name)"))
    }

    @Test(arguments: ["zip.pth", "legacy.pth", "checkpoint.pth"])
    func everyTensorHasItsNumbers(_ name: String) throws {
        let golden = try JSONDecoder().decode([String: Golden].self, from: Self.fixture("torch_files.json"))
        let file = try TorchFile(Self.fixture(name))
        let prefix = name == "checkpoint.pth" ? "state_dict." : ""
        #expect(Set(file.arrays.keys) == Set(golden.keys.map { prefix + $0 }))
        for (key, expected) in golden {
            let array = try #require(file.arrays[prefix + key])
            #expect(array.shape == expected.shape && array.values == expected.values.compactMap(Float.init), "\(key)")
        }
    }

    @Test(arguments: ["zip.pth", "legacy.pth"])
    func everyCutIsAnError(_ name: String) throws {
        let bytes = try Self.fixture(name)
        for length in 0..<bytes.count {
            #expect(throws: ModelGraphError.self, "\(length) bytes") { try TorchFile(bytes.prefix(length)) }
        }
    }

    /// Whatever a byte is changed to, there is an answer or an error.
    @Test(arguments: ["zip.pth", "legacy.pth"])
    func noChangedByteEndsTheProgram(_ name: String) throws {
        let bytes = try Self.fixture(name)
        for index in bytes.indices {
            for change in [0xFF, 0x80, 0x01] as [UInt8] {
                var changed = bytes
                changed[index] ^= change
                do { _ = try TorchFile(changed) } catch { #expect(error is ModelGraphError) }
            }
        }
    }

    /// A pickle that would run a command is data here: the call is not made, and holds no tensor.
    @Test func nothingIsRun() {
        let pickle = Data("\u{80}\u{02}cos\nsystem\nX\u{05}\0\0\0false\u{85}R.".unicodeScalars.map { UInt8($0.value) })
        #expect(throws: ModelGraphError.self) { try TorchFile(pickle) }
    }
}
