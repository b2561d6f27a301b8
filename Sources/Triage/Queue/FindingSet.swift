/// Which of a simulation's findings: bit i is the i-th of its list. 64 at most.
package struct FindingSet: OptionSet, Hashable, Sendable {
    package let rawValue: UInt64
    package static let most = 64

    package init(rawValue: UInt64) { self.rawValue = rawValue }
    package init(index: Int) { rawValue = 1 << UInt64(index) }

    package func has(_ index: Int) -> Bool { rawValue >> UInt64(index) & 1 == 1 }
}
