import Archive

/// What every store of an archive has to do, each with an empty archive of its own.
///
///     @Test(arguments: ArchiveConformance.checks) func conforms(check: ArchiveConformance.Check) async throws {
///         try await check.run(emptyArchive())
///     }
public enum ArchiveConformance {
    public struct Check: Sendable, CustomStringConvertible {
        /// What is so, in a sentence.
        public let description: String
        /// - Throws: `ConformanceFault` where it is not so.
        public let run: @Sendable (any Archive) async throws -> Void

        init(_ description: String, _ run: @escaping @Sendable (any Archive) async throws -> Void) {
            (self.description, self.run) = (description, run)
        }
    }

    public static let checks = [studies, worklist, readings, jobs, people, audit, texts, deliveries, clinical].flatMap { $0 }
}

typealias Samples = ConformanceSamples
