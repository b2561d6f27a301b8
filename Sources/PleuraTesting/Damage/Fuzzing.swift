import Foundation

/// How much of the mutation testing is done.
package enum Fuzzing {
    private static let asked = ProcessInfo.processInfo.environment["PLEURA_FUZZ"]

    /// Whether more is asked for than every run of the tests does.
    package static var isLong: Bool { asked != nil }

    /// Mutations of each kind of file: the number in the environment's `PLEURA_FUZZ`, or else few enough for every run of the tests.
    package static func rounds(usual: Int) -> Int { asked.flatMap(Int.init).map { max(1, $0) } ?? usual }
}
