import Foundation
import PleuraTesting

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

    static let oracle = Oracle("pixels")

    static func read() throws -> PixelOracle { try oracle.read(PixelOracle.self) }
}
