import Foundation
import Networks
import Tensors
import Testing

@Suite struct ParameterGroupsTests {
    /// Each parameter's rate and decay by its name, from the groups alone.
    private static func plan(_ network: any DetectionNetwork, _ groups: [ParameterGroup]) -> [String: (rate: Double, decay: Double)] {
        var names: [ObjectIdentifier: String] = [:]
        for parameter in network.parameters { names[ObjectIdentifier(parameter.tensor)] = parameter.name }
        return groups.reduce(into: [:]) { plan, group in
            for tensor in group.parameters {
                let name = names[ObjectIdentifier(tensor)] ?? "?"
                #expect(plan[name] == nil, "\(name) is in one group")
                plan[name] = (group.rateFactor, group.weightDecay)
            }
        }
    }

    @Test func theStemLearnsSlowestAndTheHeadAtTheFullRate() throws {
        let network = try SSDLite(classCount: 2, inputSide: 96, seed: 1)
        let rates = LayerwiseRates(backboneFactor: 0.5, decay: 0.7)
        let plan = Self.plan(network, network.parameterGroups(weightDecay: 0.02, rates: rates))
        #expect(plan.count == network.parameters.filter { $0.role != .statistic }.count)
        // Four stages: the last one is at depth 1 from the head.
        let expected = [
            "backbone.stem": 4, "backbone.block_2.": 4, "backbone.block_3.": 3, "backbone.block_11.": 2, "backbone.block_12.": 1,
            "backbone.last": 1,
        ]
        for (prefix, depth) in expected {
            let found = plan.filter { $0.key.hasPrefix(prefix) }
            #expect(!found.isEmpty && found.allSatisfy { abs($0.value.rate - 0.5 * pow(0.7, Double(depth))) < 1e-12 }, "\(prefix)")
        }
        #expect(plan.filter { !$0.key.hasPrefix("backbone.") }.allSatisfy { $0.value.rate == 1 })
        for parameter in network.parameters where parameter.role != .statistic {
            #expect(plan[parameter.name]?.decay == (parameter.role == .weight ? 0.02 : 0))
        }
    }

    /// Checkpoints of before keep the moments in this order.
    @Test func withoutDecayTheOrderIsBackboneThenRestWeightsThenBiases() throws {
        let network = try SSDLite(classCount: 2, inputSide: 96, seed: 1)
        let groups = network.parameterGroups(weightDecay: 0.02, rates: LayerwiseRates(backboneFactor: 0.3))
        #expect(groups.map(\.rateFactor) == [0.3, 0.3, 1, 1])
        var expected: [ObjectIdentifier] = []
        for isBackbone in [true, false] {
            for role in [Parameter.Role.weight, .bias] {
                expected += network.parameters.filter { $0.role == role && $0.name.hasPrefix("backbone.") == isBackbone }
                    .map { ObjectIdentifier($0.tensor) }
            }
        }
        #expect(groups.flatMap(\.parameters).map(ObjectIdentifier.init) == expected)
    }
}
