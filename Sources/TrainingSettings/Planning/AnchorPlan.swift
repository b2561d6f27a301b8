import Evaluation
import Findings
import Foundation
import Geometry

/// Anchors of a feature pyramid that fit a dataset's boxes: aspects by k-means on IoU (Redmon and Farhadi, CVPR 2017), scales by search.
struct AnchorPlan {
    var scales: [Double]
    /// Height over width.
    var aspects: [Double]
    /// The IoU of each box with the anchor that fits it best, both with one centre: the mean.
    var meanOverlap: Double
    /// A tenth of the boxes fit less well than this.
    var lowOverlap: Double

    /// - Parameters:
    ///   - sizes: Widths and heights of the boxes in pixels of the input.
    ///   - strides: Of the pyramid's levels.
    static func fitting(_ sizes: [SIMD2<Double>], strides: [Int], aspectCount: Int = 3, scalesPerOctave: Int = 3) -> AnchorPlan {
        let unit = sizes.map { size -> Box in
            let side = (size.x * size.y).squareRoot()
            return Box(x: -size.x / side / 2, y: -size.y / side / 2, width: size.x / side, height: size.y / side)
        }
        let centres = BoxClusters(unit, count: aspectCount, seed: 1).centres
        let aspects = Set(centres.map { ($0.height / $0.width * 100).rounded() / 100 }).sorted()
        var best: AnchorPlan?
        for base in stride(from: 2.0, through: 6.0, by: 0.25) {
            let scales = (0..<scalesPerOctave).map { base * exp2(Double($0) / Double(scalesPerOctave)) }
            let plan = measured(sizes, strides: strides, scales: scales, aspects: aspects)
            if plan.meanOverlap > best?.meanOverlap ?? -1 { best = plan }
        }
        return best ?? measured(sizes, strides: strides, scales: [4], aspects: [1])
    }

    static func measured(_ sizes: [SIMD2<Double>], strides: [Int], scales: [Double], aspects: [Double]) -> AnchorPlan {
        let anchors = strides.flatMap { stride in
            scales.flatMap { scale in
                aspects.map { aspect in
                    let side = scale * Double(stride)
                    return SIMD2(side / aspect.squareRoot(), side * aspect.squareRoot())
                }
            }
        }
        let overlaps = sizes.map { size in
            anchors.map { anchor in
                let common = min(size.x, anchor.x) * min(size.y, anchor.y)
                return common / (size.x * size.y + anchor.x * anchor.y - common)
            }.max() ?? 0
        }.sorted()
        let mean = overlaps.isEmpty ? 0 : overlaps.reduce(0, +) / Double(overlaps.count)
        return AnchorPlan(
            scales: scales.map { ($0 * 1000).rounded() / 1000 }, aspects: aspects, meanOverlap: mean,
            lowOverlap: overlaps.isEmpty ? 0 : overlaps[overlaps.count / 10])
    }
}
