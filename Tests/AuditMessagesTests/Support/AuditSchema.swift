import Foundation

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// An element as a parser of others reads it.
final class XMLTree: NSObject, XMLParserDelegate {
    final class Element {
        let name: String
        let attributes: [String: String]
        var children: [Element] = []
        var text = ""
        init(_ name: String, _ attributes: [String: String]) { (self.name, self.attributes) = (name, attributes) }

        func all(_ name: String) -> [Element] { children.filter { $0.name == name } }
        func first(_ name: String) -> Element? { all(name).first }
    }

    private var stack = [Element("", [:])]

    /// The root, or `nil` where it is not well-formed XML.
    static func root(_ xml: Data) -> Element? {
        let (parser, tree) = (XMLParser(data: xml), XMLTree())
        parser.delegate = tree
        // On Linux the parser takes a document that ends too early for whole.
        return parser.parse() && tree.stack.count == 1 ? tree.stack[0].children.first : nil
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?, attributes: [String: String]
    ) {
        let element = Element(name, attributes)
        stack[stack.count - 1].children.append(element)
        stack.append(element)
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) { stack.removeLast() }

    func parser(_ parser: XMLParser, foundCharacters text: String) { stack[stack.count - 1].text += text }
}

/// The rules of the schema of audit messages (DICOM PS3.15 A.5.1), written as a table: which attributes and children an element has, in which
/// order and how often, and what their values may be.
enum AuditSchema {
    private enum Value {
        case token, text, boolean, integer, time, base64
        case oneOf(ClosedRange<Int>)
        case among([String])

        func allows(_ value: String) -> Bool {
            switch self {
            case .text: true
            case .token: value == value.trimmingCharacters(in: .whitespacesAndNewlines) && !value.contains("\n")
            case .boolean: ["true", "false", "0", "1"].contains(value)
            case .integer: Int(value) != nil
            case .time: value.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/) != nil
            case .base64: Data(base64Encoded: value) != nil
            case .oneOf(let range): Int(value).map(range.contains) ?? false
            case .among(let values): values.contains(value)
            }
        }
    }

    private struct Rule {
        var attributes: [String: Value] = [:]
        var optional: [String: Value] = [:]
        /// Names with how often; a name of two with `|` is a choice.
        var children: [(String, ClosedRange<Int>)] = []
        var text: Value?
    }

    private static let many = 0...Int.max
    private static let code = Rule(
        attributes: ["csd-code": .token, "codeSystemName": .token, "originalText": .token], optional: ["displayName": .token])

    private static let rules: [String: Rule] = [
        "AuditMessage": Rule(children: [
            ("EventIdentification", 1...1), ("ActiveParticipant", 1...Int.max), ("AuditSourceIdentification", 1...1),
            ("ParticipantObjectIdentification", many),
        ]),
        "EventIdentification": Rule(
            attributes: ["EventDateTime": .time, "EventOutcomeIndicator": .among(["0", "4", "8", "12"])],
            optional: ["EventActionCode": .among(["C", "R", "U", "D", "E"])],
            children: [("EventID", 1...1), ("EventTypeCode", many), ("EventOutcomeDescription", 0...1)]),
        "EventID": code, "EventTypeCode": code, "RoleIDCode": code, "MediaType": code, "ParticipantObjectIDTypeCode": code,
        "EventOutcomeDescription": Rule(text: .text),
        "ActiveParticipant": Rule(
            attributes: ["UserID": .text, "UserIsRequestor": .boolean],
            optional: [
                "AlternativeUserID": .text, "UserName": .text, "NetworkAccessPointID": .token, "NetworkAccessPointTypeCode": .oneOf(1...5),
            ],
            children: [("RoleIDCode", many), ("MediaIdentifier", 0...1)]),
        "MediaIdentifier": Rule(children: [("MediaType", 1...1)]),
        "AuditSourceIdentification": Rule(
            attributes: ["AuditSourceID": .token], optional: ["AuditEnterpriseSiteID": .token], children: [("AuditSourceTypeCode", many)]),
        "AuditSourceTypeCode": Rule(attributes: ["csd-code": .oneOf(1...9)]),
        "ParticipantObjectIdentification": Rule(
            attributes: ["ParticipantObjectID": .token],
            optional: [
                "ParticipantObjectTypeCode": .oneOf(1...4), "ParticipantObjectTypeCodeRole": .oneOf(1...26),
                "ParticipantObjectDataLifeCycle": .oneOf(1...15), "ParticipantObjectSensitivity": .token,
            ],
            children: [
                ("ParticipantObjectIDTypeCode", 1...1), ("ParticipantObjectName|ParticipantObjectQuery", 1...1),
                ("ParticipantObjectDetail", many), ("ParticipantObjectDescription", many),
            ]),
        "ParticipantObjectName": Rule(text: .token),
        "ParticipantObjectQuery": Rule(text: .base64),
        "ParticipantObjectDetail": Rule(attributes: ["type": .token, "value": .base64]),
        "ParticipantObjectDescription": Rule(children: [
            ("MPPS", many), ("Accession", many), ("SOPClass", many), ("ParticipantObjectContainsStudy", 0...1), ("Encrypted", 0...1),
            ("Anonymized", 0...1),
        ]),
        "Accession": Rule(attributes: ["Number": .token]),
        "SOPClass": Rule(attributes: ["NumberOfInstances": .integer], optional: ["UID": .token], children: [("Instance", many)]),
        "Instance": Rule(attributes: ["UID": .token]),
        "Anonymized": Rule(text: .boolean),
    ]

    /// What is wrong with a message; nothing where it keeps to the schema.
    static func faults(_ xml: Data) -> [String] {
        guard let root = XMLTree.root(xml) else { return ["not well-formed"] }
        guard root.name == "AuditMessage" else { return ["\(root.name) at the root"] }
        return faults(root)
    }

    private static func faults(_ element: XMLTree.Element) -> [String] {
        guard let rule = rules[element.name] else { return ["\(element.name) is unknown"] }
        var faults: [String] = []
        for (name, value) in rule.attributes {
            guard let text = element.attributes[name] else { faults.append("\(element.name) lacks \(name)"); continue }
            if !value.allows(text) { faults.append("\(element.name) \(name)=\(text)") }
        }
        for (name, text) in element.attributes where rule.attributes[name] == nil {
            if rule.optional[name]?.allows(text) != true { faults.append("\(element.name) \(name)=\(text)") }
        }
        if let text = rule.text {
            if !text.allows(element.text) { faults.append("\(element.name) holds \(element.text)") }
        } else if !element.text.isEmpty {
            faults.append("\(element.name) holds text")
        }
        var rest = element.children[...]
        for (names, count) in rule.children {
            let group = rest.prefix { names.split(separator: "|").map(String.init).contains($0.name) }
            rest = rest.dropFirst(group.count)
            if !count.contains(group.count) { faults.append("\(element.name) has \(group.count) \(names)") }
        }
        if let extra = rest.first { faults.append("\(element.name) has \(extra.name) out of place") }
        return faults + element.children.flatMap(self.faults)
    }
}
