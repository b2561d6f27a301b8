/// A feature pyramid (Lin et al., CVPR 2017): each map of the backbone gets what the coarser ones know, and two coarser maps follow
/// (Lin et al., ICCV 2017), so that levels at strides 8 to 128 come out with the same channels.
public struct FeaturePyramid {
    let laterals: [Convolution]
    let smoothings: [Convolution]
    let coarser: [Convolution]
    public let strides: [Int]

    /// - Parameter levels: How many maps come out, no fewer than the backbone has.
    init(_ name: String, backbone: any Backbone, channels: Int, levels: Int, initialiser: inout Initialiser) throws {
        func convolution(_ name: String, _ inputs: Int, kernel: Int, stride: Int = 1) throws -> Convolution {
            try Convolution(
                name, inputs: inputs, outputs: channels, kernel: kernel, stride: stride, bias: 0, padding: .centred,
                initialiser: &initialiser)
        }
        laterals = try backbone.mapChannels.enumerated().map { try convolution("\(name).lateral_\($0)", $1, kernel: 1) }
        smoothings = try backbone.mapChannels.indices.map { try convolution("\(name).smoothing_\($0)", channels, kernel: 3) }
        let count = max(0, levels - backbone.mapChannels.count)
        coarser = try (0..<count).map { try convolution("\(name).coarser_\($0)", channels, kernel: 3, stride: 2) }
        var strides = backbone.mapStrides
        for _ in 0..<count { strides.append((strides.last ?? 1) * 2) }
        self.strides = strides
    }

    var parameters: [Parameter] { (laterals + smoothings + coarser).flatMap(\.parameters) }

    /// Maps of the backbone, each half the size of the one before, to maps [N, channels, H / strides[i], W / strides[i]].
    func callAsFunction<E: Executor>(_ maps: [E.Value], _ executor: E) throws -> [E.Value] {
        var merged = try zip(laterals, maps).map { try $0($1, executor) }
        for level in stride(from: merged.count - 2, through: 0, by: -1) {
            merged[level] = try executor.add(merged[level], executor.doubled(merged[level + 1]))
        }
        var levels = try zip(smoothings, merged).map { try $0($1, executor) }
        for (number, convolution) in coarser.enumerated() {
            guard let last = levels.last else { break }
            levels.append(try convolution(number == 0 ? last : executor.relu(last), executor))
        }
        return levels
    }
}
