import ModelGraph

/// The weights of the last few validations of a run, whose mean becomes the model (Izmailov et al., Averaging weights leads to wider
/// optima, UAI 2018): weights from along the course of a training lie around a better place than any of them.
///
/// The paper passes over the data once more for the statistics of batch normalisation. Here they are averaged as all other numbers: each
/// snapshot's own are moving averages already, of networks that are close to each other.
struct WeightSnapshots: Equatable {
    /// How many are kept; 0 for none.
    let limit: Int
    /// The oldest first; all have the same names and shapes.
    private(set) var arrays: [[String: NumericArray]]

    init(limit: Int, arrays: [[String: NumericArray]] = []) {
        self.limit = max(0, limit)
        self.arrays = Array(arrays.suffix(self.limit))
    }

    mutating func add(_ weights: @autoclosure () throws -> [String: NumericArray]) rethrows {
        guard limit > 0 else { return }
        arrays = try Array((arrays + [weights()]).suffix(limit))
    }

    /// The mean of every number, added up in 64 bits in the order of the snapshots; `nil` where there is none.
    var mean: [String: NumericArray]? {
        guard let first = arrays.first else { return nil }
        return first.reduce(into: [:]) { result, entry in
            var sums = [Double](repeating: 0, count: entry.value.values.count)
            for snapshot in arrays {
                guard let values = snapshot[entry.key]?.values, values.count == sums.count else { continue }
                for (index, value) in values.enumerated() { sums[index] += Double(value) }
            }
            result[entry.key] = NumericArray(shape: entry.value.shape, values: sums.map { Float($0 / Double(arrays.count)) })
        }
    }
}
