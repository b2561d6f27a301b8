import Foundation
import ModelGraph
import PleuraTesting
import Testing
import Weights

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

    @Test(arguments: [
        ("zip.pth", "torch_files", ""), ("legacy.pth", "torch_files", ""), ("checkpoint.pth", "torch_files", "state_dict."),
        ("module_zip.pth", "module", ""), ("training_zip.pth", "training", ""), ("training_legacy.pth", "training", ""),
    ])
    func everyTensorHasItsNumbers(_ name: String, _ expected: String, _ prefix: String) throws {
        let golden = try JSONDecoder().decode([String: Golden].self, from: Self.fixture("\(expected).json"))
        let file = try TorchFile(Self.fixture(name))
        #expect(Set(file.arrays.keys) == Set(golden.keys.map { prefix + $0 }))
        for (key, expected) in golden {
            let array = try #require(file.arrays[prefix + key])
            #expect(array.shape == expected.shape && array.values == expected.values.compactMap(Float.init), "\(key)")
        }
    }

    /// What is no plain number is named, not passed over.
    @Test(arguments: ["training_zip.pth", "training_legacy.pth"])
    func tensorsThatAreNoNumbersAreNamed(_ name: String) throws {
        #expect(try TorchFile(Self.fixture(name)).unreadable == ["kinds.complex"])
    }

    @Test(arguments: ["zip.pth", "legacy.pth"])
    func everyCutIsAnError(_ name: String) throws {
        let bytes = try Self.fixture(name)
        for length in 0..<bytes.count {
            #expect(throws: ModelGraphError.self, "\(length) bytes") { try TorchFile(bytes.prefix(length)) }
        }
    }

    /// Whatever a byte is changed to, there is an answer or an error.
    @Test(arguments: [
        ("zip.pth", [0xFF, 0x80, 0x01]), ("legacy.pth", [0xFF, 0x80, 0x01]), ("module_zip.pth", [0xFF]), ("training_legacy.pth", [0x01]),
    ])
    func noChangedByteEndsTheProgram(_ name: String, _ changes: [UInt8]) throws {
        let bytes = try Self.fixture(name)
        for index in bytes.indices {
            for change in changes {
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

    /// Without end in tuples, in lists that are filled later, and in an object that holds itself: errors, and no recursion without end.
    @Test func nestingWithoutEndIsAnError() throws {
        let magic: [UInt8] = [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
        let (two, empty): ([UInt8], [UInt8]) = ([0x4B, 2, 0x2E], [0x5D, 0x2E])
        let tuples = [UInt8(0x29)] + [UInt8](repeating: 0x85, count: 200_000) + [0x2E]
        // EMPTY_LIST many times, then APPEND: each list into the one before.
        let lists = [UInt8](repeating: 0x5D, count: 200_000) + [UInt8](repeating: 0x61, count: 199_999) + [0x2E]
        // A dictionary under its own key.
        let itself: [UInt8] = [0x7D, 0x71, 0, 0x4B, 1, 0x68, 0, 0x73, 0x2E]
        for root in [tuples, lists, itself] {
            #expect(throws: ModelGraphError.self) { try TorchFile(Data(magic + two + empty + root + empty)) }
        }
    }
}
