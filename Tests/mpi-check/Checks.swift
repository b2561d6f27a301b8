import Foundation
import Tensors

/// Numbers that are the same in every process and every run.
func numbers(_ count: Int, seed: Int) -> [Float] {
    (0..<count).map { Float(sin(Double(($0 + 1) * (seed * 37 + 11)) * 0.731)) }
}

/// The largest difference over the largest number.
func difference(_ found: [Float], _ expected: [Float]) -> Double {
    guard found.count == expected.count else { return .infinity }
    let largest = expected.map(abs).max() ?? 0
    let distance = zip(found, expected).map { $0.isFinite && $1.isFinite ? abs($0 - $1) : .infinity }.max() ?? 0
    return Double(distance / max(largest, .leastNormalMagnitude))
}

/// Sums, means and broadcasts of tensors of every layout and precision, gradients that some processes lack, and the derivative of a sum.
func checkSums(_ group: any ProcessGroup) throws -> [String: Double] {
    var measured = ["count": Double(group.count)]
    let ranks = 0..<group.count
    func own(_ rank: Int) throws -> [Tensor] {
        let half = try Tensor([1, -2, 0.5].map { $0 * Float(rank + 1) }, shape: [3]).asBFloat16()
        return [
            try Tensor(numbers(24, seed: rank), shape: [1, 4, 2, 3]).channelsLast(), try Tensor(numbers(5, seed: rank + 9), shape: [5]),
            half,
            try Tensor.zeros([0, 3]),
        ]
    }
    func summed(_ index: Int) throws -> [Float] {
        try ranks.map { try own($0)[index].floats() }.reduce([Float](repeating: 0, count: try own(0)[index].count)) { zip($0, $1).map(+) }
    }

    let tensors = try own(group.rank)
    try group.sum(tensors)
    measured["sum"] = try tensors.indices.map { try difference(tensors[$0].floats(), summed($0)) }.max()
    measured["layout kept"] = tensors[0].isChannelsLast ? 1 : 0

    let means = try own(group.rank)
    try group.average(means)
    measured["average"] = try difference(means[1].floats(), summed(1).map { $0 / Float(group.count) })

    let last = group.count - 1
    let told = try own(group.rank)
    try group.broadcast(told, from: last)
    measured["broadcast"] = try told.indices.map { try difference(told[$0].floats(), own(last)[$0].floats()) }.max()
    // 2⁻⁴⁰ is lost in 32 bits.
    measured["doubles"] = try abs(group.sum([1, 0x1p-40])[0] + group.sum([1, 0x1p-40])[1] - Double(group.count) * (1 + 0x1p-40))

    // Every process has a gradient for the first, only the last one for the second, none for the third.
    let parameters = try (0..<3).map { try Tensor(numbers(4, seed: $0), shape: [4]) }
    for parameter in parameters { try parameter.setRequiresGradient(true) }
    try (parameters[0] * Tensor(numbers(4, seed: group.rank + 50), shape: [4])).sum().backward()
    if group.rank == last { try parameters[1].sum().backward() }
    try group.sumGradients(of: parameters, factor: 0.5)
    let expected = ranks.map { numbers(4, seed: $0 + 50) }.reduce([0, 0, 0, 0]) { zip($0, $1).map(+) }.map { $0 * 0.5 }
    measured["gradients"] = try difference(parameters[0].gradient?.floats() ?? [], expected)
    measured["gradient of some"] = try difference(parameters[1].gradient?.floats() ?? [], [0.5, 0.5, 0.5, 0.5])
    measured["gradient of none"] = parameters[2].gradient == nil ? 0 : 1

    // L = Σ_r (r + 1) · S² with S = Σ_r x_r, so dL / dx_r = 2 S Σ_r (r + 1), the same everywhere.
    let x = try Tensor(numbers(4, seed: group.rank), shape: [4])
    try x.setRequiresGradient(true)
    let sum = try group.differentiableSum(x * 1)
    try ((sum * sum).sum() * Double(group.rank + 1)).backward()
    let total = ranks.map { numbers(4, seed: $0) }.reduce([0, 0, 0, 0]) { zip($0, $1).map(+) }
    let weight = Float(ranks.map { $0 + 1 }.reduce(0, +))
    measured["derivative of a sum"] = try difference(x.gradient?.floats() ?? [], total.map { 2 * $0 * weight })
    try group.barrier()
    return measured
}

/// One process gives up while the others wait for it.
func checkFailure(_ group: any ProcessGroup) throws -> [String: Double] {
    struct GivingUp: Error, CustomStringConvertible { let description = "gave up" }
    if group.rank == group.count - 1 { throw GivingUp() }
    try group.barrier()
    return [:]
}
