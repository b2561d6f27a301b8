import Tensors
import Testing

@Suite struct GradientHookTests {
    private struct Refusal: Error, CustomStringConvertible {
        let description = "processes: the other one is gone"
    }

    /// z = Σ (2 x)², with the gradient of 2 x tripled on its way back.
    @Test func whatTheHookGivesGoesOn() throws {
        let x = try Tensor([1, -2, 3], shape: [3])
        try x.setRequiresGradient(true)
        let y = try x * 2
        var seen: [Float] = []
        try y.onGradient {
            seen = try $0.floats()
            return try $0 * 3
        }
        try (y * y).sum().backward()
        #expect(seen == [4, -8, 12])
        #expect(try #require(x.gradient).floats() == [24, -48, 72])
    }

    @Test func whatTheHookThrowsEndsTheBackward() throws {
        let x = try Tensor([1], shape: [1])
        try x.setRequiresGradient(true)
        let y = try x * 2
        try y.onGradient { _ in throw Refusal() }
        let error = #expect(throws: TensorError.self) { try y.sum().backward() }
        #expect(error?.reason == "processes: the other one is gone")
        #expect(x.gradient == nil)
    }

    @Test func theHookGoesWithTheHistory() throws {
        final class Witness {}
        weak var witness: Witness?
        do {
            let x = try Tensor([1], shape: [1])
            try x.setRequiresGradient(true)
            let y = try x * 2
            let held = Witness()
            witness = held
            try y.onGradient { gradient in
                withExtendedLifetime(held) { gradient }
            }
            try y.sum().backward()
            #expect(witness != nil)
        }
        #expect(witness == nil)
    }

    @Test func aTensorWithoutAHistoryIsRefused() throws {
        #expect(throws: TensorError.self) { try Tensor([1], shape: [1]).onGradient { $0 } }
    }
}
