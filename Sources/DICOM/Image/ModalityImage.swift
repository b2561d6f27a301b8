/// One frame in the modality's own scale, before any window: Hounsfield units of a CT slice, detector counts of a radiograph.
///
/// Samples are integers as they are stored; a value is sample · slope + intercept (PS3.3 C.11.1). So nothing is rounded, and a volume of a
/// thousand slices takes two bytes a voxel where its samples fit into them.
public struct ModalityImage: Hashable, Sendable {
    /// Columns.
    public let width: Int
    /// Rows.
    public let height: Int
    /// [height * width], row-major; of a Modality LUT, what it gives.
    public let samples: [Int32]
    public let slope: Double
    public let intercept: Double
    /// Rescale Type or Modality LUT Type, such as `HU`; `nil` where the file does not say it, which for CT means Hounsfield units.
    public let units: String?
    /// Samples that fill what the detector did not see (Pixel Padding Value, PS3.3 C.7.5.1.1.2); they have no value.
    public let padding: ClosedRange<Int32>?

    /// In the modality's scale; `nil` of padding.
    public func value(row: Int, column: Int) -> Double? {
        let sample = samples[row * width + column]
        return padding?.contains(sample) == true ? nil : Double(sample) * slope + intercept
    }
}
