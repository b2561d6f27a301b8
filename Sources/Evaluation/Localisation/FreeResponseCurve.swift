/// Found boxes against false ones as the score threshold falls: the free-response ROC of one class, or of several together. All that a
/// point of it needs is kept in falling order of score, so a point of a draw of the images is one walk.
public struct FreeResponseCurve: Sendable {
    /// A detection that finds a box for the first time, or a false one.
    struct Event: Sendable {
        var score: Double
        var image: Int32
        /// 0 for the highest score of its class on its image.
        var rank: Int32
        /// How many boxes it is the first to find.
        var found: Int32
        /// 1 where it is false.
        var isFalse: Int32
    }

    /// By falling score.
    let events: [Event]
    /// The image of every box that must be found.
    let truthImage: [Int32]
    let imageCount: Int
    /// The images that are not counted, of which it is not known where all of the class are.
    var uncounted: [Int32] = []

    /// How many images are counted, repeats too.
    private func images(_ weights: ImageWeights) -> Int { weights.total - weights.sum(uncounted) }

    /// The point at which a rule takes detections.
    public func point(_ rule: ScoreRule, weights: [Int]? = nil) -> FreeResponsePoint {
        point(rule, ImageWeights(weights, count: imageCount))
    }

    func point(_ rule: ScoreRule, _ weights: ImageWeights) -> FreeResponsePoint {
        var point = FreeResponsePoint(truth: weights.sum(truthImage), found: 0, falseBoxes: 0, images: images(weights))
        switch rule {
        case .score(let least):
            for event in events {
                guard event.score >= least else { break }
                point.add(event, weights.values[Int(event.image)])
            }
            point.scoreThreshold = least
        case .highestPerImage(let count):
            for event in events where event.rank < count { point.add(event, weights.values[Int(event.image)]) }
        case .falseBoxesPerImage(let rate):
            return points(falseBoxesPerImage: [rate], weights).first ?? point
        }
        return point
    }

    /// The points of the lowest scores at which the false boxes an image are at most each rate, in one walk.
    func points(falseBoxesPerImage rates: [Double], _ weights: ImageWeights) -> [FreeResponsePoint] {
        let counted = images(weights)
        var point = FreeResponsePoint(truth: weights.sum(truthImage), found: 0, falseBoxes: 0, images: counted)
        point.scoreThreshold = events.first?.score.nextUp
        var points = Array(repeating: point, count: rates.count)
        // The lowest rate is left behind first.
        var rising = rates.indices.sorted { rates[$0] < rates[$1] }[...]
        // A hair more, since 0.29 times 100 is less than 29 in floating point.
        let most = rates.map { $0 * Double(counted) * (1 + 1e-9) }
        events.withUnsafeBufferPointer { events in
            weights.values.withUnsafeBufferPointer { weights in
                var index = 0
                while index < events.count, !rising.isEmpty {
                    // Equal scores are taken together or not at all.
                    let score = events[index].score
                    var next = point
                    while index < events.count, events[index].score == score {
                        next.add(events[index], weights[Int(events[index].image)])
                        index += 1
                    }
                    while let rate = rising.first, !(Double(next.falseBoxes) <= most[rate]) {
                        points[rate] = point
                        rising.removeFirst()
                    }
                    point = next
                    point.scoreThreshold = score
                }
            }
        }
        for rate in rising { points[rate] = point }
        return points
    }

    /// Every point of the curve, one a score at which something is found or false, by falling score.
    public func points(weights: [Int]? = nil) -> [FreeResponsePoint] {
        let weights = ImageWeights(weights, count: imageCount)
        var point = FreeResponsePoint(truth: weights.sum(truthImage), found: 0, falseBoxes: 0, images: images(weights))
        var points: [FreeResponsePoint] = []
        for (index, event) in events.enumerated() {
            point.add(event, weights.values[Int(event.image)])
            guard index + 1 == events.count || events[index + 1].score != event.score else { continue }
            point.scoreThreshold = event.score
            points.append(point)
        }
        return points
    }

    /// The classes' detections under one score threshold.
    static func pooled(_ curves: [FreeResponseCurve], imageCount: Int) -> FreeResponseCurve {
        let events = curves.flatMap(\.events)
        let order = ScoreOrder.byFallingScore(events.map(\.score))
        return FreeResponseCurve(
            events: order.map { events[Int($0)] }, truthImage: curves.flatMap(\.truthImage), imageCount: imageCount)
    }
}

extension FreeResponsePoint {
    @inline(__always)
    fileprivate mutating func add(_ event: FreeResponseCurve.Event, _ weight: Int) {
        found += weight * Int(event.found)
        falseBoxes += weight * Int(event.isFalse)
    }
}
