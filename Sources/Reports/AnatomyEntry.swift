import Findings
import Terminology

/// What `pleura detect --anatomy` adds to an image and a finding in JSON.
struct AnatomyEntry: Encodable {
    struct Check: Encodable {
        var name: String
        var value: Double?
        /// What passes; an open end is left out.
        var low: Double?
        var high: Double?
        var passed: Bool

        init(_ check: ImageAnatomy.Check) {
            name = check.name
            value = check.value.isFinite ? Rounding.score(check.value) : nil
            (low, high, passed) = (check.low, check.high, check.isPassed)
        }
    }

    struct Ratio: Encodable {
        var value: Double
        /// Half the width of the error bar.
        var error: Double
        /// Left x, right x and y in pixels of the original image.
        var heartLine: [Double]
        var thoraxLine: [Double]

        private enum CodingKeys: String, CodingKey {
            case value, error
            case heartLine = "heart_line"
            case thoraxLine = "thorax_line"
        }

        init(_ ratio: CardiothoracicRatio) {
            (value, error) = (Rounding.score(ratio.value), Rounding.score(ratio.error))
            heartLine = [ratio.heart.left, ratio.heart.right, ratio.heart.y].map(Rounding.pixels)
            thoraxLine = [ratio.thorax.left, ratio.thorax.right, ratio.thorax.y].map(Rounding.pixels)
        }
    }

    struct Outline: Encodable {
        var structure: String
        /// x, y one after another, in pixels of the original image.
        var polygon: [Double]
    }

    /// Where a finding lies.
    struct Place: Encodable {
        struct Code: Encodable {
            var value: String
            var scheme: String
            var meaning: String
        }

        var side: String?
        var zone: String?
        var region: String?
        /// Of side and zone, the preferred one first.
        var codes: [Code]?

        init(_ place: FindingPlace) {
            (side, zone, region) = (place.side?.rawValue, place.zone?.rawValue, place.region?.rawValue)
            let known = Terminology.standard.siteCodes(zone: zone, side: side)
            codes = known.isEmpty || place.side == nil ? nil : known.map { Code(value: $0.value, scheme: $0.scheme, meaning: $0.meaning) }
        }
    }

    var measurable: Bool
    var checks: [Check]
    var ratioChecks: [Check]?
    var cardiothoracicRatio: Ratio?
    /// Why something is not told.
    var notes: [String]
    var noteCodes: [String]?
    var outlines: [Outline]?

    private enum CodingKeys: String, CodingKey {
        case measurable, checks, notes, outlines
        case ratioChecks = "ratio_checks"
        case cardiothoracicRatio = "cardiothoracic_ratio"
        case noteCodes = "note_codes"
    }

    init(_ anatomy: ImageAnatomy, hasOutlines: Bool) {
        measurable = anatomy.isMeasurable
        checks = anatomy.checks.map(Check.init)
        ratioChecks = anatomy.ratioChecks.isEmpty ? nil : anatomy.ratioChecks.map(Check.init)
        cardiothoracicRatio = anatomy.ratio.map(Ratio.init)
        notes = anatomy.notes.map(\.description)
        noteCodes = anatomy.notes.isEmpty ? nil : anatomy.notes.map(\.code.rawValue)
        outlines =
            hasOutlines
            ? anatomy.outlines.map { outline in
                Outline(
                    structure: outline.structure, polygon: outline.points.flatMap { [Rounding.pixels($0.x), Rounding.pixels($0.y)] })
            } : nil
    }
}
