import Archive
import ArchiveConformance
import Foundation
import Testing

/// SQLite's store and the plainest one, which says that the checks themselves are right.
struct ConformanceTests {
    @Test(arguments: ArchiveConformance.checks) func sqlite(check: ArchiveConformance.Check) async throws {
        let folder = try ArchiveFolder()
        try await check.run(folder.open())
    }

    @Test(arguments: ArchiveConformance.checks) func naive(check: ArchiveConformance.Check) async throws {
        let folder = try ArchiveFolder()
        try await check.run(NaiveArchive(folder: folder.url))
    }
}
