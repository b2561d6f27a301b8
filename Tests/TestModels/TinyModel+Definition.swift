extension TinyModel {
    /// What its network computes, written out: see `make_tiny_networks.py`.
    /// - Parameter input: [64 * 64], row-major.
    /// - Returns: Boxes [16, 4] in pixels of the input, scores [16, 2].
    package static func byDefinition(_ input: [Float]) -> (boxes: [Float], scores: [Float]) {
        var (boxes, scores): ([Float], [Float]) = ([], [])
        for row in 0..<4 {
            for column in 0..<4 {
                var sum: Double = 0
                for y in 0..<16 {
                    for x in 0..<16 { sum += Double(input[(16 * row + y) * 64 + 16 * column + x]) }
                }
                let mean = Float(sum / 256)
                boxes += [Float(16 * column), Float(16 * row), Float(16 * column + 16) + 8 * mean, Float(16 * row + 16)]
                scores += [min(max(mean, 0), 1), min(max(0.5 - mean / 2, 0), 1)]
            }
        }
        return (boxes, scores)
    }
}
