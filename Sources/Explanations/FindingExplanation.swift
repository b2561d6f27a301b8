import Findings
import Geometry
import Radiographs

/// Why one finding was said: which networks see it, which places its score rests on, and what hiding them does.
public struct FindingExplanation: Hashable, Sendable {
    /// What a map costs when it is right, or why it is not shown.
    public struct MapResult: Hashable, Sendable {
        public var kind: ExplanationMap.Kind
        /// `nil` where it is hidden.
        public var map: ExplanationMap?
        /// Why it is hidden; `nil` where it is shown.
        public var hiddenBecause: String?
        /// The score that is left with the map's hottest tenth of the image hidden.
        public var scoreWithoutHottest: Double?
        /// "hiding the hottest 10 % lowers the score from .62 to .21".
        public var sentence: String?
    }

    public var id: String
    public var label: String
    /// In pixels of the original image.
    public var box: Box
    /// As it was shown.
    public var score: Double
    /// What the explanation works with: the mean over the networks of their best score times IoU with the box.
    public var explainedScore: Double
    /// One a network.
    public var members: [MemberView]
    /// The explained score with the box hidden.
    public var scoreWithoutBox: Double
    /// "hiding the box lowers the score from .62 to .21": the control, which knows nothing of the network.
    public var boxSentence: String
    public var maps: [MapResult]
    /// Known boxes that resemble it; `nil` where the model has no bank of them.
    public var similar: SimilarCases.Answer?
}

/// All that is said of one image.
public struct ImageExplanation: Sendable {
    /// Where the maps lie in the image as it came.
    public var plane: ImagePlane
    public var findings: [FindingExplanation]
    /// Runs of all networks.
    public var runs: Int
    /// Seconds.
    public var duration: Double
}

extension ImageExplanation {
    /// What was explained on a mended image, in pixels of the image as it came: maps are turned back, and boxes and maps lie where they lie
    /// there.
    public func inOriginal(_ frame: MendedFrame) -> ImageExplanation {
        var moved = self
        moved.plane = plane.inOriginal(frame)
        for index in moved.findings.indices {
            moved.findings[index].box = frame.boxInOriginal(findings[index].box)
            for member in findings[index].members.indices {
                moved.findings[index].members[member].box = findings[index].members[member].box.map { frame.boxInOriginal($0) }
            }
            for map in findings[index].maps.indices {
                moved.findings[index].maps[map].map = findings[index].maps[map].map?.turned(quarterTurns: 4 - frame.quarterTurns)
            }
        }
        return moved
    }
}
