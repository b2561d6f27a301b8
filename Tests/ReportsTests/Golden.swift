import Foundation
import Testing

/// The golden files.
enum Golden {
    static func text(_ name: String) throws -> String {
        let url = try #require(Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Fixtures"))
        return String(decoding: try Data(contentsOf: url), as: UTF8.self)
    }
}
