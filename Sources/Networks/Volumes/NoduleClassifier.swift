import ModelGraph
import Tensors

/// Tells nodules from vessels: two cubes around one place, at 1 and at 2 mm a voxel, each through a small network of its own, and one score of
/// both.
///
/// Two scales, because what a vessel is shows in where it goes (after the multi-level networks of Dou et al., IEEE TBME 2017).
public struct NoduleClassifier: ParameterOwner {
    /// Voxels on a side of a cube.
    public static let side = 24
    /// Millimetres a voxel of the two cubes.
    public static let spacings = [1, 2]
    /// Of the maps: at the cube's size, a half, a quarter.
    static let channels = [16, 32, 64]
    static let hidden = 32

    private struct Branch {
        let units: [VolumeUnit]
        /// Over all that is left of the cube: where in it something lies makes a difference.
        let last: VolumeUnit

        init(_ name: String, initialiser: inout Initialiser) throws {
            var (inputs, units) = (1, [VolumeUnit]())
            for (level, count) in channels.enumerated() {
                units.append(try VolumeUnit("\(name).level_\(level)", inputs: inputs, outputs: count, initialiser: &initialiser))
                inputs = count
            }
            self.units = units
            last = try VolumeUnit("\(name).last", inputs: inputs, outputs: inputs, keepsSize: false, initialiser: &initialiser)
        }

        var parameters: [Parameter] { units.flatMap(\.parameters) + last.parameters }

        /// [N, 1, 24, 24, 24] to [N, 64, 1, 1, 1].
        func callAsFunction<E: VolumeExecutor>(_ x: E.Value, _ executor: E) throws -> E.Value {
            var value = x
            for unit in units { value = try executor.volumeHalved(unit(value, executor)) }
            return try last(value, executor)
        }
    }

    private let fine: Branch
    private let coarse: Branch
    private let joint: VolumeUnit
    private let head: VolumeConvolution

    public var architecture: String { "nodule_classifier_\(Self.channels.map(String.init).joined(separator: "_"))_2" }
    public var parameters: [Parameter] { fine.parameters + coarse.parameters + joint.parameters + head.parameters }

    public init(seed: UInt64) throws {
        var initialiser = Initialiser(seed: seed)
        fine = try Branch("fine", initialiser: &initialiser)
        coarse = try Branch("coarse", initialiser: &initialiser)
        joint = try VolumeUnit(
            "joint", inputs: 2 * Self.channels[2], outputs: Self.hidden, kernel: 1, initialiser: &initialiser)
        head = try VolumeConvolution("head", inputs: Self.hidden, outputs: 1, kernel: 1, bias: 0, initialiser: &initialiser)
    }

    /// Two cubes [N, 1, 24, 24, 24] to logits [N, 1].
    public func callAsFunction<E: VolumeExecutor>(fine: E.Value, coarse: E.Value, _ executor: E) throws -> E.Value {
        let both = try executor.concatenate([self.fine(fine, executor), self.coarse(coarse, executor)], axis: 1)
        return try executor.flattened(head(joint(both, executor), executor), columns: 1)
    }

    /// As an ONNX model: inputs `fine` and `coarse` [N, 1, 24, 24, 24], output `scores` [N, 1] in 0...1.
    public func onnxModel(description: String, version: String) throws -> ONNXModel {
        let executor = GraphExecutor(name: architecture)
        let fine = executor.volumeInput("fine", channels: 1, side: Self.side)
        let coarse = executor.volumeInput("coarse", channels: 1, side: Self.side)
        executor.output(try executor.sigmoid(self(fine: fine, coarse: coarse, executor)), name: "scores", sizes: [1])
        var model = executor.model(description: description, version: version)
        try model.foldBatchNormalisation()
        return model
    }
}
