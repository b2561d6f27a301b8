import DICOM
import Foundation
import Inference
import Models
import Radiographs

// `make measure`: milliseconds an image of a model, one image at a time, as JSON: the network with what follows it, and all from the file
// to the findings. Arguments: the bundle, the precision, the threads, the rounds, then images.

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count > 4, let precision = EngineSettings.Precision(rawValue: arguments[1]), let threads = Int(arguments[2]),
    let rounds = Int(arguments[3]), threads > 0, rounds > 0
else {
    FileHandle.standardError.write(Data("bench-detection BUNDLE f32|bf16 THREADS ROUNDS IMAGE...\n".utf8))
    exit(2)
}

func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? .nan : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}

do {
    let bundle = try ModelBundle(directory: URL(fileURLWithPath: arguments[0]))
    let detector = try Detector(bundle: bundle, settings: EngineSettings(precision: precision, threads: threads))
    let decoders = DecoderRegistry(decoders: [PNGDecoder(), JPEGDecoder(), DICOMDecoder()])
    let clock = ContinuousClock()
    var (network, whole) = ([Double](), [Double]())
    for round in 0...rounds {
        for path in arguments.dropFirst(4) {
            let begin = clock.now
            let prepared = try detector.prepare(decoders.decode(path: path, frame: 1))
            let middle = clock.now
            _ = try detector.findings(prepared)
            let end = clock.now
            // The first round finds caches cold.
            guard round > 0 else { continue }
            network.append((end - middle) / .milliseconds(1))
            whole.append((end - begin) / .milliseconds(1))
        }
    }
    let result: [String: Any] = [
        "precision": precision.rawValue, "threads": threads, "images": arguments.count - 4, "rounds": rounds,
        "network_milliseconds": median(network), "file_milliseconds": median(whole),
    ]
    print(String(decoding: try JSONSerialization.data(withJSONObject: result, options: [.sortedKeys]), as: UTF8.self))
} catch {
    FileHandle.standardError.write(Data("bench-detection: \(error)\n".utf8))
    exit(1)
}
