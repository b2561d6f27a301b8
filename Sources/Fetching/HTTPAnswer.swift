import Foundation

/// What a download reads of an answer's header (RFC 9110).
struct HTTPAnswer {
    let status: Int
    /// Names in lower case.
    private let fields: [String: String]

    init(status: Int, fields: [String: String]) {
        self.status = status
        self.fields = Dictionary(fields.map { ($0.key.lowercased(), $0.value.trimmingCharacters(in: .whitespaces)) }) { $1 }
    }

    /// Bytes of this answer's body as the server promises them.
    var contentLength: Int? { fields["content-length"].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil } }

    var isWebPage: Bool { fields["content-type"]?.lowercased().hasPrefix("text/html") ?? false }

    /// A content coding that changes the bytes; nil where there is none.
    var coding: String? { fields["content-encoding"].flatMap { ["", "identity"].contains($0.lowercased()) ? nil : $0 } }

    /// Only a strong one.
    var entityTag: String? { fields["etag"].flatMap { $0.hasPrefix("\"") ? $0 : nil } }

    var lastModified: String? { fields["last-modified"] }

    /// Seconds to wait, where the server says so; dates are not read.
    var retryAfter: Double? { fields["retry-after"].flatMap { Double($0) }.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil } }

    /// `Content-Range`: the first and last byte of the part, from 0, and the bytes of the whole; nil where a part is not said.
    var contentRange: (first: Int?, last: Int?, total: Int?)? {
        guard let text = fields["content-range"], text.lowercased().hasPrefix("bytes") else { return nil }
        let parts = text.dropFirst(5).trimmingCharacters(in: .whitespaces).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let total = Int(parts[1])
        guard parts[1] == "*" || total != nil else { return nil }
        if parts[0] == "*" { return (nil, nil, total) }
        let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Int(ends[0]), let last = Int(ends[1]), first >= 0, first <= last else { return nil }
        return (first, last, total)
    }
}
