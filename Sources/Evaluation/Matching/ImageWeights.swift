/// How often each image counts: once in the plain figures, as often as it was drawn in a draw of the bootstrap.
struct ImageWeights {
    let values: [Int]
    /// How many images were drawn, repeats counted.
    let total: Int

    /// - Parameters:
    ///   - weights: How often each image was drawn, in the order of the images; `nil` for every image once. A missing or negative one
    ///     is zero, and none is more than a million, so that no sum can overflow.
    ///   - count: How many images there are.
    init(_ weights: [Int]?, count: Int) {
        if let weights {
            let clamped = weights.prefix(count).map { min(max($0, 0), 1_000_000) }
            values = clamped + Array(repeating: 0, count: count - clamped.count)
            total = values.reduce(0, +)
        } else {
            values = Array(repeating: 1, count: count)
            total = count
        }
    }

    /// Sum over the images of boxes.
    func sum(_ images: [Int32]) -> Int { images.reduce(0) { $0 + values[Int($1)] } }
}
