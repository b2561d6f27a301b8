/// An error that can be told to a person in a line, and to a program by its code.
///
/// Two errors are equal where their codes are: the sentence is for people, and may be worded anew. Neither holds patient data.
public protocol ExplainedError: Error, Hashable, Sendable, CustomStringConvertible {
    associatedtype Code: ErrorCode
    var code: Code { get }
    /// One line for a person, without the name of the file or model that it is about: the caller names it.
    var reason: String { get }
    /// What a program prints: at least one line. The last says it all; others before it go into detail.
    var lines: [String] { get }
    /// How a program ends that can do nothing about it.
    var exitStatus: ExitStatus { get }
}

extension ExplainedError {
    public var lines: [String] { [description] }
    public var exitStatus: ExitStatus { code.exitStatus }
    public var description: String { "\(code.rawValue): \(reason)" }

    public static func == (left: Self, right: Self) -> Bool { left.code == right.code }
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}

/// A kind of failure, by a short name. Open: another room can add its own.
public protocol ErrorCode: RawRepresentable<String>, Hashable, Sendable {
    /// How a program ends for it: 3 where something is not there or cannot be written, else 1, an input that failed.
    var exitStatus: ExitStatus { get }
}

extension ErrorCode {
    public var exitStatus: ExitStatus { .someInputsFailed }
}
