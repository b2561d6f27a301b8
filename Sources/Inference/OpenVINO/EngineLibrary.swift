import COpenVINO
import Foundation

/// OpenVINO's library, which is loaded when a network is to be run and not when the program starts: what needs no engine works without one.
enum EngineLibrary {
    private static let folder = ".engines/lib"
    private static let name = "libopenvino_c.so"

    /// Loads it, once a process.
    /// - Throws: `InferenceError` of code `missing`, in one line: what is missing and what to do.
    static func require() throws {
        if let failure = failure { throw failure }
    }

    private static let failure: InferenceError? = {
        let places = searched(from: program)
        if let place = places.first(where: { FileManager.default.fileExists(atPath: $0.path) }) {
            return load(place.path).map { InferenceError(.missing, "OpenVINO is there but does not start (\($0)): run ./setup site again") }
        }
        // Where the system looks, or LD_LIBRARY_PATH says.
        guard load(nil) != nil else { return nil }
        return InferenceError(
            .missing,
            "OpenVINO is missing: there is no \(folder)/\(name) beside the program (\(program.path)) or above it; "
                + "run ./setup site, or put a link to \(folder.prefix { $0 != "/" }) beside a copied program")
    }()

    private static var program: URL {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: own).deletingLastPathComponent()
    }

    /// In the program's folder and in each above it, as models are looked for.
    private static func searched(from program: URL) -> [URL] {
        var places: [URL] = []
        var place = program
        while place.path != "/" {
            places.append(place.appendingPathComponent(folder).appendingPathComponent(name))
            place.deleteLastPathComponent()
        }
        return places
    }

    /// - Returns: Why it cannot be loaded; `nil` where it is.
    private static func load(_ path: String?) -> String? {
        var message = [CChar](repeating: 0, count: 1_024)
        guard !cov_load(path, &message, message.count) else { return nil }
        return String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            .replacingOccurrences(of: "\n", with: " ")
    }
}
