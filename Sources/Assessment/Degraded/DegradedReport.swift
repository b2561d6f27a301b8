import Findings
import Radiographs

/// How a model does on degraded films, and what helps: one row a degradation and treatment.
public struct DegradedReport: Codable, Hashable, Sendable {
    public struct Row: Codable, Hashable, Sendable {
        /// `nil` for the films as they are.
        public var degradation: ImageDegradation.Kind?
        /// 1 or 2; 0 for the films as they are.
        public var strength: Int
        public var treatment: DegradedTreatment
        /// COCO's average precision at an IoU of 0.50, the mean over findings, on the images with a box; `nil` where none has one.
        public var map50: Double?
        /// Any abnormality, by the model's scores of whole images or an image's highest box, beside images without any; `nil` where there are none of one kind.
        public var auroc: Double?
        /// Share of the images whose record tells this degradation; of films as they are, share with any record.
        public var told: Double
        /// Share of the images that were refused: no findings, and a sentence.
        public var refused: Double
        /// Share of the images with each kind of record.
        public var codes: [String: Double]
    }

    public var model: String
    public var digest: String
    public var split: String
    /// Images that could be read, and those of them with a box.
    public var images: Int
    public var boxedImages: Int
    public var failed: Int
    public var seed: UInt64
    /// What the model has learnt from these patients, in words; `nil` where nothing is to be said.
    public var overlap: String?
    public var rows: [Row]

    private enum CodingKeys: String, CodingKey {
        case model, digest, split, images, failed, seed, overlap, rows
        case boxedImages = "boxed_images"
    }

    /// A table for a terminal.
    public var text: String {
        func figure(_ value: Double?) -> String { value.map { Self.rounded($0, 3) } ?? "-" }
        var rows = [["FILMS", "TREATMENT", "MAP50", "AUROC", "TOLD %", "REFUSED %"]]
        rows += self.rows.map { row in
            [
                row.degradation.map { "\($0.rawValue) \(row.strength)" } ?? "as they are", row.treatment.rawValue, figure(row.map50),
                figure(row.auroc), Self.rounded(100 * row.told, 1), Self.rounded(100 * row.refused, 1),
            ]
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return column < 2 ? cell + space : space + cell
            }.joined(separator: "  ")
        }
        return "\(model), \(split): \(images) images, \(boxedImages) with a box, seed \(seed)\n" + lines.joined(separator: "\n") + "\n"
    }

    private static func rounded(_ value: Double, _ places: Int) -> String {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let text = String((value * scale).rounded() / scale)
        let digits = text.split(separator: ".").last?.count ?? 0
        return text + String(repeating: "0", count: max(0, places - digits))
    }

    /// Which records tell a degradation.
    static func codes(of kind: ImageDegradation.Kind) -> Set<ImageQuality.Code> {
        switch kind {
        case .noise: [.noisy]
        case .blur: [.blurred]
        case .exposure: [.tooBright, .tooDark, .clipped, .narrowWindow, .noisy]
        case .curve: [.tooBright, .tooDark, .clipped]
        case .jpeg: [.noisy, .blurred]
        case .inversion: [.inverted]
        case .turning: [.turned]
        case .borders: [.borders]
        }
    }
}
