/// The range of one activation tensor, from the values it took on a number of images.
///
/// Of each image the values below which and above which one in ten thousand lies, averaged over images. The extremes themselves would
/// spend most of the 256 steps on values that hardly ever occur (of an 80-fold outlier in a thousand images, say), and a percentile over all
/// images together would forget what is large on a few images only.
public struct ActivationStatistics: Hashable, Sendable {
    /// The share of an image's values that is cut off at each end.
    public static let cutShare = 1e-4

    private var lowSum = 0.0
    private var highSum = 0.0
    /// Images seen.
    public private(set) var count = 0

    public init() {}

    /// Adds an image's values, in any order.
    public mutating func add(_ values: some RandomAccessCollection<Float>) {
        guard let (low, high) = values.withContiguousStorageIfAvailable(Self.ends) ?? Array(values).withUnsafeBufferPointer(Self.ends)
        else { return }
        lowSum += Double(low)
        highSum += Double(high)
        count += 1
    }

    /// `nil` before the first image.
    public var range: ActivationRange? {
        guard count > 0 else { return nil }
        return ActivationRange(low: Float(lowSum / Double(count)), high: Float(highSum / Double(count)))
    }

    private static let binCount = 8192

    /// The values at `cutShare` from either end, to a `binCount`th of the way from the least to the largest value.
    /// - Returns: `nil` where a value is not finite, or there is none.
    /// - Complexity: O(n): sorting the activations of a large network takes longer than computing them.
    private static func ends(_ values: UnsafeBufferPointer<Float>) -> (low: Float, high: Float)? {
        guard var least = values.first else { return nil }
        var most = least
        for value in values {
            least = Swift.min(least, value)
            most = Swift.max(most, value)
        }
        guard least.isFinite, most.isFinite, (most - least).isFinite else { return nil }
        let cut = Int(Double(values.count) * cutShare)
        guard most > least, cut > 0 else { return (least, most) }
        var bins = [Int](repeating: 0, count: binCount)
        let scale = Float(binCount) / (most - least)
        for value in values {
            // Not a number compares false with both ends and would come here.
            guard value.isFinite else { return nil }
            bins[Swift.min(Int((value - least) * scale), binCount - 1)] += 1
        }
        var (low, below) = (0, bins[0])
        while below <= cut {
            low += 1
            below += bins[low]
        }
        var (high, above) = (binCount - 1, bins[binCount - 1])
        while above <= cut {
            high -= 1
            above += bins[high]
        }
        // The bin's outer edge: a tensor of few values, such as a rectifier's zeros, keeps them whole.
        return (least + Float(low) / scale, least + Float(high + 1) / scale)
    }
}
