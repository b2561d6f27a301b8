import Datasets
import Findings

/// Which findings an image shows, wherever on it.
public struct ImageTruth: Hashable, Sendable {
    /// In the order of the label map's classes; `nil` where it is not known.
    public var findings: [Bool?]
    /// Whether anything at all is found, be it of the label map or not; `nil` where it is not known.
    public var isAbnormal: Bool?

    public init(findings: [Bool?], isAbnormal: Bool?) {
        self.findings = findings
        self.isAbnormal = isAbnormal
    }

    /// What a dataset says of an image: a finding is there where it has a box or where it is said of the whole image.
    /// - Parameter boxesAreComplete: What holds where nothing is said of the whole image: a finding without a box is not there, as in
    ///   COCO and VinDr-CXR (`true`), or nobody knows (`false`).
    public init(_ image: DatasetImage, findingClasses: [FindingClass], boxesAreComplete: Bool = true) {
        let boxed = Set(image.boxes.map(\.classID))
        let said = image.labels.map(Set.init)
        let absent: Bool? = said != nil || boxesAreComplete ? false : nil
        findings = findingClasses.map { boxed.contains($0.id) || said?.contains($0.name) == true ? true : absent }
        isAbnormal = image.isNormal ? absent : true
    }

    /// What the sources of an image say of it: a finding of which none says anything is not known.
    public init(_ image: DatasetImage, findingClasses: [FindingClass], coverage: SourceCoverage) {
        self.init(image, findingClasses: findingClasses)
        let boxed = Set(image.boxes.flatMap { coverage.present(of: $0) })
        let open = Set(coverage.openPlaces(of: image).flatMap(\.columns))
        findings = coverage.knowledge(of: image).enumerated().map { column, known in
            switch known {
            case .present, .boxedInPart: true
            case .complete: boxed.contains(column) ? true : open.contains(column) ? nil : false
            case .absent: false
            case .unknown: nil
            }
        }
        // An image of which nobody says anything is not a normal one.
        if isAbnormal == false, !findings.isEmpty, findings.allSatisfy({ $0 == nil }) { isAbnormal = nil }
    }
}
