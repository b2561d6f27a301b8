import Foundation
import Radiographs
import Results
import Terminology

/// Makes the DICOM objects of a result: a conformant object or an error.
///
/// The same result, sources and options give the same UIDs and the same bytes. A person's and a model's results that rest on one model
/// share a series for each kind; no SOP Instance UID is ever in two series.
public struct ResultObjects: Sendable {
    public var options: ResultObjectOptions
    public var terminology: Terminology

    /// - Parameter terminology: The codes of labels and places, a site's own where it has some.
    public init(options: ResultObjectOptions = ResultObjectOptions(), terminology: Terminology = .standard) {
        (self.options, self.terminology) = (options, terminology)
    }

    /// All objects of the options' kinds: one report and one document of the result, a presentation state and a secondary capture of each
    /// image that was read, a segmentation of each image that has masks. Not proved yet: `ResultProof`.
    /// - Parameters:
    ///   - predecessor: What an amended report follows.
    ///   - masks: What the model outlined, where it did.
    ///   - source: The DICOM file of an image by its SOP Instance UID, only asked for images of the result. `nil` where there is no file;
    ///     bytes that are not DICOM (a PNG or JPEG that was received as such) count as pixels without a header.
    ///   - radiograph: An image's pixels where they are decoded already, which takes most of the time; `nil` of an image that is not.
    /// - Throws: `ResultObjectError`; what `source` and `radiograph` throw.
    public func make(
        _ result: StudyResult, predecessor: PredecessorReport? = nil, masks: [ResultMask] = [],
        radiograph: @escaping (ResultImage) throws -> Radiograph? = { _ in nil }, source: (String) throws -> Data?
    ) throws -> [ResultObject] {
        let content = try ResultContent(
            result, masks: masks, options: options, terminology: terminology, pictures: PictureStore(given: radiograph), source: source)
        return try ResultObject.Kind.allCases.filter(options.kinds.contains).flatMap { kind -> [ResultObject] in
            switch kind {
            case .structuredReport: [try StructuredReport(content, predecessor: predecessor).object()]
            case .presentationState: try content.readImages.map { try PresentationState(content, image: $0).object() }
            case .secondaryCapture: try content.readImages.map { try SecondaryCapture(content, image: $0).object() }
            case .segmentation: try content.readImages.compactMap { try Segmentation(content, image: $0)?.object() }
            case .encapsulatedDocument: [try EncapsulatedDocument(content).object()]
            }
        }
    }

    /// The same, with the files at hand.
    /// - Throws: `ResultObjectError`.
    public func make(
        _ result: StudyResult, predecessor: PredecessorReport? = nil, masks: [ResultMask] = [], sources: [String: Data]
    ) throws -> [ResultObject] {
        try make(result, predecessor: predecessor, masks: masks) { sources[$0] }
    }
}
