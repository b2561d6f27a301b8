import Basics
import Findings
import Foundation
import Radiographs
import SettingsFiles
import Terminology

/// Domains as files: YAML with the keys of a model card's `domain`. A key that is not known is refused with the nearest that is, and every
/// number has a range that the refusal tells.
public enum DomainFile {
    private static let mostBytes = 1 << 20
    private static let keys = [
        "name", "description", "subject", "readers", "intended_use", "channels", "values", "mirror", "gate", "header", "burnt_in_text",
        "anatomy",
        "units", "codes", "notice",
    ]

    /// A built-in domain, or a file.
    /// - Throws: `DomainError` with the file, the key and the reason.
    public static func read(_ nameOrPath: String) throws(DomainError) -> Domain {
        if let domain = Domain.builtIn(nameOrPath) { return domain }
        let url = URL(fileURLWithPath: nameOrPath)
        let names = Domain.builtIns.map(\.name)
        let kind = try? FileManager.default.attributesOfItem(atPath: url.resolvingSymlinksInPath().path)
        guard let kind else {
            let near = nameOrPath.nearest(among: names).map { "; did you mean \($0)?" } ?? ""
            throw DomainError(.missing, "\(nameOrPath) is neither a file nor a domain (\(names.joined(separator: ", ")))\(near)")
        }
        let name = url.lastPathComponent
        guard kind[.type] as? FileAttributeType == .typeRegular else { throw DomainError(.bad, "\(name) is no file") }
        guard let bytes = try? Data(contentsOf: url), bytes.count <= mostBytes, let text = String(data: bytes, encoding: .utf8) else {
            throw DomainError(.bad, "\(name) is no text in UTF-8 of at most 1 MiB")
        }
        return try domain(yaml: text, file: name, folder: url.deletingLastPathComponent())
    }

    /// - Parameters:
    ///   - file: What errors call it.
    ///   - folder: Where a terminology file that it names is looked for.
    /// - Throws: `DomainError`.
    public static func domain(yaml: String, file: String, folder: URL) throws(DomainError) -> Domain {
        do {
            return try domain(SettingsTable(yaml: yaml, folder: folder))
        } catch let error as SettingsError {
            throw DomainError(.bad, "\(file): \(error.reason)")
        } catch let error as TerminologyError {
            throw DomainError(.bad, "\(file): codes: \(error.reason)")
        } catch {
            throw DomainError((error as? DomainError)?.code ?? .bad, "\(file): \((error as? DomainError)?.reason ?? "cannot be read")")
        }
    }

    private static func domain(_ table: SettingsTable) throws -> Domain {
        try table.check(known: keys)
        let name = try table.neededText("name")
        guard name.wholeMatch(of: #/[a-z0-9]+(-[a-z0-9]+)*/#) != nil, name.count <= 60 else {
            throw table.fault("name", "lower case letters and digits, words joined by hyphens, at most 60")
        }
        let subject = try line(table, "subject", needed: true)
        guard let channels = try table.whole("channels", 1...3), channels != 2 else { throw table.fault("channels", "1 or 3") }
        let values = try values(table)
        guard channels == 1 || values == .display else {
            throw SettingsError("values: space is display where channels is 3: colours are taken as they are shown")
        }
        let burntIn = try table.word("burnt_in_text", Domain.BurntInText.allCases.map(\.rawValue))
        let text = burntIn.flatMap(Domain.BurntInText.init) ?? .keep
        guard channels == 1 || text == .keep else { throw SettingsError("burnt_in_text is keep where channels is 3") }
        let use = try line(table, "intended_use", needed: false)
        return Domain(
            name: name, description: try line(table, "description", needed: true), subject: subject,
            readers: try table.text("readers") ?? "readers",
            intendedUse: use.isEmpty
                ? "Points a trained reader at places on \(subject) that may hold a finding, in research. Not for diagnosis, triage or any "
                    + "decision on a patient." : use,
            channels: channels, values: values, mirror: try mirror(table), gate: try gate(table), header: try header(table),
            burntInText: text, anatomy: try table.texts("anatomy") ?? [],
            units: try (table.words("units", Domain.Unit.allCases.map(\.rawValue)) ?? []).compactMap(Domain.Unit.init),
            codes: try codes(table), notice: notice(try line(table, "notice", needed: false)))
    }

    /// Every result says so, whatever a file says beside it.
    static func notice(_ own: String) -> String {
        if own.lowercased().contains("research use only") { return own }
        return own.isEmpty ? Notice.researchUseOnly : "\(Notice.researchUseOnly); \(own)"
    }

