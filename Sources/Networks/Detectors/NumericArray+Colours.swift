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
}
