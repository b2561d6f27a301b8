import Tensors

extension TorchExecutor: VolumeExecutor {
    public func convolution(_ x: Tensor, _ layer: VolumeConvolution) throws -> Tensor {
        try x.volumeConvolution(weight: layer.weight.tensor, bias: layer.bias?.tensor, padding: layer.padding)
    }

    public func volumeHalved(_ x: Tensor) throws -> Tensor { try x.volumeHalved() }
    public func volumeDoubled(_ x: Tensor) throws -> Tensor { try x.volumeDoubled() }
}
