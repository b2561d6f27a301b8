import Foundation
import PleuraTesting

/// The files Tests/Oracles/dicom_web.py made and what is expected of them.
struct WebCorpus: Decodable, Sendable {
    let name: String
    let transferSyntax: String
    /// SHA-256 of each stored frame, in hexadecimal.
    let frames: [String]

    static let oracle = Oracle("dicom_web")

    /// Empty where the oracles were not laid, which a test of its own reports.
    static let all: [WebCorpus] = (try? oracle.read([WebCorpus].self)) ?? []

    var file: Data { get throws { try Self.oracle.bytes("\(name).dcm") } }
    var json: Data { get throws { try Self.oracle.bytes("\(name).json") } }
}
