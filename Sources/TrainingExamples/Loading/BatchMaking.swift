/// What a training takes its batches from. A batch depends on its step and part alone.
package protocol BatchMaking: Sendable {
    /// Steps that show every picture about once.
    var stepsPerEpoch: Int { get }

    /// - Throws: `TrainingError` where no picture can be read any more.
    func batch(step: Int, part: Int, of parts: Int) throws -> Batch

    /// One line for each picture that has become unreadable since the last call.
    func takeNewFailures() -> [String]
}

extension BatchSource: BatchMaking {
    package func takeNewFailures() -> [String] { store.takeNewFailures() }
}
