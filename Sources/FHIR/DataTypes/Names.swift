import Foundation

extension R4 {
    public struct Identifier: Hashable, Sendable, Codable {
        public enum Use: String, Hashable, Sendable, Codable, CaseIterable { case usual, official, temp, secondary, old }

        /// Who gave it: a reference without an identifier of its own.
        public struct Assigner: Hashable, Sendable, Codable {
            public var reference: String?
            public var display: String?
            public init(reference: String? = nil, display: String?) { (self.reference, self.display) = (reference, display) }
        }

        public var use: Use?
        public var type: CodeableConcept?
        public var system: String?
        public var value: String?
        public var period: Period?
        public var assigner: Assigner?

        public init(use: Use? = nil, type: CodeableConcept? = nil, system: String?, value: String?, assigner: Assigner? = nil) {
            (self.use, self.type, self.system, self.value, self.assigner) = (use, type, system, value, assigner)
        }
    }

    public struct Reference: Hashable, Sendable, Codable {
        public var reference: String?
        public var type: String?
        public var identifier: Identifier?
        public var display: String?

        public init(reference: String? = nil, type: String? = nil, identifier: Identifier? = nil, display: String? = nil) {
            (self.reference, self.type, self.identifier, self.display) = (reference, type, identifier, display)
        }
    }

    public struct HumanName: Hashable, Sendable, Codable {
        public enum Use: String, Hashable, Sendable, Codable, CaseIterable { case usual, official, temp, nickname, anonymous, old, maiden }

        public var use: Use?
        public var text: String?
        public var family: String?
        public var given: [String]?
        public var prefix: [String]?
        public var suffix: [String]?

        public init(text: String? = nil, family: String? = nil, given: [String]? = nil, prefix: [String]? = nil, suffix: [String]? = nil) {
            (self.text, self.family, self.given, self.prefix, self.suffix) = (text, family, given, prefix, suffix)
        }
    }

    public struct Annotation: Hashable, Sendable, Codable {
        /// `author[x]`.
        public enum Author: Hashable, Sendable {
            case reference(Reference)
            case text(String)
        }

        public var author: Author?
        public var time: DateTime?
        public var text: String

        public init(author: Author? = nil, time: DateTime? = nil, text: String) {
            (self.author, self.time, self.text) = (author, time, text)
        }

        public init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: ElementName.self)
            switch try values.choice("author", of: ["Reference", "String"]) {
            case let name? where name == "authorReference": author = .reference(try values.value(name))
            case let name?: author = .text(try values.value(name))
            case nil: author = nil
            }
            time = try values.optional("time")
            text = try values.value("text")
        }

        public func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: ElementName.self)
            switch author {
            case .reference(let reference): try values.put("authorReference", reference)
            case .text(let text): try values.put("authorString", text)
            case nil: break
            }
            try values.put("time", time)
            try values.put("text", text)
        }
    }

    public struct Attachment: Hashable, Sendable, Codable {
        public var contentType: String?
        public var language: String?
        public var data: Data?
        public var url: String?
        public var size: Int?
        public var title: String?
        public var creation: DateTime?

        public init(contentType: String?, language: String? = nil, data: Data? = nil, url: String? = nil, title: String? = nil) {
            (self.contentType, self.language, self.data, self.url, self.title) = (contentType, language, data, url, title)
            size = data?.count
        }
    }

    public struct Meta: Hashable, Sendable, Codable {
        public var versionId: String?
        public var lastUpdated: Instant?
        public var source: String?
        public var profile: [String]?
        public var security: [Coding]?
        public var tag: [Coding]?

        public init(versionId: String? = nil, lastUpdated: Instant? = nil, tag: [Coding]? = nil) {
            (self.versionId, self.lastUpdated, self.tag) = (versionId, lastUpdated, tag)
        }
    }

    public struct Narrative: Hashable, Sendable, Codable {
        public enum Status: String, Hashable, Sendable, Codable, CaseIterable { case generated, extensions, additional, empty }
        public var status: Status
        /// XHTML in one `div`.
        public var div: String

        public init(status: Status, div: String) { (self.status, self.div) = (status, div) }
    }
}
