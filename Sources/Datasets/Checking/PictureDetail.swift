import Radiographs

/// The ribs, vessels and edges of a picture and not its exposure: few pixels, each less the mean of its surroundings and divided by
/// their contrast.
///
/// Two copies have nearly the same detail, two radiographs never, were they of the same patient a day apart. Measured on all 3.2 million
/// pairs of 2,546 NIH radiographs and on 16 kinds of copies of 425 of them:
///
/// | | 64 x 64 | 128 x 128 |
/// |---|---|---|
/// | most similar different radiographs | 0.53 | 0.32 |
/// | least similar copies: JPEG at quality 10 | 0.70 | 0.53 |
/// | JPEG at quality 50 of a quarter of the size | 0.92 | 0.76 |
/// | gamma 0.6 to 1.6, contrast 1.4, window | 0.92 | 0.89 |
/// | cut by 1% on each side | 0.72 | 0.39 |
///
/// A copy that is mirrored, turned or cut by more than that is not recognised.
package struct PictureDetail: Hashable, Sendable {
    private let values: [Int8]

    /// At 64 x 64, pictures that are less similar are different for certain.
    static let possible = 0.65
    /// At 64 x 64, pictures that are more similar are the same for certain.
    static let certain = 0.92
    /// Between the two, pictures at least this similar at `confirmingSide` are the same.
    static let confirmed = 0.52
    package static let confirmingSide = 128

    /// - Returns: `nil` for a picture of one grey.
    package init?(_ picture: PixelImage, side: Int) {
        guard let small = SquarePicture(picture, side: side) else { return nil }
        self.init(small)
    }

    init?(_ picture: SquarePicture) {
        let local = picture.locallyNormalised(radius: 2).values
        guard !local.isEmpty else { return nil }
        let mean = local.reduce(0, +) / Float(local.count)
        // Local contrasts are within about three of their surroundings' standard deviations.
        values = local.map { Int8(max(-127, min(127, (($0 - mean) * 36).rounded()))) }
    }

    /// Cosine of the angle between both, in -1...1; 0 for details of different sizes.
    package func similarity(_ other: PictureDetail) -> Double {
        guard values.count == other.values.count else { return 0 }
        var (product, own, theirs) = (Int32(0), Int32(0), Int32(0))
        values.withUnsafeBufferPointer { one in
            other.values.withUnsafeBufferPointer { two in
                for index in 0..<one.count {
                    let (a, b) = (Int32(one[index]), Int32(two[index]))
                    // 16,384 products of at most 16,129 stay below 2^31.
                    product &+= a &* b
                    own &+= a &* a
                    theirs &+= b &* b
                }
            }
        }
        guard own > 0, theirs > 0 else { return 0 }
        return Double(product) / (Double(own) * Double(theirs)).squareRoot()
    }

    /// Whether two pictures are the same, by their fingerprints' details and, in doubt, by those of `confirmingSide`.
    /// - Parameter larger: Details of both at `confirmingSide`; `nil` where one cannot be read any more.
    package static func areSame(_ similarity: Double, larger: () -> (PictureDetail, PictureDetail)?) -> Bool {
        guard similarity >= possible else { return false }
        if similarity >= certain { return true }
        guard let (one, two) = larger() else { return false }
        return one.similarity(two) >= confirmed
    }
}
