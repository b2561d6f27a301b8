import DICOMNetwork
import Foundation

/// What stands on the command line: `--name value` pairs, each as often as it likes, and the rest.
struct Options {
    private var values: [String: [String]] = [:]
    private(set) var rest: [String] = []

    init(_ arguments: [String]) {
        var words = arguments[...]
        while let word = words.popFirst() {
            if word.hasPrefix("--"), let value = words.popFirst() {
                values[String(word.dropFirst(2)), default: []].append(value)
            } else {
                rest.append(word)
            }
        }
    }

    func all(_ name: String) -> [String] { values[name] ?? [] }
    func text(_ name: String, _ usual: String) -> String { values[name]?.last ?? usual }
    func number(_ name: String, _ usual: Int) -> Int { values[name]?.last.flatMap { Int($0) } ?? usual }
    func flag(_ name: String, _ usual: Bool = false) -> Bool { values[name].map { $0.last == "yes" } ?? usual }

    /// `--tls KEY --tls CERTIFICATE --tls AUTHORITY`; `-` for no key: without a certificate of our own.
    var security: TransportSecurity? {
        let files = all("tls")
        guard files.count == 3 else { return nil }
        let isBare = files[0] == "-"
        return TransportSecurity(
            certificate: isBare ? nil : files[1], key: isBare ? nil : files[0], authorities: files[2], hostName: all("name").last)
    }

    var client: DICOMClient {
        DICOMClient(
            callingTitle: text("title", "PLEURA"), calledTitle: text("called", "ANY"), host: text("host", "127.0.0.1"),
            port: UInt16(clamping: number("port", 104)), security: security, patience: number("patience", 20))
    }
}

func say(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }
