// How many images a second a network learns from, in every layout and precision, and how much of a step is spent outside LibTorch.
//
//     bench-step NETWORK BATCH ROUNDS [THREADS]      NETWORK: ssdlite or retina-resnet-18, at 320 pixels
//
// The ways take turns, a step each, so that what else the machine does strikes all alike; medians are printed.

import Findings
import Foundation
import Networks
import Tensors

let arguments = CommandLine.arguments
guard (4...5).contains(arguments.count), let batch = Int(arguments[2]), let rounds = Int(arguments[3]), batch > 0, rounds > 0 else {
    FileHandle.standardError.write(Data("usage: bench-step ssdlite|retina-resnet-18 BATCH ROUNDS [THREADS]\n".utf8))
    exit(2)
}
do {
    Engine.setThreads(arguments.count > 4 ? Int(arguments[4]) ?? 2 : ProcessInfo.processInfo.activeProcessorCount)
    let ways = try [(PictureLayout.channelsFirst, false), (.channelsLast, false), (.channelsFirst, true), (.channelsLast, true)].map {
        try Way(network: network(arguments[1]), layout: $0, usesBFloat16: $1, batch: batch)
    }
    for way in ways { _ = try way.step() }
    var seconds = [[Double]](repeating: [], count: ways.count)
    for _ in 0..<rounds {
        for (index, way) in ways.enumerated() { seconds[index].append(try way.step()) }
    }
    for (index, way) in ways.enumerated() {
        let ratios = zip(seconds[index], seconds[0]).map { $1 / $0 }
        let (rate, ratio) = (Double(batch) / median(seconds[index]), median(ratios))
        print(
            "\(way.name): \(String(format: "%.2f images/s, %.2f times the first, %.3f to %.3f s", rate, ratio, seconds[index].min() ?? 0, seconds[index].max() ?? 0))"
        )
    }
} catch {
    FileHandle.standardError.write(Data("bench-step: \(error)\n".utf8))
    exit(1)
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

func network(_ name: String) throws -> any DetectionNetwork {
    switch name {
    case "retina-resnet-18": try RetinaNet(.init(backbone: .resNet18), classCount: 8, inputSide: 320, seed: 1)
    default: try SSDLite(classCount: 8, seed: 1)
    }
}
