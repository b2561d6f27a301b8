import ModelGraph
import Tensors

/// Which tensors of a file go into which parameters, all decided before anything is changed.
struct WeightAssignment {
    private(set) var report = WeightLoadReport()
    private var assigned: [(parameter: Parameter, array: NumericArray)] = []

    /// - Throws: `ModelGraphError` where a tensor holds numbers that are not finite.
    init(_ parts: [WeightPart], arrays: [String: NumericArray]) throws {
        var used: Set<String> = []
        for part in parts {
            let match = WeightMatch(part, in: arrays)
            var named: Set<ObjectIdentifier> = []
            for name in match?.names ?? [] {
                named.insert(ObjectIdentifier(name.parameter))
                try take(name, prefix: match?.prefix ?? "", arrays, &used)
            }
            report.missing += part.parameters.filter { !named.contains(ObjectIdentifier($0)) }.map(\.name)
        }
        for name in arrays.keys.sorted() where !used.contains(name) {
            if name.hasSuffix("num_batches_tracked") {
                report.counters += 1
            } else {
                report.unused.append(name)
            }
        }
    }

    private mutating func take(_ name: WeightName, prefix: String, _ arrays: [String: NumericArray], _ used: inout Set<String>) throws {
        let fileName = prefix + name.name
        guard let array = arrays[fileName] else { return report.missing.append(name.parameter.name) }
        if let refusal = name.refusal(prefix: prefix, in: arrays) {
            note("\(refusal): these start fresh")
            return report.missing.append(name.parameter.name)
        }
        used.insert(fileName)
        let own = name.parameter.tensor.shape
        guard name.fits(array.shape) else {
            report.mismatched.append(.init(name: name.parameter.name, fileName: fileName, file: array.shape, network: own))
            return
        }
        var fitting = array.changed(name.change)
        if array.shape != own {
            fitting = fitting.summedOverColours
            note("first convolution: 3 colours summed to 1 channel")
        }
        if let less = name.less.flatMap({ arrays[prefix + $0] }), less.shape == fitting.shape {
            fitting = fitting.subtracting(less)
            used.insert(prefix + (name.less ?? ""))
        }
        guard fitting.values.allSatisfy(\.isFinite) else {
            throw ModelGraphError(.damaged, "\(fileName) holds numbers that are not finite")
        }
        // A network that was never trained so has none: every number behind it would be no number.
        guard !name.parameter.name.hasSuffix("running_variance") || fitting.values.allSatisfy({ $0 >= 0 }) else {
            throw ModelGraphError(.damaged, "\(fileName) holds variances below 0")
        }
        assigned.append((name.parameter, fitting))
        report.loaded.append(name.parameter.name)
    }

    private mutating func note(_ line: String) {
        if !report.notes.contains(line) { report.notes.append(line) }
    }

    /// Changes the parameters.
    /// - Throws: `TensorError` where the engine fails.
    func apply() throws -> WeightLoadReport {
        let tensors = try assigned.map { try Tensor($0.array.values, shape: $0.array.shape) }
        for (place, tensor) in zip(assigned, tensors) { place.parameter.tensor = tensor }
        return report
    }
}
