import Tensors
import Testing

@Suite struct TensorTests {
    @Test func convolutionEqualsBruteForce() throws {
        let (height, width) = (5, 6)
        let image: [Float] = (0..<60).map { (index: Int) -> Float in Float((index * 37) % 11 - 5) }
        let kernel: [Float] = (0..<54).map { (index: Int) -> Float in Float((index * 13) % 7 - 3) }
        let output = try Tensor(image, shape: [1, 2, height, width])
            .convolution(weight: Tensor(kernel, shape: [3, 2, 3, 3]), bias: nil, stride: 2, padding: 1, groups: 1)
        #expect(output.shape == [1, 3, 3, 3])
        var expected: [Float] = []
        for channel in 0..<3 {
            for y in 0..<3 {
                for x in 0..<3 {
                    var sum: Float = 0
                    for (c, dy, dx) in (0..<18).map({ ($0 / 9, $0 / 3 % 3, $0 % 3) }) {
                        let (sy, sx) = (y * 2 + dy - 1, x * 2 + dx - 1)
                        guard (0..<height).contains(sy), (0..<width).contains(sx) else { continue }
                        let pixel = image[(c * height + sy) * width + sx]
                        let tap = ((channel * 2 + c) * 3 + dy) * 3 + dx
                        sum += pixel * kernel[tap]
                    }
                    expected.append(sum)
                }
            }
        }
        #expect(try output.floats() == expected)
    }

    @Test func anEngineErrorIsAValueWithOneLine() throws {
        let a = try Tensor.zeros([2, 3])
        let b = try Tensor.zeros([4, 5])
        let error = #expect(throws: TensorError.self) { try a + b }
        #expect(error?.code == .engine)
        #expect(error?.reason.contains("\n") == false)
        #expect(throws: TensorError.self) { try Tensor([1, 2, 3], shape: [2, 2]) }
    }

    @Test func gradientsEqualFiniteDifferences() throws {
        func value(_ numbers: [Float]) throws -> (Double, Tensor) {
            let x = try Tensor(numbers, shape: [3])
            try x.setRequiresGradient(true)
            let y = try (x.hardSwish().exponential() * x.sigmoid()).sum()
            return (
                try y.item(),
                try {
                    try y.backward(); return x
                }()
            )
        }
        let point: [Float] = [-1.5, 0.3, 2]
        let gradient = try #require(value(point).1.gradient).floats()
        for index in point.indices {
            let step: Float = 1e-2
            var (a, b) = (point, point)
            a[index] -= step
            b[index] += step
            let slope = try (value(b).0 - value(a).0) / Double(2 * step)
            #expect(abs(slope - Double(gradient[index])) < 2e-3 * max(1, abs(slope)))
        }
    }

    @Test func clippingScalesToTheLimitAndTellsTheLengthBefore() throws {
        let x = try Tensor([3, 4], shape: [2])
        try x.setRequiresGradient(true)
        try (x * x).sum().backward()
        #expect(abs(try TensorList.clipGradients([x], to: 5) - 10) < 1e-5)
        let clipped = try #require(x.gradient).floats()
        #expect(abs(clipped[0] - 3) < 1e-4 && abs(clipped[1] - 4) < 1e-4)
    }
}
