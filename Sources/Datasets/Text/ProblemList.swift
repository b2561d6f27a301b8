/// What is wrong with a dataset or with the files it is made of, one line each. The first `kept` lines are kept and the others are
/// counted, so that ten million bad rows neither fill the memory nor a person's screen; the last line then says how many there were.
public struct ProblemList: Hashable, Sendable {
    /// How many lines are kept.
    public static let kept = 1_000

    private var lines: [String] = []
    /// How many problems there are, kept or not.
    public private(set) var total = 0

    public init() {}

    public init(_ lines: some Sequence<String>) { append(contentsOf: lines) }

    /// The line is not made where it is not kept.
    public mutating func append(_ line: @autoclosure () -> String) {
        total += 1
        if lines.count < Self.kept { lines.append(line()) }
    }

    public mutating func append(contentsOf others: some Sequence<String>) {
        if let others = others as? ProblemList {
            lines += others.lines.prefix(Self.kept - lines.count)
            total += others.total
        } else {
            for line in others { append(line) }
        }
    }

    public static func += (list: inout ProblemList, others: some Sequence<String>) { list.append(contentsOf: others) }
}

/// The kept lines, and one more where there are problems that are not kept.
extension ProblemList: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { lines.count + (total > lines.count ? 1 : 0) }
    public subscript(index: Int) -> String {
        index == lines.count && total > lines.count ? "and \(total - lines.count) problems more" : lines[index]
    }
}

extension ProblemList: ExpressibleByArrayLiteral {
    public init(arrayLiteral lines: String...) { self.init(lines) }
}
