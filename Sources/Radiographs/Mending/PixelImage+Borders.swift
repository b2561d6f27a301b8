extension PixelImage {
    /// Pixels of a line that are looked at; more say no more of whether it shows something.
    private static let mostSamples = 256
    /// How far apart the greys of a border's line may lie, and how far from an end of the picture's scale, as a share of that scale. JPEG leaves
    /// waves beside edges.
    private static let evenness = 0.025
    /// Of each end of a line's greys: markers and specks on a border.
    private static let leftOut = 0.06
    /// What has to be left of a side, as a share.
    private static let leastSide = 0.25

    /// The picture without the even black or white lines at its edges, as collimators, scanners and exports leave them.
    ///
    /// Straight edges alone: a collimator that was turned leaves wedges, which are not found.
    /// - Parameter histogram: The image's own.
    /// - Returns: The whole image where it has no such lines, or little else.
    public func pictureArea(_ histogram: GreyHistogram) -> PixelArea {
        let whole = PixelArea(x: 0, y: 0, width: width, height: height)
        let (low, high) = (Double(histogram.percentile(0.1)), Double(histogram.percentile(99.9)))
        let slack = Self.evenness * (high - low)
        guard high > low else { return whole }
        func isEven(_ start: Int, _ step: Int, _ count: Int) -> Bool {
            let stride = max(1, count / Self.mostSamples)
            let line = Swift.stride(from: 0, to: count, by: stride).map { samples[start + $0 * step] }.sorted()
            let cut = Int(Self.leftOut * Double(line.count))
            let (first, last) = (Double(line[cut]), Double(line[line.count - 1 - cut]))
            return last - first <= slack && (last - low <= slack || high - first <= slack)
        }
        var (top, bottom) = (0, height - 1)
        while top < bottom, isEven(top * width, 1, width) { top += 1 }
        while bottom > top, isEven(bottom * width, 1, width) { bottom -= 1 }
        var (left, right) = (0, width - 1)
        let rows = bottom - top + 1
        while left < right, isEven(top * width + left, width, rows) { left += 1 }
        while right > left, isEven(top * width + right, width, rows) { right -= 1 }
        let area = PixelArea(x: left, y: top, width: right - left + 1, height: rows)
        guard Double(area.width) >= Self.leastSide * Double(width), Double(rows) >= Self.leastSide * Double(height) else { return whole }
        return area
    }
}
