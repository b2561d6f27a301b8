import Basics
import Foundation

extension HL7Site {
    /// Reads a site's file; what it does not say is as usual.
    ///
    ///     version: 2.5.1
    ///     character_set: UNICODE UTF-8
    ///     fallback_character_set: 8859/1
    ///     time_zone: Europe/Berlin
    ///     receiving: { application: RIS, facility: NORTH }
    ///     orders:
    ///       accession: [ORC-3, OBR-18]
    ///       stat_words: [S, A, NOTFALL]
    ///     patients: { authority: NORTH, types: [MR, PI] }
    ///     results:
    ///       report: repetitions
    ///       set: { OBR-20.1: "{link}", OBX(1)-15: "PLEURA" }
    ///       remove: [PV1, OBR-5]
    ///
    /// - Parameter yaml: The file's text.
    /// - Throws: `HL7Error` of code `badSite`, which names the key.
    public init(yaml: String) throws {
        self.init()
        let table = try SiteTable(
            yaml: yaml,
            keys: [
                "version", "character_set", "fallback_character_set", "bad_characters", "most_message_kb", "sending", "receiving",
                "processing_id", "time_zone",
                "accept_acknowledgement", "application_acknowledgement", "orders", "patients", "results",
            ])
        if let value = try table.choice("version", Version.self) { version = value }
        if let value = try table.characterSet("character_set") {
            guard !value.isWide else {
                throw HL7Error(.badSite, "character_set: UTF-16 and UTF-32 do not fit into the frames of MLLP; take UNICODE UTF-8")
            }
            characterSet = value
        }
        if let value = try table.characterSet("fallback_character_set") { reading.fallback = value }
        if let value = try table.choice("bad_characters", HL7Reading.BadCharacters.self) { reading.badCharacters = value }
        if let value = try table.text("most_message_kb") {
            guard let number = Int(value), (1...1_048_576).contains(number) else {
                throw HL7Error(.badSite, "most_message_kb is a whole number from 1 to 1048576")
            }
            reading.limits.mostBytes = number << 10
        }
        if let sending = try table.table("sending", keys: ["application", "facility"]) {
            if let value = try sending.text("application") { sendingApplication = value }
            sendingFacility = try sending.text("facility")
        }
        if let receiving = try table.table("receiving", keys: ["application", "facility"]) {
            receivingApplication = try receiving.text("application")
            receivingFacility = try receiving.text("facility")
        }
        if let value = try table.text("processing_id") { processingID = value }
        acceptAcknowledgement = try table.choice("accept_acknowledgement", AcknowledgementCondition.self)
        applicationAcknowledgement = try table.choice("application_acknowledgement", AcknowledgementCondition.self)
        if let value = try table.text("time_zone") {
            guard let zone = TimeZone(identifier: value) else {
                let near =
                    value.nearest(among: TimeZone.knownTimeZoneIdentifiers).map { "; did you mean \($0)?" } ?? ", such as Europe/Berlin"
                throw HL7Error(.badSite, "time_zone is no time zone\(near)")
            }
            timeZone = zone
        }
        try readOrders(table)
        try readPatients(table)
        try readResults(table)
    }

    private mutating func readOrders(_ table: SiteTable) throws {
        let keys = [
            "accession", "study_uid", "placer", "filler", "urgency", "indication", "procedure", "visit", "scheduled", "stat_words",
            "routine_words",
        ]
        guard let table = try table.table("orders", keys: keys) else { return }
        if let value = try table.paths("accession") { orders.accession = value }
        if let value = try table.paths("study_uid") { orders.studyUID = value }
        if let value = try table.paths("placer") { orders.placer = value }
        if let value = try table.paths("filler") { orders.filler = value }
        if let value = try table.paths("urgency") { orders.urgency = value }
        if let value = try table.paths("indication") { orders.indication = value }
        if let value = try table.path("procedure") { orders.procedure = value }
        if let value = try table.paths("visit") { orders.visit = value }
        if let value = try table.paths("scheduled") { orders.scheduled = value }
        if let value = try table.texts("stat_words") { orders.statWords = Set(value.map { $0.uppercased() }) }
        if let value = try table.texts("routine_words") { orders.routineWords = Set(value.map { $0.uppercased() }) }
        // What a site names in one list is not in the other.
        if try table.texts("stat_words") != nil {
            orders.routineWords.subtract(orders.statWords)
        } else {
            orders.statWords.subtract(orders.routineWords)
        }
    }

    private mutating func readPatients(_ table: SiteTable) throws {
        guard let table = try table.table("patients", keys: ["authority", "types", "default_issuer", "without_id"]) else { return }
        patients.authority = try table.text("authority")
        if let value = try table.texts("types") { patients.types = value }
        patients.defaultIssuer = try table.text("default_issuer")
        patients.withoutID = try table.text("without_id")
    }

    private mutating func readResults(_ table: SiteTable) throws {
        guard let table = try table.table("results", keys: ["report", "findings", "link", "set", "remove"]) else { return }
        if let value = try table.choice("report", Results.Report.self) { results.report = value }
        if let value = try table.flag("findings") { results.findings = value }
        if let value = try table.flag("link") { results.link = value }
        if let set = try table.table("set", keys: nil) {
            results.set = try set.keys.map { key in
                let template = try set.text(key) ?? ""
                try ResultTemplate.check(template, of: "results.set.\(key)")
                return (try SiteTable.path(key, of: "results.set"), template)
            }
        }
        if let value = try table.texts("remove") {
            // A segment, or a field of one.
            for place in value { _ = try SiteTable.path(place.utf8.count == 3 ? place + "-1" : place, of: "results.remove") }
            if let fixed = value.first(where: { Self.isFixed($0) }) {
                throw HL7Error(.badSite, "results.remove: \(fixed) has to be there in every result")
            }
            results.remove = value
        }
    }

    /// What no result is a result without.
    private static func isFixed(_ place: String) -> Bool {
        ["MSH", "PID", "OBR"].contains(place)
            || place.hasPrefix("MSH-") && Int(place.dropFirst(4)).map { $0 <= 2 || (9...12).contains($0) } ?? false
    }
}
