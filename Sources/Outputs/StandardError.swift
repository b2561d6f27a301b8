import Basics
import Foundation

/// Everything that is no result.
package enum StandardError {
    package static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Where nobody hears it, nothing can be done about that.
    package static func write(_ text: String) { _ = Descriptor.write(Data(text.utf8), to: STDERR_FILENO) }

    /// Control characters in a file's name must not reach the terminal, nor break the one line.
    package static func line(_ text: String) {
        guard !text.isEmpty else { return }
        let scalars = text.unicodeScalars.map { $0.properties.generalCategory == .control && $0 != "\n" ? "\u{FFFD}" : $0 }
        write(String(String.UnicodeScalarView(scalars)) + "\n")
    }

    /// `pleura: PATH: reason`, on one line whatever the path.
    package static func failure(_ path: String, _ reason: String) {
        line("pleura: \(path): \(reason)".replacingOccurrences(of: "\n", with: "\u{FFFD}"))
    }
}
