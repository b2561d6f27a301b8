import Archive
import DICOMWeb
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Searching (QIDO-RS, PS3.18 10.6). The archive has studies and instances; series follow from these.
extension WorkstationAPI {
    private static let standardLimit = 100
    private static let mostRows = 1_000
    private static let mostOffset = 10_000
    /// Studies that are looked at for one answer, whatever is found: whoever needs more has to say more of what is sought.
    private static let longestSearch = Duration.seconds(10)
    private static func mostScanned(_ level: QIDOLevel) -> Int { level == .studies ? 100_000 : 2_000 }

    func search(_ level: QIDOLevel, _ request: Request, _ context: WorkstationContext) async throws -> Response {
        let type = try Representation.json(accept: request.headers[.accept])
        var query = try QIDOQuery(
            level, study: context.parameters.get("study"), series: context.parameters.get("series"),
            items: QIDOQuery.items(request.uri.query ?? ""))
        guard query.offset <= Self.mostOffset else {
            throw DICOMWebError(.badRequest, "an offset of more than \(Self.mostOffset); narrow the search")
        }
        if let limit = query.limit, limit > Self.mostRows { query.warnings.append("At most \(Self.mostRows) results are given at once") }
        let limit = min(query.limit ?? Self.standardLimit, Self.mostRows)
        let rows = SearchRows(web: webAddress(request))
        var (found, skipped, isMore) = ([DICOMJSON](), 0, false)
        let isWhole = try await forEachStudy(query) { study in
            guard Self.matches(query.keys.filter { SearchRows.known.contains($0.key) }, rows.known(study), query) else { return true }
            for row in try await self.rows(level, of: study, rows) where query.matches(row) {
                if skipped < query.offset {
                    skipped += 1
                } else if found.count < limit {
                    found.append(query.answer(row))
                } else {
                    isMore = true
                    return false
                }
            }
            return true
        }
        if isMore { query.warnings.append("There are additional results that can be requested") }
        if !isWhole { query.warnings.append("The search was ended before all studies were looked at; narrow it") }
        try await audit.note("worklist.view", by: context.user, "\(found.count) \(level.rawValue)")
        return Self.dicomJSON(DICOMJSON.data(found), type, warning: query.warning(service: serverAddress(request)))
    }

    private static func matches(_ keys: [DICOMAttribute: QIDOKey], _ row: DICOMJSON, _ query: QIDOQuery) -> Bool {
        keys.allSatisfy { attribute, key in key.matches(row.texts(attribute), isFuzzy: query.isFuzzy) }
    }

    /// Rows of a level that a study has; none where it has no DICOM object.
    private func rows(_ level: QIDOLevel, of study: Study, _ rows: SearchRows) async throws -> [DICOMJSON] {
        let objects = try await objects(of: study)
        guard let first = objects.first else { return [] }
        let series = SearchRows.unique(objects.map(\.seriesInstanceUID)).map { uid in objects.filter { $0.seriesInstanceUID == uid } }
        // One file of each series tells what is the series'; instances need their own.
        let wanted = level == .instances ? objects : series.compactMap(\.first)
        var headers: [String: DICOMJSON] = [:]
        for object in wanted {
            // A file that cannot be read any more is still listed, with what the archive knows.
            headers[object.sopInstanceUID] = try? await metadata([object], nil).first?.dataset()
        }
        let modalities = SearchRows.unique(
            series.compactMap { $0.first }.compactMap { headers[$0.sopInstanceUID]?.text(.modality) ?? $0.instance.modality })
        let ofStudy = rows.study(study, objects, modalities: modalities, header: headers[first.sopInstanceUID])
        if level == .studies { return [ofStudy] }
        return series.flatMap { objects -> [DICOMJSON] in
            let ofSeries = rows.series(ofStudy, objects, header: objects.first.flatMap { headers[$0.sopInstanceUID] })
            if level == .series { return [ofSeries] }
            return objects.map { rows.instance(ofSeries, $0, header: headers[$0.sopInstanceUID]) }
        }
    }

    /// Studies that may match.
    /// - Parameter body: Returns whether more are wanted.
    /// - Returns: Whether none was left out that `body` wanted.
    private func forEachStudy(_ query: QIDOQuery, _ body: (Study) async throws -> Bool) async throws -> Bool {
        let end = ContinuousClock.now + Self.longestSearch
        if let uids = Self.studies(of: query) {
            for uid in uids {
                if ContinuousClock.now > end { return false }
                if let study = try await archive.study(StudyID(ofUID: uid)), study.uid == uid, try await !body(study) { return true }
            }
            return true
        }
        var worklist = WorklistQuery(words: Self.words(of: query), limit: 250)
        var count = 0
        while count < Self.mostScanned(query.level) {
            let page = try await archive.worklist(worklist)
            for study in page.studies {
                if ContinuousClock.now > end { return false }
                if try await !body(study) { return true }
            }
            count += page.studies.count
            guard let next = page.next else { return true }
            worklist.after = next
        }
        return false
    }

    /// The studies that a search names by their UIDs; `nil` where it names none.
    private static func studies(of query: QIDOQuery) -> [String]? {
        guard let text = query.keys[.studyInstanceUID]?.text.trimmingCharacters(in: .whitespaces), !text.isEmpty,
            !text.allSatisfy({ $0 == "*" })
        else { return nil }
        return SearchRows.unique(text.split { $0 == "," || $0 == "\\" }.map { $0.trimmingCharacters(in: .whitespaces) })
    }

    /// Words that every study has that matches, by which the archive's index finds few: beginnings of words of the name, the number, the accession
    /// number and the description.
    static func words(of query: QIDOQuery) -> String {
        [.patientName, .patientID, DICOMAttribute(tag: 0x0008_0050), DICOMAttribute(tag: 0x0008_1030)].compactMap { query.keys[$0]?.text }
            .flatMap { text in
                text.split { !($0.isLetter || $0.isNumber || $0 == "*" || $0 == "?") }.map { token in
                    // Behind a wildcard no word begins for sure.
                    token.prefix { $0 != "*" && $0 != "?" }
                }
            }
            .filter { !$0.isEmpty }.joined(separator: " ")
    }
}
