/// Stored values that fill what the detector did not see (PS3.3 C.7.5.1.1.2); shown black.
struct PixelPadding: Hashable {
    /// In stored values, before the modality transform.
    let values: ClosedRange<Int>

    /// `nil` where the file has none, or one that its samples cannot hold.
    init?(_ dataset: DICOMItem, storable: ClosedRange<Int>) {
        /// Padding is often written as unsigned into files with signed samples.
        func stored(_ tag: Tag) -> Int? {
            guard let value = dataset.integer(tag) else { return nil }
            let candidates = [value, value - 65_536]
            return candidates.first(where: storable.contains)
        }
        guard let value = stored(.pixelPaddingValue) else { return nil }
        let limit = stored(.pixelPaddingRangeLimit) ?? value
        values = min(value, limit)...max(value, limit)
    }
}
