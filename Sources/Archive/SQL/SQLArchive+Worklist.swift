import Foundation

extension SQLArchive {
    public func worklist(_ query: WorklistQuery) async throws -> WorklistPage {
        let after = try query.after.map(WorklistPlace.init)
        return try await read { db in
            // One more than wanted tells whether there is a next page.
            let limit = max(0, min(query.limit, 10_000))
            let words = try SearchWords.query(for: query.words, db)
            let places =
                try words.map { try Self.places(found: $0, query, after, limit + 1, db) } ?? Self.places(query, after, limit + 1, db)
            let studies = try places.prefix(limit).map { place in
                guard let row = try StudyRow.find(place.number, db) else {
                    throw ArchiveError(.cannotRead, "the worklist names a study that is not there")
                }
                return row.study
            }
            return WorklistPage(studies: studies, next: places.count > limit ? places.prefix(limit).last?.text : nil)
        }
    }

    private static func statuses(_ query: WorklistQuery) -> [StudyStatus] {
        let wanted = query.statuses.isEmpty ? Set(StudyStatus.allCases) : query.statuses
        return Array(query.finding == .none ? wanted.intersection([.read, .reviewed, .signed]) : wanted)
    }

    /// Each status is in order already: of each the first few are taken, and the first few of them all.
    private static func places(_ query: WorklistQuery, _ after: WorklistPlace?, _ limit: Int, _ db: Database) throws -> [WorklistPlace] {
        let source: (condition: String, arguments: Arguments) =
            switch query.finding {
            case .any: ("place WHERE", [])
            case .none: ("place WHERE finding_count = 0 AND", [])
            case .label(let label): ("study_finding WHERE label = ? AND", [label])
            }
        var places: [WorklistPlace] = []
        for status in statuses(query) {
            let isSigned = status == .signed
            var begin: (rank: Int64, number: Int64) = (.min, .min)
            if let after {
                if after.isSigned && !isSigned { continue }
                if after.isSigned == isSigned { begin = (after.rank, after.number) }
            }
            places += try db.values(
                """
                SELECT rank, study FROM \(source.condition) status = ? AND (rank, study) > (?, ?) ORDER BY rank, study LIMIT ?
                """, source.arguments + [status.rawValue, begin.rank, begin.number, limit]
            ) { row in
                WorklistPlace(isSigned: isSigned, rank: try row.needed(row.integer("rank")), number: try row.needed(row.integer("study")))
            }
        }
        return Array(places.sorted().prefix(limit))
    }

    /// Those that have the words, put into order.
    private static func places(
        found words: String, _ query: WorklistQuery, _ after: WorklistPlace?, _ limit: Int, _ db: Database
    ) throws -> [WorklistPlace] {
        let statuses = statuses(query)
        // Not every engine takes a list of nothing.
        guard !statuses.isEmpty else { return [] }
        var condition = "status IN (\(statuses.map { _ in "?" }.joined(separator: ", ")))"
        var arguments: Arguments = [words] + statuses.map(\.rawValue)
        switch query.finding {
        case .any: break
        case .none: condition += " AND finding_count = 0"
        case .label(let label):
            condition += " AND study IN (SELECT study FROM study_finding WHERE label = ?)"
            arguments.append(label)
        }
        if let after {
            condition += " AND (status = 'signed', place.rank, study) > (?, ?, ?)"
            arguments += [after.isSigned ? 1 : 0, after.rank, after.number]
        }
        return try db.values(
            """
            SELECT status = 'signed' AS is_signed, place.rank AS rank, study FROM \(db.dialect.placesFound) AND \(condition)
            ORDER BY status = 'signed', place.rank, study LIMIT ?
            """, arguments + [limit]
        ) { row in
            WorklistPlace(
                isSigned: row.integer("is_signed") == 1, rank: try row.needed(row.integer("rank")),
                number: try row.needed(row.integer("study")))
        }
    }
}
