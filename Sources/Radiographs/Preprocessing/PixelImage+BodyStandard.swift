extension PixelImage {
    /// Stretches the grey from `deviations` standard deviations below the body's mean to as many above it over the full range. A flat image
    /// stays as it is.
    public func bodyStandardised(deviations: Double) -> PixelImage {
        histogram().bodyStandardised(deviations: deviations).map(mapped) ?? self
    }
}

extension GreyHistogram {
    /// What each grey becomes; `nil` where nothing of the picture stands out as a body.
    func bodyStandardised(deviations: Double) -> [UInt16]? {
        guard let threshold = otsuThreshold else { return nil }
        // Half of the threshold between dark and bright: dark tissue belongs to the body, the noise of air does not.
        let first = threshold / 2 + 1
        var (count, sum, squares) = (0.0, 0.0, 0.0)
        for grey in first...maximum {
            let pixels = Double(counts[grey])
            count += pixels
            sum += pixels * Double(grey)
            squares += pixels * Double(grey) * Double(grey)
        }
        guard count > 0 else { return nil }
        let mean = sum / count
        let deviation = max(0, squares / count - mean * mean).squareRoot()
        guard deviation > 0 else { return nil }
        let (low, scale) = (mean - deviations * deviation, Double(maximum) / (2 * deviations * deviation))
        return (0...maximum).map { UInt16(min(Double(maximum), max(0, ((Double($0) - low) * scale).rounded()))) }
    }

    /// The grey that parts dark from bright best: the largest variance between the two (Otsu 1979). Greys above it are bright; `nil` of a flat
    /// image.
    var otsuThreshold: Int? {
        let all = counts.enumerated().reduce(0.0) { $0 + Double($1.offset) * Double($1.element) }
        var (below, sum) = (0.0, 0.0)
        var best: (threshold: Int, variance: Double)?
        for (grey, pixels) in counts.enumerated() {
            below += Double(pixels)
            sum += Double(grey) * Double(pixels)
            let above = Double(total) - below
            guard below > 0, above > 0 else { continue }
            let distance = sum / below - (all - sum) / above
            let variance = below * above * distance * distance
            if variance > best?.variance ?? 0 { best = (grey, variance) }
        }
        // All greys of an empty gap part as well: the middle of it, so that neither side's own noise decides.
        return best.map { best in (best.threshold + (counts[(best.threshold + 1)...].firstIndex { $0 > 0 } ?? best.threshold + 1) - 1) / 2 }
    }
}
