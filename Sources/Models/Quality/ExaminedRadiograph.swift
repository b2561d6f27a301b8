import Findings
import Radiographs

/// A radiograph whose quality was looked at, as a network is to see it.
public struct ExaminedRadiograph: Sendable {
    /// Mended where that was wanted and could be done.
    public let picture: ReducedRadiograph
    /// Where the picture lies in the image as it came; `nil` where nothing was mended.
    public let frame: MendedFrame?
    /// What lies outside its limits, and what was mended.
    public let quality: [ImageQuality]

    /// Why no findings are sought; `nil` where they are.
    public var refusal: ImageQuality? { quality.first { $0.level == .refused } }
}

extension QualityLimits {
    /// Looks at an image's quality and mends what can be mended without guessing: bits, border, window, polarity, quarter-turns.
    ///
    /// Black and white are exchanged, and the image is turned, only where the result lies within the limits of a chest; else it is only told.
    /// - Parameters:
    ///   - histogram: That of the image, where it is known already.
    ///   - mends: False only to tell.
    public func examined(_ picture: ReducedRadiograph, histogram: GreyHistogram? = nil, mends: Bool = true) -> ExaminedRadiograph {
        let image = picture.image
        let look = QualityLook(image.pixels, histogram: histogram)
        var record = Record(limits: limits)
        record.hold(.blank, look.greySpan, .greySpan, level: .refused)
        guard let ranks = look.ranks, record.entries.isEmpty else {
            if record.entries.isEmpty { record.entries.append(ImageQuality(.blank, value: 0, limit: 1, level: .refused)) }
            return ExaminedRadiograph(picture: picture, frame: nil, quality: record.entries)
        }
        var mending = ImageMending()
        if look.usedBits < image.pixels.bits {
            record.entries.append(
                ImageQuality(.bitDepth, value: Double(look.usedBits), limit: Double(image.pixels.bits), isMended: mends))
            mending.usedBits = look.usedBits
        }
        if record.hold(.borders, look.borderShare, .borderShare, isMended: mends) { mending.area = look.area }
        if record.hold(.narrowWindow, look.windowShare, .windowShare, isMended: mends) { mending.isStretched = true }
        let readings = readings(ranks)
        if record.hold(.doubled, doubling(look, whole: readings.max() ?? 0), .doubling, level: .refused) {
            // Which way two films together are turned means nothing.
            return ExaminedRadiograph(picture: picture, frame: nil, quality: record.entries.map(\.untouched))
        }
        let pose = pose(readings, ranks, mends: mends, &record)
        if pose.isRight {
            record.hold(.notAChest, distance(pose.ranks), .distance)
            record.hold(.view, QualityLook.symmetry(pose.ranks), .symmetry)
            let mean = pose.isInverted ? 1 - look.mean : look.mean
            record.hold(.tooDark, mean, .mean, end: .low)
            record.hold(.tooBright, mean, .mean, end: .high)
            if distance(pose.ranks) <= limits[.distance]?.high ?? .infinity, let likeness = childLikeness(pose.ranks) {
                record.hold(.child, likeness, .child)
            }
        }
        // The upper end, where both are outside: what is lost there is lung or bone, at the lower end it may be air around the patient.
        let (low, high) = pose.isInverted ? (look.clipped.high, look.clipped.low) : look.clipped
        if !record.hold(.clipped, high, .clippedHigh) { record.hold(.clipped, low, .clippedLow) }
        record.hold(.blurred, look.detail, .detail, end: .low)
        record.hold(.noisy, look.detail, .detail, end: .high)
        (mending.isInverted, mending.quarterTurns) = (pose.isInverted, pose.quarterTurns)
        guard !record.entries.contains(where: { $0.level == .refused }) else {
            return ExaminedRadiograph(picture: picture, frame: nil, quality: record.entries.map(\.untouched))
        }
        guard mends, !mending.isNothing else { return ExaminedRadiograph(picture: picture, frame: nil, quality: record.entries) }
        return ExaminedRadiograph(
            picture: picture.with(mending.applied(to: image)), frame: mending.frame(of: image), quality: record.entries)
    }

    private struct Pose {
        /// Of the picture as the network is to see it.
        var ranks: [Double]
        var isInverted = false
        var quarterTurns = 0
        /// Whether nothing is left wrong with it.
        var isRight = true
    }

    private func pose(_ readings: [Double], _ ranks: [Double], mends: Bool, _ record: inout Record) -> Pose {
        let inversion = Self.inversion(readings)
        let isInverted = inversion > limits[.inversion]?.high ?? .infinity
        let turning = Self.turning(readings, isInverted: isInverted)
        let own = isInverted ? readings[4...] : readings[..<4]
        let best = own.indices.max { readings[$0] < readings[$1] }.map { $0 - own.startIndex } ?? 0
        let turns = turning > limits[.turning]?.high ?? .infinity ? best : 0
        guard isInverted || turns > 0 else { return Pose(ranks: ranks) }
        let mended = QualityLook.turned(isInverted ? ranks.map { -$0 } : ranks, quarterTurns: turns)
        let isMended = mends && distance(mended) <= limits[.distance]?.high ?? .infinity && distance(mended) < distance(ranks)
        if isInverted { record.hold(.inverted, inversion, .inversion, isMended: isMended) }
        // It was turned the other way round.
        if turns > 0 { record.hold(.turned, turning, .turning, isMended: isMended, details: [String(90 * (4 - turns))]) }
        guard isMended else { return Pose(ranks: ranks, isRight: false) }
        return Pose(ranks: mended, isInverted: isInverted, quarterTurns: turns)
    }

    /// What has been found outside its limits so far.
    private struct Record {
        enum End { case low, high, any }

        let limits: [Measure: Limits]
        var entries: [ImageQuality] = []

        /// - Returns: Whether the value lies outside.
        @discardableResult
        mutating func hold(
            _ code: ImageQuality.Code, _ value: Double, _ measure: Measure, end: End = .any, level: ImageQuality.Level = .told,
            isMended: Bool = false, details: [String] = []
        ) -> Bool {
            guard let range = limits[measure] else { return false }
            let limit: Double
            if let low = range.low, end != .high, value < low {
                limit = low
            } else if let high = range.high, end != .low, value > high {
                limit = high
            } else {
                return false
            }
            let isRefused = range.refusal.map { value > $0 } ?? false
            entries.append(
                ImageQuality(
                    code, value: value, limit: isRefused ? range.refusal ?? limit : limit, level: isRefused ? .refused : level,
                    isMended: isMended, details: details))
            return true
        }
    }
}

extension ImageQuality {
    /// Of an image that no network sees: nothing was mended.
    fileprivate var untouched: ImageQuality {
        var quality = self
        quality.isMended = false
        return quality
    }
}
