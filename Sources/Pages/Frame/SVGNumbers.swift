import Findings
import Geometry
import Radiographs
import Reports

/// Numbers and classes of drawings over a picture.
enum SVGNumbers {
    static func number(_ value: Double) -> String { Rounding.text(Rounding.pixels(value)) }

    /// A rectangle's place and size.
    static func attributes(_ box: Box) -> String {
        let numbers = Rounding.box(box).map(Rounding.text)
        return "x=\"\(numbers[0])\" y=\"\(numbers[1])\" width=\"\(numbers[2])\" height=\"\(numbers[3])\""
    }

    /// The class of `palette.css` that gives a finding its colours.
    static func colourClass(_ findingClass: FindingClass) -> String {
        let count = FindingPalette.colours.count
        return "c\((((findingClass.id &- 1) % count) + count) % count)"
    }
}
