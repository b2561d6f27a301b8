import Findings
import Radiographs

/// Whether masks of lungs are to be trusted. Disease breaks masks, and then nothing is to be told from them.
package struct LungChecks: Sendable {
    /// Share of the image that both lungs cover, in percent.
    package static let area = 12.0...50.0
    /// Share of a lung's largest piece.
    package static let wholeness = 0.95
    /// Dice with the masks of the mirrored image.
    package static let agreement = 0.93
    /// The smaller lung's area over the larger one's.
    package static let evenness = 0.3
    /// How much darker the lungs are than the heart, as a share of the input's range.
    package static let darkness = 0.0

    package let checks: [ImageAnatomy.Check]
    /// A sentence for each that fails.
    package let notes: [ImageWarning]

    /// - Parameters:
    ///   - masks: Of the image.
    ///   - mirrored: Of the mirrored image, turned back.
    ///   - grey: The network's input, [side, side], in any unit in which more is brighter.
    package init(_ masks: AnatomyMasks, mirrored: AnatomyMasks, grey: [Float]) {
        let (right, left) = (masks.rightLung, masks.leftLung)
        let areaShare = 100 * Double(right.area + left.area) / Double(max(1, masks.frame.area))
        let larger = max(right.area, left.area)
        let evenness = larger > 0 ? Double(min(right.area, left.area)) / Double(larger) : 0
        let wholeness = min(right.wholeness, left.wholeness)
        let agreement = masks.lungDice(mirrored)
        let darkness = Self.darkness(masks, grey)
        checks = [
            .init(name: "lung_area", value: areaShare, low: Self.area.lowerBound, high: Self.area.upperBound),
            .init(name: "lung_evenness", value: evenness, low: Self.evenness),
            .init(name: "lung_wholeness", value: wholeness, low: Self.wholeness),
            .init(name: "mirror_agreement", value: agreement, low: Self.agreement),
            .init(name: "lung_darkness", value: darkness, low: Self.darkness),
        ]
        func percent(_ value: Double) -> String { String(Int(value.rounded())) }
        let sentences: [ImageWarning] = [
            ImageWarning(
                .lungAreaUnlikely, percent(areaShare), percent(Self.area.lowerBound), percent(Self.area.upperBound)),
            ImageWarning(.lungMissing), ImageWarning(.lungInPieces),
            ImageWarning(.lungsUncertain, Self.twoDecimals(agreement)), ImageWarning(.lungsBright),
        ]
        notes = zip(checks, sentences).filter { !$0.0.isPassed }.map(\.1)
    }

    /// Mean grey of the heart less that of the lungs, over the range of the whole image; 0 where one of them is missing.
    private static func darkness(_ masks: AnatomyMasks, _ grey: [Float]) -> Double {
        guard grey.count == masks.side * masks.side, let low = grey.min(), let high = grey.max(), high > low else { return 0 }
        func mean(_ isInside: (Int) -> Bool) -> Double? {
            var (sum, count) = (0.0, 0)
            for index in grey.indices where isInside(index) { (sum, count) = (sum + Double(grey[index]), count + 1) }
            return count > 0 ? sum / Double(count) : nil
        }
        let lungs = mean { masks.rightLung.isInside[$0] || masks.leftLung.isInside[$0] }
        let heart = mean { masks.heart.isInside[$0] }
        guard let lungs, let heart else { return 0 }
        return (heart - lungs) / Double(high - low)
    }

    static func twoDecimals(_ value: Double) -> String {
        guard value.isFinite else { return "?" }
        let hundredths = Int((value * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}
