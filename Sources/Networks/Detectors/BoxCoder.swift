import Foundation

/// How a detector writes a box relative to an anchor (Girshick et al., CVPR 2014, with the TF Object Detection API's factors):
/// tx = 10 (x - xa) / wa, ty likewise, tw = 5 log(w / wa), th likewise; x and y are centres.
public enum BoxCoder {
    static let centreFactor = 10.0
    static let sizeFactor = 5.0
    /// tw and th are cut here before the exponential: a box at most e^4 = 55 times its anchor.
    static let sizeLimit = 4.0

    /// - Parameters: A box and an anchor, each as centre x, centre y, width, height; extents positive.
    static func encode(
        _ box: (centerX: Float, centerY: Float, width: Float, height: Float),
        anchor: (centerX: Float, centerY: Float, width: Float, height: Float)
    ) -> [Float] {
        [
            (box.centerX - anchor.centerX) / anchor.width * Float(centreFactor),
            (box.centerY - anchor.centerY) / anchor.height * Float(centreFactor),
            log(box.width / anchor.width) * Float(sizeFactor), log(box.height / anchor.height) * Float(sizeFactor),
        ]
    }

    /// Encodings [N, A, 4] to boxes [N, A, 4] (x0, y0, x1, y1 in input pixels).
    static func decode<E: Executor>(_ encodings: E.Value, anchors: Anchors, _ executor: E) throws -> E.Value {
        let boxes = anchors.boxes
        func constant(_ name: String, _ values: [Float]) throws -> E.Value {
            try executor.constant(values, shape: [1, anchors.count, 2], name: "anchors.\(name)")
        }
        let centreScale = try constant("centre_scale", boxes.flatMap { [$0.width / Float(centreFactor), $0.height / Float(centreFactor)] })
        let centre = try constant("centre", boxes.flatMap { [$0.centerX, $0.centerY] })
        let half = try constant("half_size", boxes.flatMap { [$0.width / 2, $0.height / 2] })
        let sizeScale = try executor.constant([Float(1 / sizeFactor)], shape: [1, 1, 1], name: "anchors.size_scale")

        let centres = try executor.add(executor.multiply(executor.columns(encodings, 0..<2), centreScale), centre)
        let logarithms = try executor.clamp(executor.multiply(executor.columns(encodings, 2..<4), sizeScale), -sizeLimit, sizeLimit)
        let halves = try executor.multiply(executor.exponential(logarithms), half)
        return try executor.concatenate([executor.subtract(centres, halves), executor.add(centres, halves)], axis: 2)
    }
}
