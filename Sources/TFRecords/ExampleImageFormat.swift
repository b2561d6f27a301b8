import Foundation

/// What an encoded image is by its first bytes, and how a record says it (`image/format`).
package enum ExampleImageFormat: String {
    case png
    case jpeg

    package init?(_ encoded: Data) {
        if encoded.starts(with: [0x89, 0x50, 0x4e, 0x47]) {
            self = .png
        } else if encoded.starts(with: [0xff, 0xd8, 0xff]) {
            self = .jpeg
        } else {
            return nil
        }
    }

    /// Of file names; the usual one first.
    package var suffixes: [String] { self == .png ? ["png"] : ["jpg", "jpeg"] }
}
