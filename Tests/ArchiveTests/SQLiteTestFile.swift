import Archive
import ArchiveConformance
import Foundation
import GRDB
import Results

extension ArchiveFolder {
    /// What somebody with the file and a tool of SQLite could do to it.
    func tamper(_ sql: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        try DatabaseQueue(path: database, configuration: configuration).writeWithoutTransaction { try $0.execute(sql: sql) }
    }

    func number(_ sql: String) throws -> Int? { try DatabaseQueue(path: database).read { try Int.fetchOne($0, sql: sql) } }

    /// Tables, indexes and triggers, by their words.
    func schema() throws -> Set<String> {
        let texts = try DatabaseQueue(path: database).read { db in
            try String.fetchAll(db, sql: "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
        }
        return Set(texts.map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") })
    }

    /// A new archive with so many studies, a job each, and the bytes of their images.
    /// - Parameter together: All at once, in any order.
    func filled(_ count: Int, together: Bool = false) async throws -> SQLiteArchive {
        let archive = try open()
        if together {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<count { group.addTask { _ = try await self.register(number, in: archive) } }
                try await group.waitForAll()
            }
        } else {
            for number in 0..<count { _ = try await register(number, in: archive) }
        }
        return archive
    }

    func register(_ number: Int, in archive: any Archive) async throws -> Instance {
        let bytes = Data("bytes \(number)".utf8)
        let study = ConformanceSamples.study(number, patient: PatientIdentity(name: "SECRET^NAME", id: "ID\(number)"))
        var instance = ConformanceSamples.instance(number, of: study)
        instance.digest = try archive.content.add(bytes)
        (instance.id, instance.size) = (InstanceID(ofContent: instance.digest), bytes.count)
        _ = try await archive.register(instance, in: study, jobKind: "read", standing: ConformanceSamples.rule)
        return instance
    }
}
