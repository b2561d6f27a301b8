import ModelGraph

extension Backbone {
    /// Takes weights by the names of any family of files that this backbone is known from, whatever stands before them, such as a
    /// detector's `backbone.body.`. With one input channel the first convolution takes the sum over red, green and blue.
    /// - Throws: `ModelGraphError` where a tensor holds numbers that are not finite.
    public func load(_ arrays: [String: NumericArray]) throws -> WeightLoadReport {
        try WeightAssignment([weightPart], arrays: arrays).apply()
    }
}
