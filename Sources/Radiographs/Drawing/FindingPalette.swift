import Findings

/// One colour a finding class, the same on pictures, figures and pages.
///
/// The colours are those of Okabe and Ito, "Color Universal Design" (2002), which stay apart for readers with protanopia, deuteranopia and
/// tritanopia; their black, invisible on a radiograph, is replaced by white.
public enum FindingPalette {
    /// An opaque colour, 8 bits a channel, sRGB.
    public struct Colour: Hashable, Sendable {
        public let red: UInt8
        public let green: UInt8
        public let blue: UInt8

        /// - Parameter value: `0xRRGGBB`.
        package init(_ value: UInt32) {
            red = UInt8(truncatingIfNeeded: value >> 16)
            green = UInt8(truncatingIfNeeded: value >> 8)
            blue = UInt8(truncatingIfNeeded: value)
        }

        /// As pages write it: `#E69F00`.
        public var hex: String {
            let digits = Array("0123456789ABCDEF")
            return "#" + [red, green, blue].map { "\(digits[Int($0) / 16])\(digits[Int($0) % 16])" }.joined()
        }

        /// Whether black text reads better on it than white, by relative luminance (WCAG 2.1).
        public var takesBlackText: Bool { relativeLuminance > 0.179 }

        private var relativeLuminance: Double {
            func linear(_ value: UInt8) -> Double {
                // The square is near enough to sRGB's curve to choose between two text colours.
                let share = Double(value) / 255
                return share * share
            }
            return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
        }
    }

    /// Orange, sky blue, bluish green, yellow, blue, vermilion, reddish purple, white.
    public static let colours = [
        0xE69F00, 0x56B4E9, 0x009E73, 0xF0E442, 0x0072B2, 0xD55E00, 0xCC79A7, 0xFFFFFF,
    ].map { Colour($0) }

    /// - Parameter index: Position of the class in its label map, from 0; past the eighth the colours begin again.
    public static func colour(_ index: Int) -> Colour {
        let count = colours.count
        return colours[((index % count) + count) % count]
    }

    /// The colour of a class by its place in the label map, whose ids count from 1.
    public static func colour(of findingClass: FindingClass) -> Colour { colour(findingClass.id &- 1) }
}
