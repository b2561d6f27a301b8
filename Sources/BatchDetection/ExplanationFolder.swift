import Basics
import Detection
import Explanations
import Findings
import Foundation
import Outputs
import Radiographs
import Reports

/// A folder of explanations: for each image a JSON file, and for each map that is shown a picture.
public struct ExplanationFolder: Sendable {
    private let folder: URL
    private let explainer: Explainer
    private let detector: Detector
    private let decoders: DecoderRegistry
    private var names: PictureFolder

    /// - Parameter places: Where the run's inputs and other outputs lie.
    /// - Throws: `ExplanationError` where the model's bank of similar cases cannot be used.
    package init(
        _ folder: URL, detector: Detector, decoders: DecoderRegistry, trust: Explainer.Trust = .tested, places: OutputPlaces
    ) throws {
        (self.folder, self.detector) = (folder, detector)
        self.decoders = detector.decoders(decoders)
        var explainer = Explainer(detector, trust: trust)
        explainer.similarCases = try SimilarCases(detector.bundle)
        self.explainer = explainer
        names = PictureFolder(directory: folder, places: places)
    }

    /// Explains the findings of an image. One without findings, or that could not be read, has no explanation.
    /// - Returns: How many runs it took, in a line; `nil` where there is nothing to explain.
    /// - Throws: `ReportError`; `ExplanationError`, `InferenceError`, `RadiographError` where the image cannot be explained.
    public mutating func write(_ image: ImageFindings, frame: Int = 1) throws -> String? {
        guard image.error == nil, !image.findings.isEmpty, case .file(let path) = image.reference.source else { return nil }
        let bytes = try decoders.bytes(of: path)
        let radiograph = try decoders.decode(bytes, frame: image.reference.frame ?? frame)
        let prepared = try detector.prepare(
            ReducedRadiograph(radiograph, covering: detector.inputSide ?? .max), from: image.reference.source)
        let explanation = try explainer.explain(image.findings, in: prepared, digest: Digest(of: bytes).hexadecimal)
        let stem = (names.name(for: image.reference) as NSString).deletingPathExtension
        try OutputFile.write(
            try ExplanationJSON.document(explanation, image: image.reference.name, width: image.width, height: image.height),
            to: folder.appendingPathComponent("\(stem).json"))
        var pictures = 0
        for (finding, why) in zip(image.findings, explanation.findings) {
            for result in why.maps {
                guard let map = result.map else { continue }
                let title = "\(why.label) \(finding.id), \(result.kind.title): \(result.sentence ?? "")"
                let picture = ExplanationPicture(
                    map, in: explanation.plane, box: why.box, findingClass: finding.findingClass,
                    words: [title, "control: \(why.boxSentence)"])
                try OutputFile.write(
                    try picture.png(over: radiograph.pixels),
                    to: folder.appendingPathComponent("\(stem).\(finding.id).\(result.kind.rawValue).png"))
                pictures += 1
            }
        }
        let seconds = String(format: "%.2f", explanation.duration)
        return "explained by \(explanation.runs) runs in \(seconds) s; \(pictures) map\(pictures == 1 ? "" : "s") shown"
    }
}
