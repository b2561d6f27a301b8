// Scores sets of boxes and says how long that took; `make bench-eval` runs it beside pycocotools and faster-coco-eval, which score the
// same sets (Benchmarks/evaluation.py).
//
//     bench-evaluation coco FILE        COCO's twelve figures of a set of boxes, scored anew at every line on standard input
//     bench-evaluation bootstrap DRAWS  the headline figures of draws of 880 images in 8 classes
//
// A set is a file of 64-bit numbers, little-endian: images, classes, truth boxes, detections; then the truth as image, class, x, y,
// width, height, crowd, area, and the detections as image, class, x, y, width, height, score. Reading it is not part of the time.

import Basics
import Evaluation
import Findings
import Foundation
import Geometry

let arguments = CommandLine.arguments
let clock = ContinuousClock()

switch arguments.dropFirst().first {
case "coco" where arguments.count == 3: try coco(URL(fileURLWithPath: arguments[2]))
case "bootstrap" where arguments.count == 3: bootstrap(draws: Int(arguments[2]) ?? 1_000)
default:
    FileHandle.standardError.write(Data("usage: bench-evaluation coco FILE | bootstrap DRAWS\n".utf8))
    exit(2)
}

func coco(_ file: URL) throws {
    let (images, classCount) = try read(file)
    while readLine() != nil {
        let started = clock.now
        let evaluation = DetectionEvaluation(images: images, classCount: classCount)
        let matched = clock.now
        let figures = evaluation.coco.values
        let done = clock.now
        say(
            "{\"seconds\": \((done - started) / .seconds(1)), \"matching\": \((matched - started) / .seconds(1)), "
                + "\"stats\": [\(figures.map { $0.map { "\($0)" } ?? "null" }.joined(separator: ", "))]}")
    }
}

/// A line, at once: the other end waits for it.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

func read(_ file: URL) throws -> ([EvaluatedImage], Int) {
    let numbers = try Data(contentsOf: file).withUnsafeBytes { bytes in
        (0..<bytes.count / 8).map { Double(bitPattern: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)) }
    }
    let (imageCount, classCount, truthCount) = (Int(numbers[0]), Int(numbers[1]), Int(numbers[2]))
    var images = (0..<imageCount).map { EvaluatedImage(id: "\($0)", patient: "\($0)", width: 640, height: 640) }
    func box(_ start: Int) -> Box {
        Box(x: numbers[start + 2], y: numbers[start + 3], width: numbers[start + 4], height: numbers[start + 5])
    }
    for start in stride(from: 4, to: 4 + truthCount * 8, by: 8) {
        images[Int(numbers[start])].truth.append(
            TruthBox(box: box(start), classIndex: Int(numbers[start + 1]), isCrowd: numbers[start + 6] == 1, area: numbers[start + 7]))
    }
    for start in stride(from: 4 + truthCount * 8, to: numbers.count, by: 7) {
        images[Int(numbers[start])].detections.append(
            Detection(box: box(start), classIndex: Int(numbers[start + 1]), score: numbers[start + 6]))
    }
    return (images, classCount)
}

/// As many images, boxes and classes as NIH's boxes have, a hundred detections an image.
func bootstrap(draws: Int) {
    var random = SeededGenerator(seed: 5)
    let images = (0..<880).map { index in
        var image = EvaluatedImage(id: "\(index)", patient: "\(index)", width: 1024, height: 1024)
        for _ in 0..<(index % 8 == 0 ? 2 : 1) {
            let box = Box(
                x: random.uniform(0...700), y: random.uniform(0...700), width: random.uniform(40...320), height: random.uniform(40...320))
            image.truth.append(TruthBox(box: box, classIndex: Int.random(in: 0..<8, using: &random)))
        }
        for _ in 0..<100 {
            let near = image.truth[Int.random(in: 0..<image.truth.count, using: &random)]
            let shift = random.uniform() < 0.5 ? 0.3 : 2
            let box = Box(
                x: near.box.x + shift * random.uniform(-1...1) * near.box.width,
                y: near.box.y + shift * random.uniform(-1...1) * near.box.height, width: near.box.width * random.uniform(0.7...1.4),
                height: near.box.height * random.uniform(0.7...1.4))
            let classIndex = random.uniform() < 0.3 ? near.classIndex : Int.random(in: 0..<8, using: &random)
            image.detections.append(Detection(box: box, classIndex: classIndex, score: random.uniform()))
        }
        return image
    }
    let started = clock.now
    let headline = HeadlineEvaluation(DetectionEvaluation(images: images, classCount: 8))
    let prepared = clock.now
    var sum = 0.0
    for _ in 0..<draws {
        var weights = Array(repeating: 0, count: images.count)
        for _ in images.indices { weights[Int.random(in: 0..<images.count, using: &random)] += 1 }
        sum += headline.figures(weights: weights).map50.value ?? 0
    }
    let done = clock.now
    say(
        "{\"draws\": \(draws), \"preparing\": \((prepared - started) / .seconds(1)), \"seconds\": \((done - started) / .seconds(1)), "
            + "\"map50\": \(headline.figures().map50.value ?? -1), \"mean\": \(sum / Double(max(1, draws)))}")
}
