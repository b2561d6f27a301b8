/// All that a run says of one image: its findings, or why there are none.
public struct ImageFindings: Hashable, Sendable {
    public var reference: ImageReference
    /// What the image says of itself.
    public var header: ImageHeader
    /// Width of the original image in pixels; 0 where the file could not be read.
    public var width: Int
    /// Height of the original image in pixels; 0 where the file could not be read.
    public var height: Int
    /// In falling order of score.
    public var findings: [Finding]
    /// One score in 0...1 a finding class for the image as a whole, where the model has them.
    public var imageScores: [String: Double]?
    /// What masks of lungs and heart say; `nil` where nobody asked.
    public var anatomy: ImageAnatomy?
    /// What the reader should know, such as "not a chest image".
    public var warnings: [ImageWarning]
    /// What of the image's quality lies outside the model's limits, and what was mended; empty where nothing does, or the model has no limits.
    public var quality: [ImageQuality]
    /// Why the image could not be done; `nil` where it was.
    public var error: ImageFailure?

    public init(
        reference: ImageReference, header: ImageHeader = ImageHeader(), width: Int = 0, height: Int = 0, findings: [Finding] = [],
        imageScores: [String: Double]? = nil, warnings: [ImageWarning] = [], quality: [ImageQuality] = [], error: ImageFailure? = nil
    ) {
        self.reference = reference
        self.header = header
        self.width = width
        self.height = height
        self.findings = findings
        self.imageScores = imageScores
        self.warnings = warnings
        // An image that was refused for its quality says so in both places.
        self.quality = quality.isEmpty ? error?.quality ?? [] : quality
        self.error = error
    }

    /// All that lists for people say of the image: warnings, then quality; each code once.
    public var remarks: [(code: String, text: String)] {
        let warned = Set(warnings.map(\.code.rawValue))
        return warnings.map { ($0.code.rawValue, $0.description) }
            + quality.filter { !warned.contains($0.code.rawValue) && $0.level == .told }.map { ($0.code.rawValue, $0.description) }
    }

    /// Its findings in the order to list them in: each other reading of a place behind the surer finding, else in falling order of score.
    public var listed: [Finding] {
        let ids = Set(findings.map(\.id))
        let readings = Dictionary(grouping: findings) { $0.alternativeTo.flatMap { ids.contains($0) ? $0 : nil } }
        return (readings[nil] ?? []).flatMap { [$0] + (readings[$0.id] ?? []) }
    }

    /// Some of its findings, numbered anew; which of them are other readings of surer ones is told anew, too.
    public func keeping(_ kept: (Finding) -> Bool, alternatives: Alternatives) -> ImageFindings {
        var image = self
        image.findings = findings.filter(kept)
        var columns: [FindingClass: Int] = [:]
        let detections = image.findings.map { finding in
            let column = columns[finding.findingClass] ?? columns.count
            columns[finding.findingClass] = column
            return Detection(box: finding.boundingBox, classIndex: column, score: finding.score)
        }
        for (index, surer) in alternatives(detections).enumerated() {
            image.findings[index].id = String(index + 1)
            image.findings[index].alternativeTo = surer.map { String($0 + 1) }
        }
        return image
    }
}
