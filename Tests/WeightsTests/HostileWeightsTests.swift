import Foundation
import ModelGraph
import PleuraTesting
import Testing
import Weights

/// Files of weights that say what cannot be: each is an error with its reason, soon and without much memory.
@Suite struct HostileWeightsTests {
    // MARK: safetensors

    private static func read(header: String, bytes: Int, length: UInt64? = nil) throws -> WeightFile {
        let folder = try TemporaryFolder()
        let url = folder.file("w.safetensors")
        let text = Data(header.utf8)
        try (withUnsafeBytes(of: (length ?? UInt64(text.count)).littleEndian) { Data($0) } + text + Data(count: bytes)).write(to: url)
        return try WeightFile(contentsOf: url)
    }

    private static func refusal(header: String, bytes: Int, length: UInt64? = nil) throws -> String {
        try #require(throws: ModelGraphError.self) { try read(header: header, bytes: bytes, length: length) }.reason
    }

    private static func entry(_ name: String, _ from: Int, _ to: Int) -> String {
        #""\#(name)":{"dtype":"F32","shape":[\#((to - from) / 4)],"data_offsets":[\#(from),\#(to)]}"#
    }

    @Test func arraysThatShareBytesAreRefused() throws {
        let reason = try Self.refusal(header: "{\(Self.entry("a", 0, 8)),\(Self.entry("b", 4, 12))}", bytes: 12)
        #expect(reason == "w.safetensors: a and b share bytes; each has its own in such a file")
        // A thousand names for the same forty bytes would be a thousand times as much memory.
        let many = (0..<1000).map { Self.entry("t\($0)", 0, 40) }.joined(separator: ",")
        #expect(try Self.refusal(header: "{\(many)}", bytes: 40).contains("share bytes"))
        // In any order, and without numbers, they are as they should be.
        let good = "{\(Self.entry("a", 8, 12)),\(Self.entry("none", 8, 8)),\(Self.entry("b", 0, 8))}"
        #expect(try Self.read(header: good, bytes: 12).arrays.mapValues(\.shape) == ["a": [1], "none": [0], "b": [2]])
    }

    @Test func aNameThatStandsTwiceIsRefused() throws {
        let reason = try Self.refusal(header: "{\(Self.entry("a", 0, 8)),\(Self.entry("a", 8, 16))}", bytes: 16)
        #expect(reason.contains("its arrays have 8 bytes and 16 are there; a name stands twice"))
        #expect(try Self.refusal(header: "{\(Self.entry("a", 0, 8))}", bytes: 12).contains("8 bytes and 12 are there"))
    }

    @Test(arguments: [UInt64(1) << 63, .max, 1 << 40])
    func aHeaderBeyondTheFileIsToldWithBothLengths(_ length: UInt64) throws {
        let header = "{\(Self.entry("a", 0, 8))}"
        let reason = try Self.refusal(header: header, bytes: 8, length: length)
        #expect(reason.contains("the header has \(length) bytes, and the file \(8 + header.utf8.count + 8)"))
    }

    @Test func offsetsThatFallOrLieBeyondTheFileAreToldWithTheArray() throws {
        for (from, to) in [(8, 0), (4, 12), (-4, 4)] {
            let header = #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[\#(from),\#(to)]}}"#
            let reason = try Self.refusal(header: header, bytes: 8)
            #expect(reason.contains("a of the shape [2] is said to lie at bytes \(from) to \(to) of 8"), "\(reason)")
        }
    }

    @Test func aNameWithControlCharactersIsRefused() throws {
        #expect(try Self.refusal(header: "{\(Self.entry(#"a\nb"#, 0, 8))}", bytes: 8) == "a tensor's name holds control characters")
        #expect(try Self.refusal(header: "{\(Self.entry(String(repeating: "a", count: 10_001), 0, 8))}", bytes: 8).contains("longer than"))
    }

    @Test func wholeNumbersAreToldApart() throws {
        let header = #"{"a":{"dtype":"I8","shape":[4],"data_offsets":[0,4]},\#(Self.entry("b", 4, 8))}"#
        let file = try Self.read(header: header, bytes: 8)
        #expect(file.integers == ["a"] && Set(file.arrays.keys) == ["a", "b"])
    }

    // MARK: PyTorch

