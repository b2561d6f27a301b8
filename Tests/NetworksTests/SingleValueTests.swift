import ModelGraph
import Networks
import Tensors
import Testing

/// Maps of one place in a batch of one: a channel has one number, and one number has no variance.
@Suite struct SingleValueTests {
    /// The coarsest maps of SSDLite have one place. They go by the running statistics, which stay as they were; all others move.
    @Test func aBatchOfOneLeavesTheStatisticsFinite() throws {
        let network = try SSDLite(classCount: 2, inputSide: 96, seed: 3)
        try network.prepareForTraining(on: .cpu)
        let before = try network.arrays()
        let input = try Tensor((0..<96 * 96).map { Float($0 % 7) / 7 }, shape: [1, 1, 96, 96])
        _ = try network(input, TorchExecutor(isTraining: true))
        let after = try network.arrays()
        let changed = after.filter { before[$0.key] != $0.value }
        #expect(after.values.allSatisfy { $0.values.allSatisfy(\.isFinite) })
        #expect(changed.keys.allSatisfy { $0.hasSuffix("running_mean") || $0.hasSuffix("running_variance") })
        #expect(changed.keys.contains("backbone.stem.normalisation.running_variance"))
        #expect(!changed.keys.contains("extra_3.project.normalisation.running_variance"))
    }
}
