/// Who computes a network of blocks of voxels, [N, C, D, H, W]: the steps that pictures have no counterpart of. Normalisation, activations,
/// sums and concatenation are `Executor`'s.
public protocol VolumeExecutor: Executor {
    func convolution(_ x: Value, _ layer: VolumeConvolution) throws -> Value
    /// The largest of each 2 x 2 x 2 voxels: [N, C, D, H, W] to [N, C, D / 2, H / 2, W / 2].
    func volumeHalved(_ x: Value) throws -> Value
    /// Every voxel eight times: [N, C, D, H, W] to [N, C, 2 D, 2 H, 2 W].
    func volumeDoubled(_ x: Value) throws -> Value
}
