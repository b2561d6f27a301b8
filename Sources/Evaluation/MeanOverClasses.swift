/// A mean over the classes that have the figure, and how many those are: a class without truth has none.
public struct MeanOverClasses: Hashable, Sendable {
    /// `nil` where no class has the figure.
    public var value: Double?
    /// How many classes the mean is over.
    public var classes: Int
    /// How many classes there are.
    public var classCount: Int

    public init(_ values: [Double?]) {
        let there = values.compactMap { $0 }
        value = there.isEmpty ? nil : there.reduce(0, +) / Double(there.count)
        classes = there.count
        classCount = values.count
    }
}
