import Foundation

extension Reading.Content {
    /// A level line in pixels of the image.
    public struct Line: Hashable, Sendable, Codable {
        public var left: Double
        public var right: Double
        /// Height of the line.
        public var y: Double

        public init(left: Double, right: Double, y: Double) { (self.left, self.right, self.y) = (left, right, y) }
    }

    /// The heart's width over the chest's, by masks.
    public struct Ratio: Hashable, Sendable, Codable {
        public var value: Double
        /// Half the width of the error bar.
        public var error: Double
        /// Along which it was measured; `nil` in readings of before there were lines.
        public var heart: Line?
        public var thorax: Line?

        public init(value: Double, error: Double, heart: Line? = nil, thorax: Line? = nil) {
            (self.value, self.error, self.heart, self.thorax) = (value, error, heart, thorax)
        }
    }

    /// A sentence for people, with what it takes to say it in another language.
    public struct Remark: Hashable, Sendable, Codable {
        /// Such as `heart_uncertain`.
        public var code: String
        /// What stands in the sentence's places.
        public var values: [String]
        /// In English.
        public var sentence: String

        public init(code: String, values: [String], sentence: String) {
            (self.code, self.values, self.sentence) = (code, values, sentence)
        }
    }

    /// One thing about the image's quality that lies outside its limit.
    public struct Quality: Hashable, Sendable, Codable {
        /// Such as `inverted`.
        public var code: String
        public var value: Double
        public var limit: Double
        /// `told` or `refused`.
        public var level: String
        /// Whether the model saw it put right.
        public var isMended: Bool
        /// What stands in the sentence's places.
        public var values: [String]
        /// In English.
        public var sentence: String

        public init(code: String, value: Double, limit: Double, level: String, isMended: Bool, values: [String], sentence: String) {
            (self.code, self.value, self.limit, self.level) = (code, value, limit, level)
            (self.isMended, self.values, self.sentence) = (isMended, values, sentence)
        }

        private enum CodingKeys: String, CodingKey {
            case code, value, limit, level, values, sentence
            case isMended = "mended"
        }
    }

    /// What masks of lungs and heart say of the image, besides the ratio.
    public struct Anatomy: Hashable, Sendable, Codable {
        /// A border in pixels of the image.
        public struct Outline: Hashable, Sendable, Codable {
            /// Such as `Right lung`, the patient's.
            public var structure: String
            /// x and y of corners one after another; the last is joined to the first.
            public var points: [[Double]]

            public init(structure: String, points: [[Double]]) { (self.structure, self.points) = (structure, points) }
        }

        /// Whether places are told.
        public var isMeasurable: Bool
        /// Why something is not told.
        public var notes: [Remark]
        public var outlines: [Outline]

        public init(isMeasurable: Bool, notes: [Remark], outlines: [Outline]) {
            (self.isMeasurable, self.notes, self.outlines) = (isMeasurable, notes, outlines)
        }

        private enum CodingKeys: String, CodingKey {
            case notes, outlines
            case isMeasurable = "measurable"
        }
    }
}
