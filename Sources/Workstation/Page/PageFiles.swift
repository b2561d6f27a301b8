import Basics
import CWorkstationPage
import Foundation

/// A file of the page, which lies inside the program.
struct PageFile: Sendable {
    let bytes: [UInt8]
    /// `nil` where it does not get smaller.
    let gzip: [UInt8]?
    let type: String
    let etag: String

    init(name: String, bytes: [UInt8]) {
        self.bytes = bytes
        let packed = bytes.withUnsafeBytes { Gzip.compressed($0, level: 3) }
        gzip = packed.flatMap { $0.count < bytes.count ? $0 : nil }
        type = Self.types[String(name.split(separator: ".").last ?? "")] ?? "application/octet-stream"
        etag = "\"\(Digest(of: Data(bytes)).hexadecimal.prefix(24))\""
    }

    private static let types = [
        "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "json": "application/json", "svg": "image/svg+xml", "png": "image/png",
    ]

    /// By name. Compressed and hashed once, when first asked for.
    static let all: [String: PageFile] = Dictionary(
        uniqueKeysWithValues: (0..<cworkstation_page_count()).map { index in
            let file = cworkstation_page_file(index)
            let name = String(cString: file.name)
            return (name, PageFile(name: name, bytes: Array(UnsafeBufferPointer(start: file.bytes, count: file.count))))
        })
}
