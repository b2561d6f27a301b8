import Datasets

/// What a check found.
public struct DatasetCheckReport: Hashable, Sendable {
    /// What was checked, as it was named.
    public var paths: [String]
    public var images: Int
    public var boxes: Int
    public var patients: Int
    /// Whether the pixels were decoded and compared, or the headers read only.
    public var hasReadPixels: Bool
    /// Failures first, each group in the order of the files.
    public var problems: [DatasetProblem]

    public var failures: [DatasetProblem] { problems.filter { $0.severity == .failure } }
    public var warnings: [DatasetProblem] { problems.filter { $0.severity == .warning } }

    public init(paths: [String], images: Int, boxes: Int, patients: Int, hasReadPixels: Bool, problems: [DatasetProblem]) {
        self.paths = paths
        self.images = images
        self.boxes = boxes
        self.patients = patients
        self.hasReadPixels = hasReadPixels
        self.problems = problems
    }
}