    /// One line of print, line breaks of the file folded.
    private static func line(_ table: SettingsTable, _ key: String, needed: Bool) throws -> String {
        let text = try needed ? table.neededText(key) : table.text(key) ?? ""
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard line.count <= 2_000, !line.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }),
            !needed || !line.isEmpty
        else { throw table.fault(key, "a text of at most 2000 printable characters") }
        return line
    }

    private static func values(_ table: SettingsTable) throws -> ValueSpace {
        guard let part = try table.table("values"), let space = try part.word("space", ValueSpace.names) else {
            throw SettingsError("values: space is missing; it is one of \(ValueSpace.names.joined(separator: ", "))")
        }
        func needed(_ key: String, _ range: ClosedRange<Double>) throws -> Double {
            guard let number = try part.number(key, range) else { throw SettingsError("values: \(key) is missing") }
            return number
        }
        switch space {
        case "percentile":
            try part.check(known: ["space", "low", "high"])
            let (low, high) = (try part.number("low", 0...100) ?? 0.5, try part.number("high", 0...100) ?? 99.5)
            guard low < high else { throw SettingsError("values: low is not below high") }
            return .percentile(low: low, high: high)
        case "hounsfield":
            try part.check(known: ["space", "centre", "width"])
            return .hounsfield(ValueWindow(centre: try needed("centre", -2_000...5_000), width: try needed("width", 1...10_000)))
        case "z-score":
            try part.check(known: ["space", "deviations"])
            return .zScore(deviations: try part.number("deviations", 0.5...20) ?? 3)
        default:
            try part.check(known: ["space"])
            return .display
        }
    }

    private static func mirror(_ table: SettingsTable) throws -> MirrorRule {
        guard let part = try table.table("mirror"), let sides = try part.word("sides", MirrorRule.Sides.allCases.map(\.rawValue)) else {
            throw SettingsError(
                "mirror: sides is missing; it is one of \(MirrorRule.Sides.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        try part.check(known: ["sides", "pairs", "vertical"])
        let pairs = try part.textsByKey("pairs") ?? [:]
        guard sides == "swapped" || pairs.isEmpty else { throw SettingsError("mirror: pairs go with sides: swapped") }
        return MirrorRule(
            sides: MirrorRule.Sides(rawValue: sides) ?? .fixed, pairs: pairs, isVerticalAllowed: try part.flag("vertical") ?? false)
    }

    private static func gate(_ table: SettingsTable) throws -> GateRule {
        let kinds = GateRule.Kind.allCases.map(\.rawValue)
        guard let part = try table.table("gate"), let kind = try part.word("kind", kinds).flatMap(GateRule.Kind.init) else {
            throw SettingsError("gate: kind is missing; it is one of \(kinds.joined(separator: ", "))")
        }
        let own: [GateRule.Kind: [String]] = [
            .meanImage: ["warning_share", "refuse_below"], .appearance: ["margin"], .none: ["instead"],
        ]
        try part.check(known: ["kind", "shortest_side", "longest_shape"] + (own[kind] ?? []))
        let instead = kind == .none ? try part.text("instead") : nil
        guard kind != .none || instead != nil else {
            throw SettingsError("gate: instead is missing: without a gate, say what tells images of another kind")
        }
        var rule = GateRule(kind: kind, instead: instead)
        rule.warningShare = try part.number("warning_share", 0...0.5) ?? rule.warningShare
        rule.refusalCorrelation = try part.number("refuse_below", -1...1) ?? rule.refusalCorrelation
        rule.margin = try part.number("margin", 0...10) ?? rule.margin
        rule.shortestSide = try part.whole("shortest_side", 8...4_096) ?? rule.shortestSide
        rule.longestShape = try part.whole("longest_shape", 1...100) ?? rule.longestShape
        return rule
    }

    private static func header(_ table: SettingsTable) throws -> HeaderRule {
        guard let part = try table.table("header") else { return HeaderRule() }
        try part.check(known: ["table", "modalities", "body_parts"])
        let named = try part.word("table", HeaderRule.Table.allCases.map(\.rawValue)).flatMap(HeaderRule.Table.init)
        let modalities = try part.texts("modalities") ?? []
        for code in modalities where code.wholeMatch(of: #/[A-Z]{1,16}/#) == nil {
            throw SettingsError("header: modalities has to be DICOM's codes in capitals, such as CR; \(code.prefix(20)) is none")
        }
        let bodyParts = try part.texts("body_parts") ?? []
        guard named == nil || (modalities.isEmpty && bodyParts.isEmpty) else {
            throw SettingsError("header: table says what fits; modalities and body_parts go without it")
        }
        return HeaderRule(table: named, modalities: modalities, bodyParts: bodyParts)
    }

    /// Codes written out, or a file in the form of a site's terminology.
    private static func codes(_ table: SettingsTable) throws -> [ResultCode] {
        var codes: [ResultCode] = []
        if let path = try? table.path("codes") {
            guard let bytes = try? Data(contentsOf: path) else {
                throw SettingsError("codes: \(path.lastPathComponent) cannot be opened")
            }
            let standard = Set(Terminology.standard.findings)
            for finding in try Terminology(overriding: bytes).findings where !standard.contains(finding) {
                let code = finding.preferred
                codes.append(ResultCode(finding: finding.label, value: code.value, scheme: code.scheme, meaning: code.meaning))
            }
        } else {
            codes = try (table.tables("codes") ?? []).map { part in
                try part.check(known: ["finding", "value", "scheme", "meaning"])
                return ResultCode(
                    finding: try part.neededText("finding"), value: try part.neededText("value"), scheme: try part.neededText("scheme"),
                    meaning: try part.neededText("meaning"))
            }
        }
        for code in codes {
            if let fault = code.fault { throw SettingsError("codes: \(code.finding): \(fault)") }
        }
        return codes
    }
}
