import Archive
import Results

extension Department {
    /// What is told of a study now: all its images, by the latest reading that is told to anybody. A person's unfinished work is told to nobody.
    /// - Returns: `nil` where there is no such study, or no such reading.
    /// - Throws: `ArchiveError`.
    public func results(of study: StudyID) async throws -> StudyResult? {
        let told = try await archive.readings(of: study).last { !$0.reader.isPerson || $0.status != .preliminary }
        guard let told else { return nil }
        return results.result(try await results.material(reading: told.id, of: study), scope: .study)
    }
}
