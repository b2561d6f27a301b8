/// Wilson's score interval of a share at 95 percent (Wilson, JASA 1927): never outside 0...1, and wide where there is little to count.
package enum WilsonInterval {
    package static func of(rate: Double, count: Int) -> ClosedRange<Double>? {
        guard count > 0, (0...1).contains(rate) else { return nil }
        let z = 1.959963984540054
        let n = Double(count)
        let centre = (rate + z * z / (2 * n)) / (1 + z * z / n)
        let reach = z / (1 + z * z / n) * (rate * (1 - rate) / n + z * z / (4 * n * n)).squareRoot()
        return max(0, min(rate, centre - reach))...min(1, max(rate, centre + reach))
    }
}
