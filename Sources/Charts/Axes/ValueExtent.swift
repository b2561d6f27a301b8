/// The least and the greatest of values that can be drawn.
struct ValueExtent: Hashable, Sendable {
    private(set) var least = Double.infinity
    private(set) var greatest = -Double.infinity
    let scale: ChartAxis.Scale

    init(_ scale: ChartAxis.Scale) { self.scale = scale }

    var isEmpty: Bool { least > greatest }

    /// Values beyond this would overflow in differences; no figure has them.
    private static let limit = 1e200

    static func isDrawable(_ value: Double, _ scale: ChartAxis.Scale) -> Bool {
        guard abs(value) <= limit else { return false }
        return scale == .linear || value >= 1 / limit
    }

    mutating func add(_ value: Double) {
        guard Self.isDrawable(value, scale) else { return }
        least = min(least, value)
        greatest = max(greatest, value)
    }

    mutating func add(_ values: some Sequence<Double>) { for value in values { add(value) } }
}
