import Foundation

/// Results.
enum StandardOutput {
    /// Whoever reads may have gone; that is no failure of ours.
    static func write(_ bytes: Data) { try? FileHandle.standardOutput.write(contentsOf: bytes) }
}

/// Everything else.
enum StandardError {
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    static func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

    /// Control characters in a file's name must not reach the terminal, nor break the one line.
    static func line(_ text: String) {
        guard !text.isEmpty else { return }
        let scalars = text.unicodeScalars.map { $0.properties.generalCategory == .control && $0 != "\n" ? "\u{FFFD}" : $0 }
        write(String(String.UnicodeScalarView(scalars)) + "\n")
    }

    /// `pleura: PATH: reason`, on one line whatever the path.
    static func failure(_ path: String, _ reason: String) {
        line("pleura: \(path): \(reason)".replacingOccurrences(of: "\n", with: "\u{FFFD}"))
    }
}
