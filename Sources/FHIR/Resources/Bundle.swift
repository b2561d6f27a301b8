extension R4 {
    /// Resources in one piece (FHIR R4, 2.36).
    public struct Bundle: FHIRResource {
        public static let resourceType = "Bundle"

        /// The value set `bundle-type`.
        public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
            case document, message, transaction
            case transactionResponse = "transaction-response"
            case batch
            case batchResponse = "batch-response"
            case history, searchset, collection
        }

        /// The value set `http-verb`.
        public enum Method: String, Hashable, Sendable, Codable, CaseIterable {
            case get = "GET"
            case head = "HEAD"
            case post = "POST"
            case put = "PUT"
            case delete = "DELETE"
            case patch = "PATCH"
        }

        public struct Link: Hashable, Sendable, Codable {
            public var relation: String
            public var url: String
            public init(_ relation: String, _ url: String) { (self.relation, self.url) = (relation, url) }
        }

        public struct Entry: Hashable, Sendable, Codable {
            public struct Search: Hashable, Sendable, Codable {
                /// The value set `search-entry-mode`.
                public enum Mode: String, Hashable, Sendable, Codable, CaseIterable { case match, include, outcome }
                public var mode: Mode?
                public init(mode: Mode?) { self.mode = mode }
            }

            public struct Request: Hashable, Sendable, Codable {
                public var method: Method
                public var url: String
                public var ifNoneMatch: String?
                public var ifMatch: String?
                /// A query: nothing is made where it finds something.
                public var ifNoneExist: String?
                public init(_ method: Method, _ url: String, ifNoneExist: String? = nil) {
                    (self.method, self.url, self.ifNoneExist) = (method, url, ifNoneExist)
                }
            }

            public struct Response: Hashable, Sendable, Codable {
                /// An HTTP status, with or without its words.
                public var status: String
                public var location: String?
                public var etag: String?
                public var lastModified: Instant?
                public var outcome: AnyResource?
                public init(status: String, location: String? = nil, outcome: AnyResource? = nil) {
                    (self.status, self.location, self.outcome) = (status, location, outcome)
                }
            }

            public var link: [Link]?
            public var fullUrl: String?
            public var resource: AnyResource?
            public var search: Search?
            public var request: Request?
            public var response: Response?

            public init(
                fullUrl: String? = nil, resource: AnyResource? = nil, search: Search? = nil, request: Request? = nil,
                response: Response? = nil
            ) {
                (self.fullUrl, self.resource, self.search, self.request, self.response) = (fullUrl, resource, search, request, response)
            }
        }

        public private(set) var resourceType = ResourceTag<Bundle>()
        public var id: String?
        public var meta: Meta?
        public var implicitRules: String?
        public var identifier: Identifier?
        public var type: Kind
        public var timestamp: Instant?
        public var total: Int?
        public var link: [Link]?
        public var entry: [Entry]?

        public init(type: Kind, entry: [Entry]? = nil) { (self.type, self.entry) = (type, entry) }

        public var resources: [AnyResource] { (entry ?? []).compactMap(\.resource) }
    }
}
