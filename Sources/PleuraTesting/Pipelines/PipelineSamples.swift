import Foundation

/// Configurations of the Object Detection API, rebuilt; see PipelineSamples/README.txt.
package enum PipelineSamples {
    package static let folder = Bundle.module.bundleURL.appendingPathComponent("PipelineSamples")

    /// A sample that is not as a test takes it to be.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    package static func names() throws -> [String] {
        let folder = folder.appendingPathComponent("Pipelines")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".config") }
            .map { String($0.dropLast(".config".count)) }.sorted()
    }

    package static func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent("Pipelines/\(name).config"), encoding: .utf8)
    }

    /// The file with lines of other text in place of some.
    package static func text(_ name: String, replacing changes: [String: String]) throws -> String {
        var text = try text(name)
        for (old, new) in changes {
            guard text.contains(old) else { throw Fault(description: "\(name) has no '\(old)'") }
            text = text.replacingOccurrences(of: old, with: new)
        }
        return text
    }
}
