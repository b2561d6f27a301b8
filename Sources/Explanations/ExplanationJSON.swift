import Findings
import Foundation
import Geometry

/// An image's explanations as programs get them, schema 1. Maps are small arrays: row by row, the longer side of 40 cells at most.
public enum ExplanationJSON {
    public static let schema = 1
    /// Cells of the longer side at most.
    public static let cells = 40

    /// One finding.
    public struct FindingEntry: Codable, Hashable, Sendable {
        /// One network.
        public struct Member: Codable, Hashable, Sendable {
            public var name: String
            /// The class's score in the place that fits best.
            public var score: Double
            /// x, y, width, height in pixels of the original image; left out where the network sees nothing there.
            public var box: [Double]?
        }

        /// One map, or why it is hidden.
        public struct Map: Codable, Hashable, Sendable {
            public var kind: String
            public var shown: Bool
            public var reason: String?
            public var sentence: String?
            /// `score`, or `share of the score`.
            public var unit: String?
            public var columns: Int?
            public var rows: Int?
            /// Pixels of the original image on a side of a cell.
            public var cellSize: Double?
            /// Where the first cell begins, x and y in pixels of the original image: of a film in a border not at 0.
            public var origin: [Double]?
            public var values: [[Double]]?

            private enum CodingKeys: String, CodingKey {
                case kind, shown, reason, sentence, unit, columns, rows, values, origin
                case cellSize = "cell_size"
            }
        }

        /// Known boxes that resemble the finding.
        public struct Similar: Codable, Hashable, Sendable {
            /// One of them.
            public struct Case: Codable, Hashable, Sendable {
                /// SHA-256 of the image's file.
                public var image: String
                public var label: String
                /// Whether a person said that it is not there.
                public var rejected: Bool
                public var distance: Double
                /// What share of the bank is no nearer.
                public var percentile: Double
            }

            public var shown: Bool
            public var reason: String?
            public var cases: [Case]
        }

        public var finding: String
        public var label: String
        public var box: [Double]
        public var score: Double
        public var explainedScore: Double
        public var members: [Member]
        public var withoutBox: Double
        public var boxSentence: String
        public var maps: [Map]
        public var similar: Similar?

        private enum CodingKeys: String, CodingKey {
            case finding, label, box, score, members, maps, similar
            case explainedScore = "explained_score"
            case withoutBox = "score_without_box"
            case boxSentence = "box_sentence"
        }
    }

    private struct Document: Encodable {
        var schema = ExplanationJSON.schema
        var notice = Notice.researchUseOnly
        var image: String
        var width: Int
        var height: Int
        var runs: Int
        var seconds: Double
        var findings: [FindingEntry]
    }

    /// The file of one image.
    /// - Parameters:
    ///   - width: Columns of the original.
    ///   - height: Rows of the original.
    public static func document(_ explanation: ImageExplanation, image: String, width: Int, height: Int) throws -> Data {
        try encoder.encode(
            Document(
                image: image, width: width, height: height, runs: explanation.runs, seconds: rounded(explanation.duration, 1e3),
                findings: explanation.findings.map { entry($0, plane: explanation.plane) })) + Data("\n".utf8)
    }

    public static func entry(_ finding: FindingExplanation, plane: ImagePlane) -> FindingEntry {
        FindingEntry(
            finding: finding.id, label: finding.label, box: corners(finding.box), score: rounded(finding.score),
            explainedScore: rounded(finding.explainedScore),
            members: finding.members.map { .init(name: $0.name, score: rounded($0.score), box: $0.box.map(corners)) },
            withoutBox: rounded(finding.scoreWithoutBox), boxSentence: finding.boxSentence,
            maps: finding.maps.map { map($0, plane: plane) },
            similar: finding.similar.map { answer in
                FindingEntry.Similar(
                    shown: answer.hiddenBecause == nil, reason: answer.hiddenBecause,
                    cases: answer.neighbours.map {
                        .init(
                            image: $0.image, label: $0.label, rejected: $0.isRejected, distance: rounded($0.distance),
                            percentile: rounded($0.percentile))
                    })
            })
    }

    private static func map(_ result: FindingExplanation.MapResult, plane: ImagePlane) -> FindingEntry.Map {
        var entry = FindingEntry.Map(kind: result.kind.rawValue, shown: result.map != nil, reason: result.hiddenBecause)
        guard let map = result.map else { return entry }
        let small = map.reduced(to: cells)
        entry.sentence = result.sentence
        entry.unit = result.kind == .score ? "score" : "share of the score"
        (entry.columns, entry.rows) = (small.width, small.height)
        entry.cellSize = rounded(Double(map.step(for: cells)) / plane.scale, 1e3)
        entry.origin = [rounded(plane.originX, 1e3), rounded(plane.originY, 1e3)]
        entry.values = (0..<small.height).map { row in
            (0..<small.width).map { rounded(Double(small.values[row * small.width + $0]), 1e3) }
        }
        return entry
    }

    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }

    private static func corners(_ box: Box) -> [Double] { [box.x, box.y, box.width, box.height].map { rounded($0, 1e2) } }

    private static func rounded(_ value: Double, _ places: Double = 1e4) -> Double { (value * places).rounded() / places }
}
