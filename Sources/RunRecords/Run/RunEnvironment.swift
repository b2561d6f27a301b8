import Basics
import Foundation
import Tensors
import TrainingSettings

/// Where and with what a training ran: what a figure needs besides its configuration to be repeated.
package struct RunEnvironment: Codable, Hashable {
    var notice = "research use only"
    var started: String
    var command: [String]
    var engine: String
    var device: String
    var processor: String
    var cores: Int
    var threads: Int
    /// What the networks compute in, and what was asked for; absent in runs of the first versions.
    var precision: String?
    var precisionRequested: String?
    /// Gigabytes.
    var memory: Double
    var system: String
    var processes: Int
    /// The commit that is checked out where the command was given, if any, and whether files differ from it.
    var gitCommit: String?
    var gitIsDirty: Bool?
    /// SHA-256 over the images and boxes learnt from.
    package var dataDigest: String
    /// The fold that is left out; absent where there is none.
    package var testFold: Int?
    var images: Int
    var boxes: Int

    private enum CodingKeys: String, CodingKey {
        case notice, started, command, engine, device, processor, cores, threads, precision, memory, system, processes, images, boxes
        case precisionRequested = "precision_requested"
        case gitCommit = "git_commit"
        case gitIsDirty = "git_is_dirty"
        case dataDigest = "data_digest"
        case testFold = "test_fold"
    }

    package init(device: Device, loop: LoopConfiguration, processes: Int, dataDigest: String, testFold: Int?, images: Int, boxes: Int) {
        started = Date().formatted(.iso8601)
        command = CommandLine.arguments
        engine = "LibTorch \(Engine.version)"
        self.device = device.name
        processor = Processor.current.model
        cores = Processor.current.logicalCores
        threads = loop.threadCount
        (precision, precisionRequested) = (loop.runningPrecision.rawValue, loop.precision.rawValue)
        memory = (Double(ProcessInfo.processInfo.physicalMemory) / 1e9 * 10).rounded() / 10
        system = ProcessInfo.processInfo.operatingSystemVersionString
        self.processes = processes
        gitCommit = Self.git("rev-parse", "HEAD")
        gitIsDirty = gitCommit == nil ? nil : Self.git("status", "--porcelain").map { !$0.isEmpty }
        self.dataDigest = dataDigest
        self.testFold = testFold
        self.images = images
        self.boxes = boxes
    }

    package var json: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(self)
        }
    }

    /// What git says; `nil` where there is no git or no checkout.
    private static func git(_ arguments: String...) -> String? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git"] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
