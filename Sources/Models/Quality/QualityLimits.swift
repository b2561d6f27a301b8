import Findings
import Radiographs

/// What tells that an image's quality is out of the ordinary: small learnt things, and limits that the model's own images lie in. Part of a card.
///
/// Learnt things look at 16 x 16 cells of the picture without its border, by their ranks, so that neither exposure nor a maker's curve of grey
/// decides: one row of weights that is high for an upright chest, low for an inverted one and near nothing for a turned one; the mean chest and the
/// directions in which chests differ; and, where ages were known, weights that are high for children.
public struct QualityLimits: Hashable, Sendable {
    /// What is measured and held against a limit.
    public enum Measure: String, Codable, CaseIterable, CodingKeyRepresentable, Hashable, Sendable {
        /// Steps of grey between the percentiles 1 and 99.
        case greySpan = "grey_span"
        /// Grey between the percentiles 0.5 and 99.5, as a share of the scale.
        case windowShare = "window_share"
        /// Share of the image that an even border takes.
        case borderShare = "border_share"
        /// Share of the pixels at the lower or the upper end of their scale.
        case clippedLow = "clipped_low"
        case clippedHigh = "clipped_high"
        /// Mean of the windowed grey, 0...1.
        case mean
        /// Size of the Laplacian beside the deviation.
        case detail
        /// How much more the best inverted reading is like an upright chest than the best that is not.
        case inversion
        /// The same of the best turned reading and the one that is not.
        case turning
        /// How far the picture lies from what combinations of chests can be, 0 to some 1.4.
        case distance
        /// Likeness to the mirror image, -1...1.
        case symmetry
        /// How much more each half is like a chest than the whole.
        case doubling
        /// How much the proportions are like a child's.
        case child
    }

    public struct Limits: Codable, Hashable, Sendable {
        /// Below is out of the ordinary.
        public var low: Double?
        /// Above is out of the ordinary.
        public var high: Double?
        /// Above, no findings are sought.
        public var refusal: Double?

        public init(low: Double? = nil, high: Double? = nil, refusal: Double? = nil) {
            (self.low, self.high, self.refusal) = (low, high, refusal)
        }
    }

    public var limits: [Measure: Limits]
    /// Images that the limits were learnt from.
    public var images: Int
    /// Share of those images that each limit may turn away, 0...0.5.
    public var share: Double
    /// [256], row-major.
    var upright: [Double]
    /// [256]: mean of the ranks.
    var meanRanks: [Double]
    /// Each [256], of unit length.
    var components: [[Double]]
    /// [257], the last for a constant; `nil` where no ages were known, or too few were a child's.
    var childWeights: [Double]?

    /// What the last of `childWeights` is multiplied with.
    static let constant = 0.05
    /// Years below which a patient counts as a child for the proportions.
    public static let childAge = 13.0

    /// How much the cells are like an upright chest, for each of the eight readings: 0 to 3 quarter-turns clockwise, then the same inverted.
    func readings(_ ranks: [Double]) -> [Double] {
        let turned = (0..<4).map { QualityLook.product(upright, QualityLook.turned(ranks, quarterTurns: $0)) }
        return turned + turned.map { -$0 }
    }

    /// How far the cells lie from combinations of the components.
    func distance(_ ranks: [Double]) -> Double {
        let centred = zip(ranks, meanRanks).map { $0 - $1 }
        let all = QualityLook.product(centred, centred)
        let explained = components.reduce(0) { $0 + QualityLook.product(centred, $1) * QualityLook.product(centred, $1) }
        return max(0, all - explained).squareRoot()
    }

    /// How much the halves are more like chests than the whole is.
    func doubling(_ look: QualityLook, whole: Double) -> Double {
        look.halves.map { min(QualityLook.product(upright, $0.first), QualityLook.product(upright, $0.second)) - whole }.max() ?? -1
    }

    func childLikeness(_ ranks: [Double]) -> Double? {
        childWeights.map { QualityLook.product($0, ranks + [Self.constant]) }
    }
}
