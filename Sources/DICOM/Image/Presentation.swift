/// From the modality's values to grey as it is looked at: value of interest, and polarity (PS3.3 C.11.2, PS3.4 annex N).
struct Presentation: Hashable {
    /// Bits of a pixel, 8 to 16: those of the VOI LUT or else the Modality LUT, or else Bits Stored.
    let bits: Int
    private let interest: ValueOfInterest
    /// The modality's output range, for files without a value of interest.
    private let first: Double
    private let last: Double
    /// Whether low values are white.
    private let isTurned: Bool
    private let maximum: Double

    init(_ module: ImagePixelModule, modality: ModalityTransform, interest: ValueOfInterest) {
        self.interest = interest
        switch (interest, modality) {
        case (.table(let table), _), (_, .table(let table)): bits = table.depth
        default: bits = min(max(module.bitsStored, 8), 16)
        }
        (first, last) = modality.range(of: StoredValues(module).range)
        isTurned = module.photometric == .monochrome1
        maximum = Double((1 << bits) - 1)
    }

    func grey(_ value: Double) -> UInt16 {
        // A slope of 1e308 leads out of all numbers: what is none is shown black.
        let given = interest.fraction(value, of: (first, last))
        let fraction = given > 0 ? min(given, 1) : 0
        let grey = UInt16((fraction * maximum).rounded())
        return isTurned ? UInt16(maximum) - grey : grey
    }
}
