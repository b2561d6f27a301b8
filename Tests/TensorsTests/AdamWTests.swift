import Foundation
import Tensors
import Testing

@Suite struct AdamWTests {
    /// The update written out (Loshchilov and Hutter 2019, algorithm 2), in double precision.
    private static func expected(_ start: [Double], gradients: [[Double]], rate: Double, decay: Double) -> [Double] {
        var values = start
        var first = [Double](repeating: 0, count: start.count)
        var second = first
        for (step, gradient) in gradients.enumerated() {
            for i in values.indices {
                values[i] -= rate * decay * values[i]
                first[i] = 0.9 * first[i] + 0.1 * gradient[i]
                second[i] = 0.999 * second[i] + 0.001 * gradient[i] * gradient[i]
                let corrected = first[i] / (1 - pow(0.9, Double(step + 1)))
                let spread = (second[i] / (1 - pow(0.999, Double(step + 1)))).squareRoot() + 1e-8
                values[i] -= rate * corrected / spread
            }
        }
        return values
    }

    /// A convolution's weight whose gradient comes from a channels-last input: the layout of the moments must not matter.
    @Test func stepsEqualTheFormulaAlsoForChannelsLastGradients() throws {
        let shape = [4, 3, 3, 3]
        let start = (0..<108).map { Float(sin(Double($0))) }
        let weight = try Tensor(start, shape: shape)
        try weight.setRequiresGradient(true)
        let optimiser = try AdamW(groups: [.init(parameters: [weight], weightDecay: 0.1)])
        let input = try Tensor((0..<2 * 3 * 8 * 8).map { Float(cos(Double($0) * 0.7)) }, shape: [2, 3, 8, 8]).channelsLast()
        var gradients: [[Double]] = []
        for _ in 0..<5 {
            let output = try input.convolution(weight: weight, bias: nil, stride: 1, padding: 1, groups: 1)
            try (output * output).sum().backward()
            gradients.append(try #require(weight.gradient).floats().map(Double.init))
            try optimiser.update(learningRate: 0.01)
        }
        let expected = Self.expected(start.map(Double.init), gradients: gradients, rate: 0.01, decay: 0.1)
        for (a, b) in zip(try weight.floats(), expected) { #expect(abs(Double(a) - b) < 1e-5) }
    }

    @Test func gradientsAreClearedAndParametersWithoutOneStay() throws {
        let used = try Tensor([1, 2], shape: [2])
        let unused = try Tensor([3], shape: [1])
        for tensor in [used, unused] { try tensor.setRequiresGradient(true) }
        let optimiser = try AdamW(groups: [.init(parameters: [used, unused], weightDecay: 0)])
        try (used * used).sum().backward()
        try optimiser.update(learningRate: 0.1)
        #expect(used.gradient == nil)
        #expect(try unused.floats() == [3])
    }
}
