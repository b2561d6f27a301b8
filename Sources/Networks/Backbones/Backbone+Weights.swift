import ModelGraph
import Tensors

extension Backbone {
    /// Takes weights by the names that PyTorch's files give them (`sources`). With one input channel the first convolution takes the sum
    /// over red, green and blue. The names may have a prefix, such as a detector's `backbone.body.`, which is found by the first
    /// convolution's name.
    public func load(_ arrays: [String: NumericArray]) throws -> WeightLoadReport {
        var report = WeightLoadReport()
        let first = sources.first.map { $0.convolutionName + ".weight" } ?? ""
        let prefix =
            arrays.keys.filter { $0 == first || $0.hasSuffix("." + first) }.min { $0.count < $1.count }
            .map { String($0.dropLast(first.count)) } ?? ""
        var used: Set<String> = []
        func take(_ name: String) -> NumericArray? {
            used.insert(prefix + name)
            return arrays[prefix + name]
        }
        for source in sources {
            var weight = take(source.convolutionName + ".weight")
            if let colours = weight, colours.shape.count == 4, colours.shape[1] == 3, source.convolution.weight.tensor.shape[1] == 1 {
                weight = colours.summedOverColours
            }
            try source.convolution.weight.load(weight, &report)
            if let bias = source.convolution.bias { try bias.load(take(source.convolutionName + ".bias"), &report) }
            guard let normalisation = source.normalisation, let name = source.normalisationName else { continue }
            try normalisation.weight.load(take(name + ".weight"), &report)
            try normalisation.bias.load(take(name + ".bias"), &report)
            try normalisation.runningMean.load(take(name + ".running_mean"), &report)
            try normalisation.runningVariance.load(take(name + ".running_var"), &report)
        }
        report.unused = arrays.keys.filter { !used.contains($0) && !$0.hasSuffix("num_batches_tracked") }.sorted()
        return report
    }
}
