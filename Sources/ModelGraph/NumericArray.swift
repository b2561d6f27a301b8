/// Numbers with a shape, row-major: what weight files and graph initialisers hold.
public struct NumericArray: Hashable, Sendable {
    public var shape: [Int]
    public var values: [Float]

    /// - Precondition: `values.count` is the product of `shape`; readers check what comes from outside before.
    public init(shape: [Int], values: [Float]) {
        precondition(values.count == shape.reduce(1, *))
        self.shape = shape
        self.values = values
    }

    /// How many numbers a shape read from a file holds; `nil` where an extent is negative or the product does not fit.
    package static func count(of shape: [Int]) -> Int? {
        shape.reduce(1 as Int?) { product, extent in
            guard let product, extent >= 0 else { return nil }
            let (value, overflow) = product.multipliedReportingOverflow(by: extent)
            return overflow || value > 1 << 40 ? nil : value
        }
    }

    /// The axes in another order, as numpy's `transpose`: axis i of the result is axis `axes[i]` of this array.
    /// - Complexity: O(count · rank).
    public func transposed(_ axes: [Int]) -> NumericArray {
        precondition(axes.sorted() == Array(shape.indices))
        var strides = [Int](repeating: 1, count: shape.count)
        for axis in stride(from: shape.count - 2, through: 0, by: -1) { strides[axis] = strides[axis + 1] * shape[axis + 1] }
        let newShape = axes.map { shape[$0] }
        let newStrides = axes.map { strides[$0] }
        var result = [Float]()
        result.reserveCapacity(values.count)
        var index = [Int](repeating: 0, count: shape.count)
        for _ in 0..<values.count {
            result.append(values[zip(index, newStrides).reduce(0) { $0 + $1.0 * $1.1 }])
            for axis in stride(from: shape.count - 1, through: 0, by: -1) {
                index[axis] += 1
                if index[axis] < newShape[axis] { break }
                index[axis] = 0
            }
        }
        return NumericArray(shape: newShape, values: result)
    }
}
