import Foundation

/// How a detector writes a box relative to an anchor.
public enum BoxCoding: Hashable, Sendable {
    /// Girshick et al., CVPR 2014: tx = f (x - xa) / wa, ty likewise, tw = g log(w / wa), th likewise; x and y are centres.
    case offsets(centreFactor: Double, sizeFactor: Double)
    /// FCOS (Tian et al., ICCV 2019): logarithms of the distances from the anchor's centre to the left, top, right and bottom edge, in
    /// units of the anchor's size.
    case distances

    /// The TF Object Detection API's factors.
    public static let singleShot = BoxCoding.offsets(centreFactor: 10, sizeFactor: 5)
    /// RetinaNet's.
    public static let plain = BoxCoding.offsets(centreFactor: 1, sizeFactor: 1)

    /// Logarithms are cut here before the exponential: a box at most e^4 = 55 times its anchor.
    static let sizeLimit = 4.0

    /// A box in the terms of an anchor, as `decode` takes them back; for tests and for losses on encodings.
    /// - Parameters: A box and an anchor, each as centre x, centre y, width, height; extents positive.
    static func encode(
        _ box: (centerX: Float, centerY: Float, width: Float, height: Float),
        anchor: (centerX: Float, centerY: Float, width: Float, height: Float), centreFactor: Float = 10, sizeFactor: Float = 5
    ) -> [Float] {
        [
            (box.centerX - anchor.centerX) / anchor.width * centreFactor, (box.centerY - anchor.centerY) / anchor.height * centreFactor,
            log(box.width / anchor.width) * sizeFactor, log(box.height / anchor.height) * sizeFactor,
        ]
    }

    /// Encodings [N, A, 4] to boxes [N, A, 4] (x0, y0, x1, y1 in input pixels).
    func decode<E: Executor>(_ encodings: E.Value, anchors: Anchors, _ executor: E) throws -> E.Value {
        let boxes = anchors.boxes
        func constant(_ name: String, _ values: [Float]) throws -> E.Value {
            try executor.constant(values, shape: [1, anchors.count, 2], name: "anchors.\(name)")
        }
        let centre = try constant("centre", boxes.flatMap { [$0.centerX, $0.centerY] })
        switch self {
        case .offsets(let centreFactor, let sizeFactor):
            let centreScale = try constant(
                "centre_scale", boxes.flatMap { [$0.width / Float(centreFactor), $0.height / Float(centreFactor)] })
            let half = try constant("half_size", boxes.flatMap { [$0.width / 2, $0.height / 2] })
            let sizeScale = try executor.constant([Float(1 / sizeFactor)], shape: [1, 1, 1], name: "anchors.size_scale")
            let centres = try executor.add(executor.multiply(executor.columns(encodings, 0..<2), centreScale), centre)
            let scaled = try executor.multiply(executor.columns(encodings, 2..<4), sizeScale)
            let halves = try executor.multiply(executor.exponential(executor.clamp(scaled, -Self.sizeLimit, Self.sizeLimit)), half)
            return try executor.concatenate([executor.subtract(centres, halves), executor.add(centres, halves)], axis: 2)
        case .distances:
            let size = try constant("size", boxes.flatMap { [$0.width, $0.height] })
            func distance(_ columns: Range<Int>) throws -> E.Value {
                let logarithms = try executor.clamp(executor.columns(encodings, columns), -Self.sizeLimit, Self.sizeLimit)
                return try executor.multiply(executor.exponential(logarithms), size)
            }
            return try executor.concatenate(
                [executor.subtract(centre, distance(0..<2)), executor.add(centre, distance(2..<4))], axis: 2)
        }
    }

    /// The logit of a probability.
    static func logit(_ probability: Double) -> Double { log(probability / (1 - probability)) }
}
