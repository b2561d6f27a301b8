import Foundation
import TestSupport

/// What `Tests/Oracles/pixels.py` wrote: files, and the values PIL has for them.
struct PixelOracle: Decodable {
    struct File: Decodable, Sendable {
        var file: String
        var width: Int
        var height: Int
        var bits: Int
    }
    struct Resampling: Decodable, Sendable {
        struct Case: Decodable, Sendable {
            var box: [Double]
            var width: Int
            var height: Int
            var values: String
        }
        var width: Int
        var height: Int
        var source: String
        var cases: [Case]
    }

    var files: [File]
    /// Stored lying or mirrored, with Exif data that say so.
    var turned: [File]
    var resampling: Resampling

    static let folder = Repository.oracles.appendingPathComponent("pixels")

    static func read() throws -> PixelOracle {
        try JSONDecoder().decode(PixelOracle.self, from: Data(contentsOf: folder.appendingPathComponent("index.json")))
    }

    static func words(_ name: String) throws -> [UInt16] {
        let bytes = try Data(contentsOf: folder.appendingPathComponent(name))
        return stride(from: 0, to: bytes.count, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
    }

    static func floats(_ name: String) throws -> [Float] {
        let words = try words(name)
        return stride(from: 0, to: words.count, by: 2).map { Float(bitPattern: UInt32(words[$0]) | UInt32(words[$0 + 1]) << 16) }
    }
}
