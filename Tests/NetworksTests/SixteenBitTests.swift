import Networks
import Tensors
import Testing

/// Convolutions in bfloat16, those that take a way round it too, against 32 bits.
@Suite(.serialized) struct SixteenBitTests {
    @Test(arguments: [1, 3, 6, 11, 12]) func depthwiseConvolutionsKeepToTheirPrecision(_ block: Int) throws {
        let network = try SSDLite(classCount: 2, inputSide: 64, seed: 3)
        let layer = try #require(network.backbone as? MobileNetV3).blocks[block].depthwise.convolution
        try [layer.weight].prepareForTraining(on: .cpu, memoryFormat: .channelsLast)
        let channels = layer.weight.tensor.shape[0]
        let shape = [2, channels, 12, 12]
        let values = (0..<shape.reduce(1, *)).map { Float(($0 &* 2_654_435_761) % 1_000_003) / 500_000 - 1 }

        func pass(in16Bits: Bool) throws -> (output: [Float], input: [Float], weight: [Float]) {
            var x = try Tensor(values, shape: shape).laidOut(.channelsLast)
            if in16Bits { x = try x.asBFloat16() }
            try x.setRequiresGradient(true)
            let output = try Engine.withAutocast(in16Bits, device: .cpu) {
                let y = try TorchExecutor(isTraining: true).convolution(x, layer)
                #expect(Engine.isAutocast(on: .cpu) == in16Bits, "the way round ends with the convolution")
                return y
            }
            #expect(output.isBFloat16 == in16Bits)
            #expect(output.isChannelsLast)
            try (output.asFloat() * output.asFloat()).sum().backward()
            defer { layer.weight.tensor.clearGradient() }
            return try (output.floats(), #require(x.gradient).floats(), #require(layer.weight.tensor.gradient).floats())
        }
        let (narrow, wide) = try (pass(in16Bits: true), pass(in16Bits: false))
        for (a, b) in [(narrow.output, wide.output), (narrow.input, wide.input), (narrow.weight, wide.weight)] {
            let size = b.map(abs).max() ?? 0
            let difference = zip(a, b).map { abs($0 - $1) }.max() ?? .infinity
            // Eight bits of a number, and sums of such.
            #expect(size > 0 && difference <= 0.02 * size)
        }
    }
}
