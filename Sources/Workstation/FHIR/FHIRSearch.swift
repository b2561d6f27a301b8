import Archive
import DICOMWeb
import FHIR
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Results

/// Searching (FHIR R4, 3.1.1). Resources are made of studies while these are gone through, those first that the worklist has first.
extension WorkstationAPI {
    private static let standardCount = 50
    /// Studies that are looked at for one page; the next page goes on behind them.
    private static let mostStudies = 2_000
    private static let longestSearch = Duration.seconds(10)
    private static let batch = 50
    /// Minutes east of Greenwich of dates without a zone: the site's.
    private static var zone: Int { TimeZone.current.secondsFromGMT() / 60 }
    private static let preference = HTTPField.Name("Prefer") ?? .server

    func search(_ type: String, _ request: Request, _ context: WorkstationContext) async throws -> Response {
        let items = QIDOQuery.items(request.uri.query ?? "").map { SearchItem($0.name, $0.value) }
        var search = try SearchRequest(
            type: type, items: items, handling: SearchRequest.Handling(prefer: request.headers[Self.preference]),
            zone: Self.zone)
        let page = try await page(&search)
        try await audit.note("worklist.view", by: context.user, "\(page.matches.count) \(type) by FHIR")
        let bundle = R4.Bundle.searchset(
            search, base: fhirAddress(request), total: page.total, matches: page.matches, next: page.next)
        return try FHIRAnswer.response(bundle, pretty: Self.isPretty(request))
    }

    private struct FoundPage {
        var matches: [R4.AnyResource] = []
        /// Known where all studies were gone through for one page.
        var total: Int?
        var next: String?
    }

    private func page(_ search: inout SearchRequest) async throws -> FoundPage {
        let place = try SearchPlace(search.cursor)
        let wanted = search.count ?? Self.standardCount
        var (page, seen, count, looked, after) = (FoundPage(), Set<String>(), 0, 0, place.after)
        let candidates = try await candidates(search)
        let end = ContinuousClock.now + Self.longestSearch
        repeat {
            let (studies, next) = try await batch(candidates, after: after)
            // Those of the first batch that an earlier page had already.
            var skipped = after == place.after ? place.matches : 0
            var given = skipped
            for study in studies {
                for resource in try await found(study, &search) {
                    guard let id = resource.id, seen.insert(id).inserted else { continue }
                    if skipped > 0 {
                        skipped -= 1
                        continue
                    }
                    // Only the number is wanted.
                    if wanted > 0, page.matches.count == wanted {
                        page.next = SearchPlace(after: after, matches: given).text
                        return page
                    }
                    if wanted > 0 { page.matches.append(resource) }
                    (count, given) = (count + 1, given + 1)
                }
            }
            looked += studies.count
            guard let next else {
                if search.cursor == nil { page.total = count }
                return page
            }
            after = next
        } while looked < Self.mostStudies && ContinuousClock.now < end
        if wanted > 0 { page.next = SearchPlace(after: after, matches: 0).text }
        return page
    }

    /// What a study has that the search finds.
    private func found(_ study: Study, _ search: inout SearchRequest) async throws -> [R4.AnyResource] {
        do {
            return try await resources(of: study).filter { resource in
                resource.type == search.type && SearchFacts(of: resource, zone: Self.zone).map(search.matches) == true
            }
        } catch is FHIRError {
            // One study that cannot be written keeps the others from nobody.
            search.warnings.append(R4.OperationOutcome.Issue(.warning, .incomplete, "a study cannot be written as resources"))
            return []
        }
    }

    // MARK: Which studies

    private enum Candidates {
        case studies([StudyID])
        /// All, or those with the words.
        case worklist(words: String)
    }

    private func batch(_ candidates: Candidates, after: String?) async throws -> (studies: [Study], next: String?) {
        switch candidates {
        case .studies(let ids):
            var studies: [Study] = []
            for id in ids { if let study = try await archive.study(id) { studies.append(study) } }
            return (studies, nil)
        case .worklist(let words):
            do {
                let page = try await archive.worklist(WorklistQuery(words: words, after: after, limit: Self.batch))
                return (page.studies, page.next)
            } catch let error as ArchiveError where error.code == .invalidCursor {
                throw R4.OperationOutcome(.error, .value, "_cursor has to come from an earlier answer")
            }
        }
    }

    /// Studies that may have what is sought: few, where the search says of whom or which.
    private func candidates(_ search: SearchRequest) async throws -> Candidates {
        if let ids = search.ids.first, search.type != "Patient" {
            return .studies(Self.unique(ids.compactMap(ServedResources.study(ofID:))))
        }
        var words: [String] = []
        if search.identifiers.count == 1, search.identifiers[0].count == 1, let code = search.identifiers[0][0].code {
            // A Study Instance UID, by itself or as a URN, or with a finding behind it.
            let plain = code.hasPrefix("urn:oid:") ? String(code.dropFirst("urn:oid:".count)) : code
            let uid = plain.split(separator: "/").first.map(String.init) ?? plain
            if search.type != "Patient", let study = try await archive.study(StudyID(ofUID: uid)) { return .studies([study.id]) }
            // A result's own identifier is no word of its study.
            if search.type == "Patient" || search.type == "ImagingStudy" { words.append(code) }
        }
        if search.patientIdentifiers.count == 1, search.patientIdentifiers[0].count == 1, let code = search.patientIdentifiers[0][0].code {
            words.append(code)
        }
        let patients = search.patients.count == 1 ? search.patients[0].map(\.id) : search.type == "Patient" ? search.ids.first ?? [] : []
        if patients.count == 1 {
            guard let study = try await study(ofPatient: patients[0]) else { return .studies([]) }
            words.append(study.patient.id ?? "")
        }
        return .worklist(words: words.joined(separator: " "))
    }

    private static func unique(_ ids: [StudyID]) -> [StudyID] {
        var seen: Set<StudyID> = []
        return ids.filter { seen.insert($0).inserted }
    }
}

/// Where a page begins: in which batch of the worklist, and behind how many resources of it.
private struct SearchPlace {
    var after: String?
    var matches: Int

    init(after: String?, matches: Int) { (self.after, self.matches) = (after, matches) }

    /// - Throws: `R4.OperationOutcome`.
    init(_ text: String?) throws {
        guard let text else {
            self.init(after: nil, matches: 0)
            return
        }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let matches = Int(parts[0]), (0...1_000_000).contains(matches) else {
            throw R4.OperationOutcome(.error, .value, "_cursor has to come from an earlier answer")
        }
        self.init(after: parts[1].isEmpty ? nil : String(parts[1]), matches: matches)
    }

    var text: String { "\(matches):\(after ?? "")" }
}
