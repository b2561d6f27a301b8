import Findings

/// The boxes that a single-shot detector starts from, in pixels of the network's input, in the order of its outputs.
public struct Anchors: Hashable, Sendable {
    /// Centres and extents: centre x, centre y, width, height.
    public var boxes: [(centerX: Float, centerY: Float, width: Float, height: Float)] {
        (0..<count).map { (values[$0 * 4], values[$0 * 4 + 1], values[$0 * 4 + 2], values[$0 * 4 + 3]) }
    }
    /// [count, 4] row-major: centre x, centre y, width, height.
    public let values: [Float]
    public var count: Int { values.count / 4 }

    /// The scales that the TF Object Detection API's SSD models have.
    public static let usualScales = 0.2...0.95

    /// The grid of SSD (Liu et al., ECCV 2016) as the TF Object Detection API's `ssd_anchor_generator` makes it with
    /// `reduce_boxes_in_lowest_layer`: scales from the least to the greatest over the levels; three anchors a cell on the first level (a
    /// square of half the least scale, then the least at 2:1 and 1:2), six on the others (1:1, 2:1, 1:2, 3:1, 1:3 and a square of the
    /// scale between this and the next).
    /// - Parameters:
    ///   - levels: Height and width of each feature map.
    ///   - scales: Shares of the input's side.
    public init(
        levels: [(height: Int, width: Int)], inputWidth: Int, inputHeight: Int, scales: ClosedRange<Double> = Anchors.usualScales
    ) {
        var values: [Float] = []
        let count = levels.count
        func scale(_ level: Int) -> Double {
            level >= count
                ? 1 : scales.lowerBound + (scales.upperBound - scales.lowerBound) * Double(level) / Double(max(1, count - 1))
        }
        for (level, size) in levels.enumerated() {
            let shapes: [(scale: Double, aspect: Double)] =
                level == 0
                ? [(scale(0) / 2, 1), (scale(0), 2), (scale(0), 0.5)]
                : [1, 2, 0.5, 3, 0.3333].map { (scale(level), $0) } + [((scale(level) * scale(level + 1)).squareRoot(), 1)]
            for row in 0..<size.height {
                for column in 0..<size.width {
                    for shape in shapes {
                        values.append(Float((Double(column) + 0.5) / Double(size.width) * Double(inputWidth)))
                        values.append(Float((Double(row) + 0.5) / Double(size.height) * Double(inputHeight)))
                        values.append(Float(shape.scale * shape.aspect.squareRoot() * Double(inputWidth)))
                        values.append(Float(shape.scale / shape.aspect.squareRoot() * Double(inputHeight)))
                    }
                }
            }
        }
        self.values = values
    }

    /// The dense grid of a feature pyramid (Lin et al., Focal loss, ICCV 2017): on a map of stride s, centres in the middles of its cells, and for
    /// every scale f and aspect a (height over width) an anchor of area (s · f)², aspects outermost. A single scale and aspect give
    /// the points of an anchor-free head.
    /// - Parameter levels: Height, width and stride of each map, finest first.
    public init(pyramid levels: [(height: Int, width: Int, stride: Int)], scales: [Double], aspects: [Double]) {
        var values: [Float] = []
        for level in levels {
            let shapes = aspects.flatMap { aspect in
                scales.map { scale in
                    let size = scale * Double(level.stride)
                    return (width: Float(size / aspect.squareRoot()), height: Float(size * aspect.squareRoot()))
                }
            }
            for row in 0..<level.height {
                for column in 0..<level.width {
                    for shape in shapes {
                        values.append(Float((Double(column) + 0.5) * Double(level.stride)))
                        values.append(Float((Double(row) + 0.5) * Double(level.stride)))
                        values.append(shape.width)
                        values.append(shape.height)
                    }
                }
            }
        }
        self.values = values
    }

    /// Anchors a cell on each level.
    static func perCell(level: Int) -> Int { level == 0 ? 3 : 6 }
}
