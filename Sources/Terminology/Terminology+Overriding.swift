import Basics
import Foundation

extension Terminology {
    /// Bytes of a site's file that are read.
    static let mostBytes = 4 << 20

    /// The standard table, with a site's own file laid over it.
    ///
    /// The file is JSON of the standard table's form; it has only what differs. Codes that it gives take the place of the standard ones,
    /// synonyms are added, new findings, sites and schemes are added.
    /// - Throws: `TerminologyError`, which names the key.
    public init(overriding data: Data) throws {
        guard data.count <= Self.mostBytes else { throw TerminologyError(.unreadable, "the file has more than 4 MiB") }
        let loaded: Any
        do {
            loaded = try JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
        } catch {
            throw TerminologyError(.unreadable, "this is not JSON")
        }
        guard let file = loaded as? [String: Any] else {
            throw TerminologyError(.unreadable, "the file has to be an object of lists, such as findings")
        }
        try Self.checkKeys(file, as: "", at: "")
        let site: TerminologyTable
        do {
            site = try JSONDecoder().decode(TerminologyTable.self, from: data)
        } catch let error as DecodingError {
            throw TerminologyError(.unreadable, Self.reason(error))
        } catch {
            throw TerminologyError(.unreadable, "the file cannot be decoded")
        }
        var table = TerminologyTable.standard ?? TerminologyTable()
        table.lay(site)
        try Self.check(site, in: table)
        self.init(table)
    }

    private static func checkKeys(_ object: [String: Any], as kind: String, at path: String) throws {
        let known = TerminologyTable.keys[kind] ?? []
        for key in object.keys.sorted() {
            let here = path.isEmpty ? key : path + "." + key
            guard known.contains(key) else {
                let near = key.nearest(among: known).map { "; did you mean \($0)?" } ?? "; known are \(known.joined(separator: ", "))"
                throw TerminologyError(.unknownKey, "there is no key \(shown(here))\(near)")
            }
            guard TerminologyTable.keys[key] != nil, !key.isEmpty, let list = object[key] as? [Any] else { continue }
            for (place, entry) in list.enumerated() {
                if let entry = entry as? [String: Any] { try checkKeys(entry, as: key, at: "\(here).\(place + 1)") }
            }
        }
    }

    /// Names that have to be there, and codes that have to be well formed.
    private static func check(_ site: TerminologyTable, in table: TerminologyTable) throws {
        func known(_ name: String?, _ names: [String], _ path: String) throws {
            guard let name, !names.contains(name) else { return }
            let near = name.nearest(among: names).map { "; did you mean \($0)?" } ?? ""
            throw TerminologyError(.unknownKey, "\(path) is \(shown(name)), which is not known\(near)")
        }
        let siteNames = (table.sites ?? []).map(\.name)
        let schemes = (table.schemes ?? []).map(\.designator)
        var lists: [(String, [CodedEntry])] = []
        for (place, finding) in (site.findings ?? []).enumerated() {
            let path = "findings.\(place + 1)"
            if key(finding.label).isEmpty { throw TerminologyError(.badCode, "\(path).label is empty") }
            try known(finding.site, siteNames, path + ".site")
            lists.append((path, finding.codes ?? []))
        }
        for (place, entry) in (site.sites ?? []).enumerated() {
            let path = "sites.\(place + 1)"
            try known(entry.zone, ["upper", "middle", "lower"], path + ".zone")
            try known(entry.side, ["left", "right", "both"], path + ".side")
            lists.append((path, entry.codes))
        }
        for (place, entry) in (site.lateralities ?? []).enumerated() {
            try known(entry.name, ["left", "right", "both"], "lateralities.\(place + 1).name")
            lists.append(("lateralities.\(place + 1)", entry.codes))
        }
        for (place, entry) in (site.concepts ?? []).enumerated() {
            try known(entry.name, ConceptName.allCases.map(\.rawValue), "concepts.\(place + 1).name")
            lists.append(("concepts.\(place + 1)", entry.codes))
        }
        for (path, codes) in lists {
            for (place, entry) in codes.enumerated() {
                let here = "\(path).codes.\(place + 1)"
                try known(entry.code.scheme, schemes, here + ".scheme")
                if let fault = entry.code.fault { throw TerminologyError(.badCode, "\(here): \(fault)") }
            }
        }
    }

    private static func reason(_ error: DecodingError) -> String {
        func path(_ context: DecodingError.Context) -> String {
            let parts = context.codingPath.map { $0.intValue.map { "\($0 + 1)" } ?? $0.stringValue }
            return parts.isEmpty ? "the file" : parts.joined(separator: ".")
        }
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context): return "\(path(context)) is of the wrong kind"
        case .keyNotFound(let key, let context): return "\(path(context)) lacks \(key.stringValue)"
        case .dataCorrupted(let context):
            switch context.codingPath.last?.stringValue {
            case "certainty": return "\(path(context)) is one of \(CodedEntry.Certainty.allCases.map(\.rawValue).joined(separator: ", "))"
            case "match": return "\(path(context)) is one of \(CodedEntry.Match.allCases.map(\.rawValue).joined(separator: ", "))"
            default: return "\(path(context)) cannot be read"
            }
        @unknown default: return "a value is of the wrong kind"
        }
    }

    /// A word of the file, in one line.
    static func shown(_ text: String) -> String {
        let short = text.prefix(80)
        return short.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } ? String(short) : short.debugDescription
    }
}

extension TerminologyTable {
    /// Takes what another file says in the place of what this one does.
    mutating func lay(_ other: TerminologyTable) {
        schemes = Self.laid(schemes, other.schemes) {
            $0.designator
        } replace: {
            $1
        }
        sites = Self.laid(sites, other.sites) {
            $0.name
        } replace: { old, new in
            Site(name: new.name, zone: new.zone ?? old.zone, side: new.side ?? old.side, codes: new.codes)
        }
        lateralities = Self.laid(lateralities, other.lateralities) {
            $0.name
        } replace: {
            $1
        }
        concepts = Self.laid(concepts, other.concepts) {
            $0.name
        } replace: {
            $1
        }
        // A finding is known by its synonyms, too.
        var all = findings ?? []
        for new in other.findings ?? [] {
            let place = all.firstIndex { old in
                ([old.label] + (old.synonyms ?? [])).contains { Terminology.key($0) == Terminology.key(new.label) }
            }
            guard let place else {
                all.append(new)
                continue
            }
            let old = all[place]
            let added = ([new.label] + (new.synonyms ?? [])).filter { word in
                !([old.label] + (old.synonyms ?? [])).contains { Terminology.key($0) == Terminology.key(word) }
            }
            all[place] = Finding(
                label: old.label, synonyms: (old.synonyms ?? []) + added, codes: new.codes ?? old.codes, site: new.site ?? old.site)
        }
        findings = all
    }

    private static func laid<Entry>(
        _ old: [Entry]?, _ new: [Entry]?, key: (Entry) -> String, replace: (Entry, Entry) -> Entry
    ) -> [Entry] {
        var all = old ?? []
        for entry in new ?? [] {
            if let place = all.firstIndex(where: { key($0) == key(entry) }) {
                all[place] = replace(all[place], entry)
            } else {
                all.append(entry)
            }
        }
        return all
    }
}
