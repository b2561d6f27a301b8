import Foundation

/// A field of a request's or an answer's head.
public struct HTTPPeerHeader: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
}

public struct HTTPPeerRequest: Hashable, Sendable {
    public enum Method: String, Hashable, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
    }

    public var method: Method
    /// `http://` or `https://`.
    public var url: String
    public var headers: [HTTPPeerHeader]
    public var body: HTTPPeerBody
    /// Instead of the client's limits: from the beginning to the answer's last byte, and the longest answer.
    public var total: Duration?
    public var answerBytes: Int?

    public init(
        _ method: Method, _ url: String, headers: [HTTPPeerHeader] = [], body: HTTPPeerBody = .none, total: Duration? = nil,
        answerBytes: Int? = nil
    ) {
        (self.method, self.url, self.headers, self.body) = (method, url, headers, body)
        (self.total, self.answerBytes) = (total, answerBytes)
    }
}

/// What is sent. Files are read while they are sent, so that none lies in memory as a whole.
public enum HTTPPeerBody: Hashable, Sendable {
    case none
    case data(Data)
    case file(URL)
    /// One after another, as the parts of a multipart body and what stands between them.
    case pieces([Piece])

    public enum Piece: Hashable, Sendable {
        case data(Data)
        case file(URL)
    }
}

public struct HTTPPeerAnswer: Hashable, Sendable {
    public var status: Int
    public var headers: [HTTPPeerHeader]
    public var body: Data

    public init(status: Int, headers: [HTTPPeerHeader] = [], body: Data = Data()) {
        (self.status, self.headers, self.body) = (status, headers, body)
    }

    /// The first field of this name, in whatever case.
    public func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }
}
