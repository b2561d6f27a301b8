import Foundation

/// A search (QIDO-RS, PS3.18 10.6.1.2), out of a path and its query.
public struct QIDOQuery: Hashable, Sendable {
    public var level: QIDOLevel
    /// From the path.
    public var study: String?
    public var series: String?
    /// What has to match, all of it.
    public var keys: [DICOMAttribute: QIDOKey]
    /// Attributes that are wanted besides those of the level.
    public var includeFields: Set<DICOMAttribute>
    public var includesAll: Bool
    /// Names match by the beginnings of their words, marks over letters not counting.
    public var isFuzzy: Bool
    public var limit: Int?
    public var offset: Int
    /// Sentences for Warning headers: what was asked and is not done.
    public var warnings: [String]

    /// - Parameter items: Names and values of the query, decoded; `QIDOQuery.items` gives them.
    /// - Throws: `DICOMWebError` of code `badRequest`, with a reason for a person.
    public init(
        _ level: QIDOLevel, study: String? = nil, series: String? = nil, items: [(name: String, value: String)] = []
    ) throws {
        self.level = level
        self.study = try study.map { try DICOMWebAddress.uid($0) }
        self.series = try series.map { try DICOMWebAddress.uid($0) }
        (keys, includeFields, includesAll, isFuzzy, limit, offset, warnings) = ([:], [], false, false, nil, 0, [])
        guard items.count <= 256, items.allSatisfy({ $0.value.utf8.count <= 65_536 }) else {
            throw DICOMWebError(.badRequest, "a query of more than 256 parameters, or of one longer than 64 kB")
        }
        for item in items {
            switch item.name.lowercased() {
            case "includefield": include(item.value)
            case "fuzzymatching": isFuzzy = try Self.truth(item.value)
            case "limit": limit = try Self.count(item.value, of: "limit")
            case "offset": offset = try Self.count(item.value, of: "offset")
            default: try match(item.name, item.value)
            }
        }
        if let study = self.study { keys[.studyInstanceUID] = try QIDOKey(study, representation: "UI") }
        if let series = self.series { keys[.seriesInstanceUID] = try QIDOKey(series, representation: "UI") }
    }

    private mutating func include(_ value: String) {
        for part in value.split(separator: ",") {
            let name = part.trimmingCharacters(in: .whitespaces)
            if name.lowercased() == "all" {
                includesAll = true
            } else if let attribute = DICOMAttribute(name) {
                includeFields.insert(attribute)
            } else if !name.isEmpty {
                warnings.append("An attribute of includefield is not known here, or lies in a sequence; it is not returned.")
            }
        }
    }

    private mutating func match(_ name: String, _ value: String) throws {
        guard !name.contains(".") else {
            throw DICOMWebError(.badRequest, "matching inside of sequences is not supported; search for attributes of the dataset itself")
        }
        guard let attribute = DICOMAttribute(name) else {
            throw DICOMWebError(.badRequest, "a parameter is neither a known keyword, nor a tag of eight hexadecimal digits")
        }
        guard attribute.representation != "SQ" else {
            throw DICOMWebError(.badRequest, "\(name) is a sequence; search for attributes of the dataset itself")
        }
        let representation = attribute.representation ?? "LO"
        let joined = keys[attribute].flatMap { known in representation == "UI" ? known.text + "," + value : nil }
        guard keys[attribute] == nil || joined != nil else { throw DICOMWebError(.badRequest, "\(attribute) is asked for twice") }
        keys[attribute] = try QIDOKey(joined ?? value, representation: representation)
    }

    private static func truth(_ text: String) throws -> Bool {
        switch text.lowercased() {
        case "true": true
        case "false", "": false
        default: throw DICOMWebError(.badRequest, "fuzzymatching is true or false")
        }
    }

    private static func count(_ text: String, of name: String) throws -> Int {
        guard let number = Int(text), number >= 0 else { throw DICOMWebError(.badRequest, "\(name) is a whole number from 0") }
        return number
    }

    /// Names and values of a URL's query, decoded; a plus sign is a blank.
    public static func items(_ query: some StringProtocol) -> [(name: String, value: String)] {
        query.split(separator: "&").map { part in
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { side in
                let text = side.replacingOccurrences(of: "+", with: " ")
                return text.removingPercentEncoding ?? text
            }
            return (sides[0], sides.count > 1 ? sides[1] : "")
        }
    }
}

/// Answers.
extension QIDOQuery {
    /// Whether a row matches: one of the values of each attribute that is asked for. A row without the attribute does not.
    public func matches(_ row: DICOMJSON) -> Bool {
        keys.allSatisfy { attribute, key in key.matches(row.texts(attribute), isFuzzy: isFuzzy) }
    }

    /// What of a row is answered. Attributes that are asked for come with it, without a value where the row has none.
    public func answer(_ row: DICOMJSON) -> DICOMJSON {
        if includesAll { return row }
        let wanted = level.attributes(study: study, series: series).union(includeFields).union(keys.keys)
        var answer = DICOMJSON(row.elements.filter { wanted.contains($0.key) })
        for attribute in level.ownAttributes where answer[attribute] == nil {
            // Type 2 of the tables; others are only there where they are known.
            if [0x0008_0020, 0x0008_0030, 0x0008_0050, 0x0008_0090, 0x0010_0010, 0x0010_0020, 0x0010_0030, 0x0010_0040, 0x0020_0010]
                .contains(attribute.tag)
            {
                answer[attribute] = DICOMJSON.Element(attribute.representation ?? "LO")
            }
        }
        return answer
    }

    /// The page of all rows that match, and how many follow it.
    /// - Parameter most: What the server gives at most, whatever the limit says.
    public func page(_ rows: some Sequence<DICOMJSON>, most: Int = 1_000) -> (rows: [DICOMJSON], remaining: Int) {
        let found = rows.filter(matches)
        let page = found.dropFirst(offset).prefix(min(limit ?? most, most))
        return (page.map(answer), max(0, found.count - offset - page.count))
    }

    /// The value of a Warning header (PS3.18 10.6.3), `nil` where there is nothing to warn of.
    /// - Parameter remaining: Results behind the page.
    public func warning(service: String, remaining: Int = 0) -> String? {
        var texts = Array(Set(warnings)).sorted()
        if remaining > 0 { texts.append("There are \(remaining) additional results that can be requested") }
        return texts.isEmpty ? nil : texts.map { "299 \(service) \"\($0)\"" }.joined(separator: ", ")
    }
}
