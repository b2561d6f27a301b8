/// One class of all images, matched: the detections in the order in which every figure takes them, the truth, where both overlap, and
/// who was matched with whom under COCO's rule. All figures are sums over it, and for a draw of images the same sums with weights.
struct ClassMatches: Sendable {
    /// A detection and the truth box it was given.
    struct Match: Sendable {
        /// Of the detection, in falling order of score.
        var position: Int32
        var truth: Int32
        /// The truth box need not be found (a crowd, or of another size than asked for): the detection counts for nothing.
        var isIgnored: Bool
    }

    /// A detection and a truth box of its image that share an area.
    struct Overlap: Sendable {
        var truth: Int32
        /// Over the detection's own area where the truth box is a crowd, as COCO has it.
        var intersectionOverUnion: Double
        /// Wang 2017: intersection over the detected box.
        var intersectionOverDetected: Double
    }

    /// COCO's most detections of a class on an image.
    static let detectionLimit = 100

    // Truth boxes, in the order of the images.
    var truthImage: [Int32]
    var truthSource: [Int32]
    var truthIsCrowd: [Bool]
    /// One bit an `AreaRange` in which the box must be found; none for a crowd.
    var truthRanges: [UInt8]

    // Detections by falling score, equal scores in the order of the images and in an image as they came.
    var score: [Double]
    var image: [Int32]
    var source: [Int32]
    /// 0 for the highest score of the class on its image.
    var rank: [Int32]
    /// One bit an `AreaRange` that the detection's own area lies in; none beyond COCO's limit of detections.
    var ranges: [UInt8]

    // Overlaps: positions of the detections that have any, and where in `overlaps` theirs begin (one more than there are positions).
    var overlapping: [Int32]
    var overlapStart: [Int32]
    var overlaps: [Overlap]

    /// By range and threshold, `matchStart[range * thresholds + threshold]...`; within, by falling score.
    var matches: [Match]
    var matchStart: [Int32]
    /// Under VOC's rule at VinBigData's IoU of 0.4.
    var vinBigData: [Match]

    /// Matches at one of `OverlapThresholds.all`.
    func matches(_ range: AreaRange, _ threshold: Int) -> ArraySlice<Match> {
        let list = range.rawValue * OverlapThresholds.all.count + threshold
        return matches[Int(matchStart[list])..<Int(matchStart[list + 1])]
    }

    /// How many boxes must be found.
    func positives(_ range: AreaRange = .all, _ weights: ImageWeights) -> Int {
        var sum = 0
        for (index, bits) in truthRanges.enumerated() where bits & range.bit != 0 { sum += weights.values[Int(truthImage[index])] }
        return sum
    }
}
