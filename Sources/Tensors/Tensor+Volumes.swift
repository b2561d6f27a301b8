/// Operators on blocks of voxels, [N, C, D, H, W]. Each is ATen's own.
extension Tensor {
    private enum VolumeOperators {
        static let convolution = Operator("conv3d")
        static let maxPool = Operator("max_pool3d")
        static let upsampleNearest = Operator("upsample_nearest3d")
    }

    /// Cross-correlation: `self` [N, C, D, H, W] with `weight` [O, C, k, k, k], a step of one voxel.
    public func volumeConvolution(weight: Tensor, bias: Tensor?, padding: Int) throws -> Tensor {
        try VolumeOperators.convolution(
            .tensor(self), .tensor(weight), bias.map(Argument.tensor) ?? .none, .integers([1, 1, 1]),
            .integers([padding, padding, padding]), .integers([1, 1, 1]), .integer(1))
    }

    /// The largest of each 2 x 2 x 2 voxels: [N, C, D, H, W] to [N, C, D / 2, H / 2, W / 2].
    public func volumeHalved() throws -> Tensor {
        try VolumeOperators.maxPool(.tensor(self), .integers([2, 2, 2]), .integers([2, 2, 2]))
    }

    /// Every voxel eight times: [N, C, D, H, W] to [N, C, 2 D, 2 H, 2 W].
    public func volumeDoubled() throws -> Tensor {
        let shape = shape
        return try VolumeOperators.upsampleNearest(
            .tensor(self), .integers(shape.suffix(3).map { 2 * $0 }), .none, .none, .none)
    }
}
