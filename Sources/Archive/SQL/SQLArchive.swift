import Foundation

/// An archive in a database that speaks SQL, with the bytes in a folder beside it. What it does is written once; `engine` carries it out.
///
/// Unchecked Sendable: a class that others are made of cannot be checked, and nothing in it changes.
public class SQLArchive: Archive, @unchecked Sendable {
    public let content: ContentStore
    let engine: any SQLEngine

    init(content: ContentStore, engine: any SQLEngine) { (self.content, self.engine) = (content, engine) }

    public func notices() -> AsyncStream<ArchiveNotice>? { engine.notices() }

    /// One transaction that sees one state of the archive.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value { try await engine.read(body) }

    /// One transaction, on the disk when it returns. It is carried through even if the task that asks for it is cancelled.
    /// - Parameter body: May be run twice: what it did the first time is then undone before.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await engine.write(body)
    }
}

/// Carries out transactions.
protocol SQLEngine: Sendable {
    /// One that sees one state of the database, and changes nothing.
    /// - Throws: What `body` throws; `ArchiveError`.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value
    /// One that happens whole or not at all, as if no other did at the same time.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value
    /// One beside which others write, for what needs nothing but rows that it locks itself.
    func claim<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value
    func notices() -> AsyncStream<ArchiveNotice>?
    /// Whether the database's files are whole; a line for each fault.
    func structuralFaults() async throws -> [String]
}
