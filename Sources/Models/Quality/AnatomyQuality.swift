import Findings
import Geometry

/// What masks say of an image's quality, and the limits that it is held against. Part of a segmentation model's card.
public struct AnatomyQuality: Codable, Hashable, Sendable {
    /// What is measured; `nil` of what the masks do not show.
    public struct Measures: Hashable, Sendable {
        /// |a - b| / (a + b) of the clavicles' distances from the midline.
        public var rotation: Double?
        /// Widths of the lungs, the wider over the narrower. An effusion does it too: it is told as "perhaps".
        public var widthRatio: Double?
        /// Height of the higher lung over the width of both together.
        public var inspiration: Double?
        /// Share of the image's edge that runs through a lung, 0...1.
        public var cutOff: Double?

        public init(_ anatomy: some MeasuredAnatomy) {
            if let midline = anatomy.midline, let ends = anatomy.medialClavicleEnds {
                let (right, left) = (abs(midline - ends.right), abs(ends.left - midline))
                rotation = right + left > 0 ? abs(right - left) / (right + left) : 0
            }
            if let right = anatomy.rightLung, let left = anatomy.leftLung, !right.isEmpty, !left.isEmpty {
                widthRatio = max(right.width, left.width) / min(right.width, left.width)
                inspiration = max(right.height, left.height) / (max(right.maxX, left.maxX) - min(right.x, left.x))
            }
            cutOff = anatomy.lungShareOfEdge
        }
    }

    public var mostRotation: Double
    public var mostWidthRatio: Double
    public var leastInspiration: Double
    public var mostCutOff: Double
    /// Images with masks that the limits were learnt from; `nil` of the literature's.
    public var images: Int?
    /// Share of those images that each limit may tell of, 0...0.5; `nil` of the literature's.
    public var share: Double?

    /// As radiographers teach them. On films of a ward they tell of every fourth: a portable film is taken in a shallower breath.
    public static let literature = AnatomyQuality(mostRotation: 0.25, mostWidthRatio: 1.6, leastInspiration: 0.8, mostCutOff: 0.03)
    /// With fewer images there is nothing to learn limits from.
    public static let leastImages = QualityLimits.leastImages

    private enum CodingKeys: String, CodingKey {
        case mostRotation = "most_rotation"
        case mostWidthRatio = "most_width_ratio"
        case leastInspiration = "least_inspiration"
        case mostCutOff = "most_cut_off"
        case images, share
    }

    /// Limits that each tell of at most that share of the images. A measure that fewer than `leastImages` of them show keeps the literature's
    /// limit, and a limit on what is cut off is never below it: most films have none, so their percentile says nothing.
    /// - Parameter share: 0...0.5.
    /// - Returns: `nil` of fewer than `leastImages` images.
    public static func fit(_ measures: [Measures], share: Double) -> AnatomyQuality? {
        guard measures.count >= leastImages else { return nil }
        let share = min(max(share, 0), 0.5)
        func percentile(_ values: [Double], _ part: Double, else literature: Double) -> Double {
            guard values.count >= leastImages else { return literature }
            let sorted = values.sorted()
            let place = part * Double(sorted.count - 1)
            let (below, above) = (sorted[Int(place)], sorted[min(Int(place) + 1, sorted.count - 1)])
            // Four digits, as the card writes them.
            return ((below + (above - below) * (place - place.rounded(.down))) * 10_000).rounded() / 10_000
        }
        return AnatomyQuality(
            mostRotation: percentile(measures.compactMap(\.rotation), 1 - share, else: literature.mostRotation),
            mostWidthRatio: percentile(measures.compactMap(\.widthRatio), 1 - share, else: literature.mostWidthRatio),
            leastInspiration: percentile(measures.compactMap(\.inspiration), share, else: literature.leastInspiration),
            mostCutOff: max(literature.mostCutOff, percentile(measures.compactMap(\.cutOff), 1 - share, else: literature.mostCutOff)),
            images: measures.count, share: share)
    }

    /// What lies outside its limit; nothing of what was not measured.
    public func record(of anatomy: some MeasuredAnatomy) -> [ImageQuality] {
        let measures = Measures(anatomy)
        var record: [ImageQuality] = []
        if let rotation = measures.rotation, rotation > mostRotation {
            record.append(ImageQuality(.rotated, value: rotation, limit: mostRotation))
        } else if let ratio = measures.widthRatio, ratio > mostWidthRatio {
            record.append(ImageQuality(.perhapsRotated, value: ratio, limit: mostWidthRatio))
        }
        if let inspiration = measures.inspiration, inspiration < leastInspiration {
            record.append(ImageQuality(.inspiration, value: inspiration, limit: leastInspiration))
        }
        if let share = measures.cutOff, share > mostCutOff {
            record.append(ImageQuality(.cutOff, value: share, limit: mostCutOff))
        }
        return record
    }

    /// - Throws: `ModelError` where a limit cannot be one.
    func validate() throws {
        let all = [mostRotation, mostWidthRatio, leastInspiration, mostCutOff]
        guard all.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
            throw ModelError(.damaged, "card.json: a limit of anatomy_quality is not a positive number")
        }
    }
}