    /// The older format with one tensor `w` over a storage of two numbers of 16 bits.
    private static func torch(
        storage: String = "HalfStorage", name: String = "w", offset: Int = 0, shape: [Int], strides: [Int]
    ) -> Data {
        func long(_ value: Int) -> [UInt8] { [0x8A, 8] + withUnsafeBytes(of: Int64(value).littleEndian) { [UInt8]($0) } }
        func text(_ value: String) -> [UInt8] {
            [UInt8(ascii: "X")] + withUnsafeBytes(of: UInt32(value.utf8.count).littleEndian) { [UInt8]($0) } + Array(value.utf8)
        }
        func global(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }
        func tuple(_ values: [[UInt8]]) -> [UInt8] { [0x28] + values.joined() + [0x74] }
        let reference = tuple([text("storage"), global("torch", storage), text("0"), text("cpu"), long(2)]) + [0x51]
        let arguments = tuple([reference, long(offset), tuple(shape.map(long)), tuple(strides.map(long)), [0x89], [0x7D]])
        let root = [0x80, 2, 0x7D] + text(name) + global("torch._utils", "_rebuild_tensor_v2") + arguments + [0x52, 0x73, 0x2E]
        let magic: [UInt8] = [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
        let keys = [0x80, 2, 0x5D] + text("0") + [0x61, 0x2E]
        // 1 and -2.5 in binary16.
        let numbers: [UInt8] = [2, 0, 0, 0, 0, 0, 0, 0, 0x00, 0x3C, 0x00, 0xC1]
        return Data(magic + [0x4B, 2, 0x2E, 0x7D, 0x2E] + root + keys + numbers)
    }

    /// The stride of an axis of one element says nothing, however large it is.
    @Test func theStrideOfOneElementMayBeAnything() throws {
        let file = try TorchFile(Self.torch(shape: [2, 1], strides: [1, .max]))
        #expect(file.arrays == ["w": NumericArray(shape: [2, 1], values: [1, -2.5])])
        #expect(try TorchFile(Self.torch(offset: 1, shape: [1], strides: [.max])).arrays["w"]?.values == [-2.5])
        #expect(try TorchFile(Self.torch(offset: 1, shape: [1, 1], strides: [.max, .max])).arrays["w"]?.values == [-2.5])
        #expect(throws: ModelGraphError.self) { try TorchFile(Self.torch(shape: [2, 2], strides: [1, .max])) }
    }

    @Test func wholeNumbersOfPyTorchAreToldApart() throws {
        #expect(try TorchFile(Self.torch(storage: "ShortStorage", shape: [2], strides: [1])).integers == ["w"])
        #expect(try TorchFile(Self.torch(shape: [2], strides: [1])).integers.isEmpty)
    }

    @Test func namesOfPyTorchAreHeldAgainstTheSameRule() throws {
        for name in ["a\u{1B}[31m", String(repeating: "a", count: 10_001)] {
            #expect(throws: ModelGraphError.self) { try TorchFile(Self.torch(name: name, shape: [2], strides: [1])) }
        }
    }

    @Test func aFileOfAnArchiveThatWouldBeTooLargeIsNotUnpacked() throws {
        let bytes = try Data(contentsOf: #require(Bundle.module.resourceURL).appendingPathComponent("Fixtures/deflated.zip"))
        #expect(try ZipArchive(bytes, limit: 6000).content("a/deflated.bin").count == 6000)
        let error = try #require(throws: ModelGraphError.self) { try ZipArchive(bytes, limit: 5999).content("a/deflated.bin") }
        #expect(error.reason == "a file of the archive would unpack to 6000 bytes, far more than the archive has")
    }

    // MARK: TensorFlow

    /// A constant that repeats one number, as protocol buffers have it.
    private static func constant(_ name: String, count: UInt64) -> Data {
        func varint(_ value: UInt64) -> [UInt8] {
            value < 128 ? [UInt8(value)] : [UInt8(value & 127) | 128] + varint(value >> 7)
        }
        func field(_ number: UInt64, _ bytes: [UInt8]) -> [UInt8] { varint(number << 3 | 2) + varint(UInt64(bytes.count)) + bytes }
        let shape = field(2, [8] + varint(count))
        let tensor = [8, 1] + field(2, shape) + field(5, [0, 0, 0x80, 0x3F])
        let attribute = field(1, Array("value".utf8)) + field(2, field(8, tensor))
        return Data(field(1, field(1, Array(name.utf8)) + field(2, Array("Const".utf8)) + field(5, attribute)))
    }

    @Test func repeatedNumbersOfAGraphHaveABound() throws {
        #expect(try FrozenTensorFlowGraph(bytes: Self.constant("c", count: 3)).constants["c"]?.values == [1, 1, 1])
        // Each of them alone would be allowed.
        let graph = (0..<40).reduce(Data()) { $0 + Self.constant("c\($1)", count: 1 << 21) }
        let error = try #require(throws: ModelGraphError.self) { try FrozenTensorFlowGraph(bytes: graph) }
        #expect(error.reason == "constant c32 has an impossible shape")
    }
}
