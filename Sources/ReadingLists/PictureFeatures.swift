import Radiographs

/// What a picture looks like in 64 numbers: the greys of 8 x 8 fields, less their mean, over their deviation.
public enum PictureFeatures {
    static let side = 8
    /// Of a picture that cannot be read.
    public static let none = Array(repeating: 0.0, count: side * side)

    public static func values(of pixels: PixelImage) -> [Double] {
        guard pixels.width >= side, pixels.height >= side else { return none }
        var sums = none
        var counts = none
        let step = max(1, min(pixels.width, pixels.height) / 128)
        for row in stride(from: 0, to: pixels.height, by: step) {
            for column in stride(from: 0, to: pixels.width, by: step) {
                let field = row * side / pixels.height * side + column * side / pixels.width
                sums[field] += Double(pixels.samples[row * pixels.width + column])
                counts[field] += 1
            }
        }
        let greys = zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 }
        let mean = greys.reduce(0, +) / Double(greys.count)
        let spread = (greys.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(greys.count)).squareRoot()
        return spread > 0 ? greys.map { ($0 - mean) / spread } : none
    }
}
