import Foundation
import Training

/// Where weights to start from lie.
enum StartingWeightsFolder {
    /// A file, a run folder, or a name of weights that were fetched or that set-up laid.
    /// - Throws: `TrainingError` that says how to get them.
    @Sendable static func find(_ name: String) throws -> URL {
        if FileManager.default.fileExists(atPath: name) { return URL(fileURLWithPath: name) }
        if name == "ssdlite-mobilenet-v3-coco", let laid = laidWeights { return laid }
        throw TrainingError(
            .missing, "the weights \(name) are not here: `pleura model fetch \(name)` gets them, --start none starts from random numbers")
    }

    /// The weights that set-up laid in the checkout this program was built in.
    private static var laidWeights: URL? {
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        if let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
            folder = URL(fileURLWithPath: own).deletingLastPathComponent()
        }
        for _ in 0..<6 {
            let candidate = folder.appendingPathComponent(".engines/weights/ssdlite_mobilenet_v3_large_coco.pb")
            if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
            folder.deleteLastPathComponent()
        }
        return nil
    }
}
