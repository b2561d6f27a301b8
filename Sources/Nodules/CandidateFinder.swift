import CVolumes
import Volumes

/// Finds bright dots in the lungs at seven sizes.
///
/// At each scale the scan is smoothed by a Gaussian. Where all eigenvalues of the Hessian are negative, the dot strength is the square of
/// the smallest over the largest (Li, Sone and Doi, Med Phys 2003): high for balls, low for vessels and walls. The best of the scales
/// counts, its maxima are the candidates, and one of two that lie in one another stays.
public struct CandidateFinder: Sendable {
    /// Standard deviations of the Gaussians in millimetres: on voxels of 1 mm, and on voxels of 2 mm.
    public static let fineScales = [1.2, 1.7, 2.4]
    public static let coarseScales = [3.4, 4.8, 6.8, 10]
    /// Hounsfield units that count: air and bone are cut.
    static let window: ClosedRange<Float> = -1000...200

    /// At most so many.
    public var most: Int
    /// So many even where they are weak, if there are as many.
    public var fewest: Int
    /// Strength of those beyond `fewest`.
    public var strength: Double
    public var threads: Int

    public init(most: Int = 800, fewest: Int = 400, strength: Double = 12, threads: Int = 0) {
        (self.most, self.fewest, self.strength, self.threads) = (most, fewest, strength, threads)
    }

    /// By falling strength, each with its side.
    /// - Throws: `VolumeError` without memory.
    public func candidates(in lungs: Lungs) throws -> [Candidate] {
        try candidates(in: lungs.volume, within: lungs.search).map { candidate in
            var candidate = candidate
            candidate.side = LungSide(lungs.side(of: candidate.centre))
            return candidate
        }
    }

    /// By falling strength.
    /// - Parameters:
    ///   - fine: Voxels of 1 mm along the patient's axes.
    ///   - mask: Where to look, on the same voxels.
    /// - Throws: `VolumeError` without memory.
    public func candidates(in fine: Volume, within mask: VolumeMask) throws -> [Candidate] {
        var dots = try dots(fine, mask, scales: Self.fineScales)
        let coarse = fine.geometry.isotropic(2)
        dots += try self.dots(
            fine.resampled(to: coarse, threads: threads), mask.resampled(to: coarse, threads: threads), scales: Self.coarseScales)
        // Equal strengths by place, so that the order is always the same.
        dots.sort { ($1.strength, $0.centre.z, $0.centre.y, $0.centre.x) < ($0.strength, $1.centre.z, $1.centre.y, $1.centre.x) }
        var kept: [Dot] = []
        for dot in dots {
            guard kept.count < most, kept.count < fewest || dot.strength >= strength else { break }
            if !kept.contains(where: { $0.covers(dot) }) { kept.append(dot) }
        }
        return kept.enumerated().map { number, dot in
            Candidate(number: number + 1, centre: dot.centre, radius: dot.radius, strength: dot.strength)
        }
    }

    /// A maximum of the dot strength.
    struct Dot {
        var centre: SIMD3<Double>
        var radius: Double
        var strength: Double

        /// Whether a weaker one is the same thing. A much larger one may be another, of which this is a part.
        func covers(_ weaker: Dot) -> Bool {
            let offset = centre - weaker.centre
            let reach = weaker.radius < 1.5 * radius ? max(radius, weaker.radius) : radius
            return (offset * offset).sum() < reach * reach
        }
    }

    private func dots(_ volume: Volume, _ mask: VolumeMask, scales: [Double]) throws -> [Dot] {
        let geometry = volume.geometry
        let (size, count) = (geometry.size, geometry.voxelCount)
        let spacing = geometry.spacing
        var smooth = [Float](repeating: 0, count: count)
        var best = [Float](repeating: 0, count: count)
        var index = [UInt8](repeating: 0, count: count)
        for (number, scale) in scales.enumerated() {
            let sigma = [scale / spacing.x, scale / spacing.y, scale / spacing.z]
            guard
                cv_gaussian(
                    volume.values, size, Self.window.lowerBound, Self.window.upperBound, sigma, &smooth, Int32(threads))
            else { throw VolumeError(.tooLarge, "there is not enough memory to look for nodules") }
            // Second derivatives by the square of the scale are comparable between scales.
            cv_dot_strength(smooth, size, mask.values, Float(sigma[0] * sigma[0]), UInt8(number), &best, &index, Int32(threads))
        }
        var peaks = [CVPeak](repeating: CVPeak(), count: 65_536)
        let found = min(peaks.count, cv_peaks(best, index, size, spacing.x > 1.5 ? 1 : 2, 1, &peaks, peaks.count))
        return peaks.prefix(found).map { peak in
            Dot(
                centre: geometry.point(ofVoxel: SIMD3(Double(peak.x), Double(peak.y), Double(peak.z))),
                radius: scales[Int(peak.scale)] * 3.0.squareRoot(), strength: Double(peak.strength))
        }
    }
}
