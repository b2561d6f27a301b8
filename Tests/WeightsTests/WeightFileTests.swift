import Foundation
import ModelGraph
import PleuraTesting
import Testing
import Weights

@Suite struct WeightFileTests {
    private static let arrays = [
        "a.weight": NumericArray(shape: [2, 3], values: [1, -2, 3.5, 0, .infinity, 1e-40]), "b": NumericArray(shape: [], values: [7]),
    ]

    @Test func whatIsWrittenIsReadBack() throws {
        let folder = try TemporaryFolder()
        let url = folder.file("w.safetensors")
        try WeightFile(arrays: Self.arrays, metadata: ["step": "12"]).write(to: url)
        let file = try WeightFile(contentsOf: url)
        #expect(file.arrays == Self.arrays)
        #expect(file.metadata == ["step": "12"])
    }

    @Test func everyCutIsAnError() throws {
        let folder = try TemporaryFolder()
        let url = folder.file("w.safetensors")
        try WeightFile(arrays: Self.arrays).write(to: url)
        let bytes = try Data(contentsOf: url)
        for length in 0..<bytes.count {
            try bytes.prefix(length).write(to: url)
            #expect(throws: ModelGraphError.self) { try WeightFile(contentsOf: url) }
        }
    }

    @Test func offsetsOutsideTheFileAreAnError() throws {
        let folder = try TemporaryFolder()
        let url = folder.file("w.safetensors")
        let header = Data(#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[4294967296,4294967304]}}"#.utf8)
        try (withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) } + header).write(to: url)
        #expect(throws: ModelGraphError.self) { try WeightFile(contentsOf: url) }
    }

    @Test(arguments: ["[4611686018427387904,4,4]", "[16777216,16777216,16777216]", "[-1,-2]"])
    func aShapeWhoseProductDoesNotFitIsAnError(shape: String) throws {
        let folder = try TemporaryFolder()
        let url = folder.file("w.safetensors")
        let header = Data(#"{"x":{"dtype":"F32","shape":\#(shape),"data_offsets":[0,8]}}"#.utf8)
        try (withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) } + header + Data(count: 8)).write(to: url)
        #expect(throws: ModelGraphError.self) { try WeightFile(contentsOf: url) }
    }

    /// One entry of the type, as safetensors' format says it lies.
    private static func file(_ type: String, shape: [Int], bytes: [UInt8]) throws -> WeightFile {
        let folder = try TemporaryFolder()
        let url = folder.file("w.safetensors")
        let header = Data(#"{"x":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[0,\#(bytes.count)]}}"#.utf8)
        try (withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) } + header + Data(bytes)).write(to: url)
        return try WeightFile(contentsOf: url)
    }

    /// Bytes from IEEE 754 and two's complement by hand.
    @Test(arguments: [
        ("F16", [0x00, 0x3C, 0x00, 0xC1], [1, -2.5]), ("BF16", [0x80, 0x3F, 0x20, 0xC0], [1, -2.5]),
        ("F64", [0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0x04, 0xC0], [1, -2.5]),
        ("I64", [1, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8), [1, -1]),
        ("I32", [7, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF], [7, -2]), ("I16", [7, 0, 0xFE, 0xFF], [7, -2]), ("I8", [7, 0xFE], [7, -2]),
        ("U8", [7, 0xFE], [7, 254]), ("BOOL", [0, 1], [0, 1]),
    ])
    func otherKindsOfNumbersAreRead(type: String, bytes: [UInt8], expected: [Float]) throws {
        #expect(try Self.file(type, shape: [2], bytes: bytes).arrays["x"] == NumericArray(shape: [2], values: expected))
    }

    @Test func aKindThatIsNotReadIsNamed() throws {
        let error = try #require(throws: ModelGraphError.self) { try Self.file("F8_E4M3", shape: [2], bytes: [1, 2]) }
        #expect(error.code == .unsupported && error.reason.contains("F8_E4M3"))
    }
}
