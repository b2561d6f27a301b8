import Basics

/// Why there are no findings for an image: a code for programs, which decides whether to try again, and what happened for people.
public struct ImageFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// As the errors of the rooms name their kinds, in one word, such as `too_large`.
    public let code: String
    /// One line, without the image's name and without patient data.
    public var description: String
    /// Of an image that was refused for its quality, the whole record; else empty.
    public var quality: [ImageQuality] = []

    public init(code: String, _ description: String, quality: [ImageQuality] = []) {
        self.code = code.replacing(" ", with: "_")
        self.description = description
        self.quality = quality
    }

    /// - Parameter error: One of ours is told by its code and in its words; another's words may hold what it stumbled over.
    public init(_ error: any Error) {
        switch error {
        case let error as ImageFailure: self = error
        case let error as any ExplainedError: self.init(explained: error)
        default: self.init(code: "unreadable", "cannot be read")
        }
    }

    private init(explained error: some ExplainedError) { self.init(code: error.code.rawValue, error.description) }

    /// What such a failure means, for people who do not know the code; the same for every image.
    public var meaning: String { Sentences.english.text(of: "failure." + code, []) }
}
