import Foundation
import ModelGraph
import TestSupport
import Testing

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
}
