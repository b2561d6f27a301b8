import Foundation
import Results
import Terminology

/// Nodules of a CT series as DICOM objects: a Segmentation with a segment a nodule (PS3.3 A.51), and a structured report by TID 1500 whose
/// groups (TID 1411) refer to the segments.
public struct NoduleObjects: Sendable {
    public var options: ResultObjectOptions
    public var terminology: Terminology

    public init(options: ResultObjectOptions = ResultObjectOptions(), terminology: Terminology = .standard) {
        (self.options, self.terminology) = (options, terminology)
    }

    /// - Parameters:
    ///   - result: Who read what, with the slices that the objects refer to: those with an outline, or any of the series where there is none. It
    ///     has no findings of its own.
    ///   - source: The DICOM file of a slice.
    /// - Returns: The segmentation, where there is a nodule, and the report.
    /// - Throws: `ResultObjectError`; what `source` throws.
    public func make(_ result: StudyResult, nodules: [ResultNodule], source: (String) throws -> Data?) throws -> [ResultObject] {
        guard result.findings.isEmpty else { throw ResultObjectError(.badResult, "a result of nodules has no boxes") }
        guard Set(nodules.map(\.id)).count == nodules.count else { throw ResultObjectError(.badResult, "two nodules have one id") }
        let content = try ResultContent(
            result, masks: [], options: options, terminology: terminology, pictures: PictureStore(given: { _ in nil }), source: source)
        let segmentation = try nodules.isEmpty ? nil : NoduleSegmentation(content, nodules).object()
        let report = try NoduleReportObject(content, nodules, segmentation: segmentation).object()
        return [segmentation, report].compactMap(\.self)
    }
}
