import Foundation
import ModelGraph
import Testing

/// What other programs call the tensors of networks (Tests/Oracles/weight_names.py).
struct WeightNames {
    let name: String
    /// In the order of the layers.
    let tensors: [(name: String, shape: [Int])]

    static func named(_ wanted: String) throws -> WeightNames {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/weight_names", withExtension: "txt"))
        var tensors: [(String, [Int])] = []
        var isWanted = false
        for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") {
            if line.hasPrefix("# ") {
                isWanted = line.dropFirst(2) == wanted
            } else if isWanted {
                let parts = line.split(separator: " ", omittingEmptySubsequences: false)
                tensors.append((String(parts[0]), parts[1].split(separator: "x").compactMap { Int($0) }))
            }
        }
        try #require(!tensors.isEmpty)
        return WeightNames(name: wanted, tensors: tensors)
    }

    /// Tensors of these shapes, each filled with its place in the order of the layers.
    func arrays(where isWanted: (String) -> Bool = { _ in true }, prefix: String = "") -> [String: NumericArray] {
        tensors.enumerated().filter { isWanted($1.name) }.reduce(into: [:]) { arrays, entry in
            let (index, (name, shape)) = entry
            arrays[prefix + name] = NumericArray(
                shape: shape, values: [Float](repeating: Float(index), count: shape.reduce(1, *)))
        }
    }
}
