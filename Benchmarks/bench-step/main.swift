// How many images a second a network learns from, in every memory format and precision.
//
//     bench-step DETECTOR-BACKBONE BATCH ROUNDS [THREADS [returning]]      such as ssdlite-mobilenet-v3-large or retina-resnet-18, at 320 pixels
//
// The ways take turns, a step each, so that what else the machine does strikes all alike; medians are printed. With `returning`, memory
// that is freed goes back to the system as C libraries have it, instead of being kept. Of one thread, the
// processor's time says more than the clock's on a machine that others use too.

import Findings
import Foundation
import Networks
import Tensors

let arguments = CommandLine.arguments
guard (4...6).contains(arguments.count), let batch = Int(arguments[2]), let rounds = Int(arguments[3]), batch > 0, rounds > 0 else {
    FileHandle.standardError.write(Data("usage: bench-step DETECTOR-BACKBONE BATCH ROUNDS [THREADS [returning]]\n".utf8))
    exit(2)
}
do {
    Engine.setThreads(arguments.count > 4 ? Int(arguments[4]) ?? 2 : ProcessInfo.processInfo.activeProcessorCount)
    if arguments.last != "returning" { Engine.keepFreedMemory() }
    let ways = try [(MemoryFormat.channelsFirst, false), (.channelsLast, false), (.channelsFirst, true), (.channelsLast, true)].map {
        try Way(network: network(arguments[1]), memoryFormat: $0, usesBFloat16: $1, batch: batch)
    }
    for way in ways { _ = try way.step() }
    let settled = ProcessMemory.resident
    var times = [[(clock: Double, processor: Double)]](repeating: [], count: ways.count)
    for _ in 0..<rounds {
        for (index, way) in ways.enumerated() { times[index].append(try way.step()) }
    }
    if let settled, let now = ProcessMemory.resident, let peak = ProcessMemory.peak {
        print("memory of all ways: \(settled >> 20) MiB after the first step, \(now >> 20) at the end, \(peak >> 20) at most")
    }
    print("images/s: by the clock, by processor time; then the ratio to the first way of each")
    for (index, way) in ways.enumerated() {
        let columns = [\(clock: Double, processor: Double).clock, \.processor].map { key in
            let rate = Double(batch) / median(times[index].map { $0[keyPath: key] })
            return (rate: rate, ratio: median(zip(times[index], times[0]).map { $1[keyPath: key] / $0[keyPath: key] }))
        }
        print(
            way.name, String(format: "%7.2f %7.2f   %5.2f %5.2f", columns[0].rate, columns[1].rate, columns[0].ratio, columns[1].ratio),
            separator: "  ")
    }
} catch {
    FileHandle.standardError.write(Data("bench-step: \(error)\n".utf8))
    exit(1)
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// `ssdlite` or `retina`, a dash and the backbone's name.
func network(_ name: String) throws -> any DetectionNetwork {
    let parts = name.split(separator: "-", maxSplits: 1).map(String.init)
    guard parts.count == 2, let backbone = BackboneKind(rawValue: parts[1]) else {
        throw NetworkError(.shape, "\(name) is no detector's name with a backbone's (\(BackboneKind.allCases.map(\.rawValue)))")
    }
    switch parts[0] {
    case "retina": return try RetinaNet(.init(backbone: backbone), classCount: 8, inputSide: 320, seed: 1)
    default: return try SSDLite(classCount: 8, backbone: backbone, seed: 1)
    }
}
