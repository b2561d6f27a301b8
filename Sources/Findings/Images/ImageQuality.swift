import Foundation

/// One thing about an image's quality that lies outside its limit: what was measured, the limit, and what became of it.
///
/// Limits are learnt from a model's own images and stand in its card; those of rotation, inspiration and cut-off come from the literature.
public struct ImageQuality: Hashable, Sendable, CustomStringConvertible {
    /// In JSON by this name. Each needs its sentence in `sentences.en.json`, under `quality.` and its name; a test compares the two lists.
    public enum Code: String, Codable, CaseIterable, CodingKeyRepresentable, Hashable, Sendable {
        // What can be mended without guessing.
        case inverted, turned, borders
        case bitDepth = "bit_depth"
        case narrowWindow = "narrow_window"
        // What makes it no picture to read.
        case blank, doubled
        case notAChest = "not_a_chest"
        // What a reader has to know.
        case view, clipped, blurred, noisy, child
        case tooBright = "too_bright"
        case tooDark = "too_dark"
        // What masks of lungs and clavicles say.
        case rotated, inspiration
        case perhapsRotated = "perhaps_rotated"
        case cutOff = "cut_off"

        /// Whether Pleura can put it right.
        public var isMendable: Bool { [.inverted, .turned, .borders, .bitDepth, .narrowWindow].contains(self) }
    }

    public enum Level: String, Codable, Hashable, Sendable {
        /// Findings are given, marked.
        case told
        /// No findings are sought.
        case refused
    }

    public var code: Code
    /// What was measured; its unit is that of `limit`.
    public var value: Double
    /// The end of the range that is taken without a word.
    public var limit: Double
    public var level: Level
    /// Whether the model saw it put right.
    public var isMended: Bool
    /// What stands in the sentence's places from {3} on.
    public var details: [String]

    public init(
        _ code: Code, value: Double, limit: Double, level: Level = .told, isMended: Bool = false, details: [String] = []
    ) {
        (self.code, self.value, self.limit, self.level) = (code, value, limit, level)
        (self.isMended, self.details) = (isMended, details)
    }

    /// In the language of the program, one line, with value and limit.
    public var description: String { text(in: .english) }

    public func text(in sentences: Sentences) -> String {
        let key = "quality.\(code.rawValue)\(isMended ? ".mended" : "")"
        return sentences.text(of: key, values)
    }

    /// What stands in the sentence's places {1}, {2}, …
    public var values: [String] { [Self.text(value), Self.text(limit)] + details }

    private static func text(_ number: Double) -> String {
        guard number.isFinite else { return "?" }
        let rounded = (number * 100).rounded() / 100
        return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
    }
}
