import DICOM
import Foundation
import Inference
import Models
import Radiographs

// `make measure`: milliseconds an image of a model, one image at a time, as JSON: the network with what follows it, and all from the file
// to the findings. Arguments: the bundle, the precision, the threads (0: as many as the engine likes), the rounds, then images.
//
// `make bench-peers`: `parts` before them, and no threads: what each step of the pipeline takes, as JSON (`PipelineParts`).

var arguments = Array(CommandLine.arguments.dropFirst())
let wantsParts = arguments.first == "parts"
if wantsParts {
    arguments.removeFirst()
    arguments.insert(String(ProcessInfo.processInfo.activeProcessorCount), at: min(2, arguments.count))
}
guard arguments.count > 4, let precision = EngineSettings.Precision(rawValue: arguments[1]), let threads = Int(arguments[2]),
    let rounds = Int(arguments[3]), threads >= 0, rounds > 0
else {
    for use in ["BUNDLE f32|bf16|int8 THREADS ROUNDS IMAGE...", "parts BUNDLE f32|bf16|int8 ROUNDS IMAGE..."] {
        FileHandle.standardError.write(Data("bench-detection \(use)\n".utf8))
    }
    exit(2)
}

do {
    let bundle = try ModelBundle(directory: URL(fileURLWithPath: arguments[0]))
    let decoders = DecoderRegistry.standard
    let parts = PipelineParts(bundle: bundle, precision: precision, decoders: decoders, paths: Array(arguments.dropFirst(4)))
    let result = wantsParts ? try await parts.measured(rounds: rounds) : try parts.latencies(threads: threads, rounds: rounds)
    print(String(decoding: try JSONSerialization.data(withJSONObject: result, options: [.sortedKeys]), as: UTF8.self))
} catch {
    FileHandle.standardError.write(Data("bench-detection: \(error)\n".utf8))
    exit(1)
}

func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? .nan : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}
