import Foundation

/// A whole file (PS3.10) that is to be sent.
public enum ObjectToStore: Sendable, Hashable {
    /// The path of a file.
    case file(String)
    case bytes(Data)
}
