import ModelGraph

extension NumericArray {
    /// The weights [O, 3, k, k] of a first convolution as [O, 1, k, k]: a grey picture gives the same features as its three equal
    /// channels did.
    var summedOverColours: NumericArray {
        let plane = shape[2] * shape[3]
        let sums = (0..<shape[0] * plane).map { index -> Float in
            let start = index / plane * 3 * plane + index % plane
            return values[start] + values[start + plane] + values[start + 2 * plane]
        }
        return NumericArray(shape: [shape[0], 1, shape[2], shape[3]], values: sums)
    }

    /// As a name's `change` says; as it is where the first axis has no such blocks.
    func changed(_ change: WeightName.Change) -> NumericArray {
        guard let rows = shape.first, rows > 0 else { return self }
        switch change {
        case .none: return self
        case .blocks(let order):
            guard rows % order.count == 0, Set(order) == Set(order.indices) else { return self }
            let block = rows / order.count
            return reordered((0..<rows).map { order[$0 / block] * block + $0 % block })
        case .pairs:
            return rows % 2 == 0 ? reordered((0..<rows).map { $0 ^ 1 }) : self
        }
    }

    /// Row i of the first axis becomes the present row `rows[i]`.
    private func reordered(_ rows: [Int]) -> NumericArray {
        let length = values.count / max(1, shape[0])
        return NumericArray(shape: shape, values: rows.flatMap { values[$0 * length..<($0 + 1) * length] })
    }

    /// - Returns: Itself where the shapes differ.
    func subtracting(_ other: NumericArray) -> NumericArray {
        guard shape == other.shape else { return self }
        return NumericArray(shape: shape, values: zip(values, other.values).map { $0 - $1 })
    }
}
