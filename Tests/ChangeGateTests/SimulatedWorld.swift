import Basics
import ChangeGate
import Datasets
import Evaluation
import EvaluationReports
import Findings
import Foundation
import Geometry

/// Two models on images whose truth is known, drawn so that it is known how good each of them truly is.
///
/// Scores of whole images are binormal, those of boxes too, and the two models' are correlated. False boxes come by Poisson's law.
struct SimulatedWorld {
    static let classes = [FindingClass(id: 1, name: "Mass"), FindingClass(id: 2, name: "Nodule"), FindingClass(id: 3, name: "Effusion")]

    /// Of the model in use.
    var area = 0.855
    /// Share of the boxes found at one false box an image.
    var found = 0.6
    /// How much worse the candidate is.
    var areaLoss = 0.0
    var foundLoss = 0.0
    /// Between the two models' scores.
    var correlation = 0.9
    /// Labels of the candidate's boxes are exchanged.
    var isPoisoned = false

    /// - Parameters:
    ///   - images: Half of them abnormal, with one box or two.
    ///   - seed: The same world each time.
    func inputs(images count: Int, seed: UInt64) -> (current: EvaluationInput, candidate: EvaluationInput) {
        var generator = SeededGenerator(seed: seed)
        func normal() -> Double {
            let (u, v) = (Double.random(in: .leastNonzeroMagnitude..<1, using: &generator), Double.random(in: 0..<1, using: &generator))
            return (-2 * Foundation.log(u)).squareRoot() * cos(2 * .pi * v)
        }
        func pair() -> (Double, Double) {
            let (a, b) = (normal(), normal())
            return (a, correlation * a + (1 - correlation * correlation).squareRoot() * b)
        }
        func poisson(_ mean: Double) -> Int {
            var (count, product) = (0, Double.random(in: 0..<1, using: &generator))
            while product > exp(-mean) {
                count += 1
                product *= Double.random(in: 0..<1, using: &generator)
            }
            return count
        }
        let separations = [area, area - areaLoss].map { Self.quantile($0) * 2.0.squareRoot() }
        // Of three false boxes an image with scores of N(0, 1), one is above this.
        let threshold = Self.quantile(2.0 / 3)
        let means = [found, found - foundLoss].map { threshold + Self.quantile($0) }

        var images: [DatasetImage] = []
        var detections: [[[Detection]]] = [[], []]
        var scores: [[[Double]?]] = [[], []]
        for index in 0..<count {
            let isAbnormal = index % 2 == 0
            var image = DatasetImage(
                id: index + 1, fileName: "\(index).png", width: 1000, height: 1000, patient: "p\(index)",
                attributes: ["sex": index % 4 < 2 ? "F" : "M"])
            var said: [[Detection]] = [[], []]
            let boxes = isAbnormal ? 1 + Int(generator.next() % 2) : 0
            for number in 0..<boxes {
                let column = Int(generator.next() % 3)
                let box = Box(x: 20 + 300 * Double(number), y: 30, width: 100, height: 100)
                image.boxes.append(Annotation(classID: column + 1, box: box))
                let (a, b) = pair()
                for (model, noise) in [a, b].enumerated() {
                    let label = isPoisoned && model == 1 ? (column + 1) % 3 : column
                    said[model].append(Detection(box: box, classIndex: label, score: Self.probability(noise + means[model])))
                }
            }
            for number in 0..<poisson(3) {
                let (a, b) = pair()
                let box = Box(x: 20 + 60 * Double(number), y: 600, width: 50, height: 50)
                let column = Int(generator.next() % 3)
                for (model, noise) in [a, b].enumerated() {
                    said[model].append(Detection(box: box, classIndex: column, score: Self.probability(noise)))
                }
            }
            let (a, b) = pair()
            for (model, noise) in [a, b].enumerated() {
                detections[model].append(said[model])
                scores[model].append([Self.probability(noise + (isAbnormal ? separations[model] : 0)), 0, 0])
            }
            images.append(image)
        }
        func input(_ model: Int) -> EvaluationInput {
            EvaluationInput(
                findingClasses: Self.classes, images: images, detections: detections[model], imageScores: scores[model], split: "world")
        }
        return (input(0), input(1))
    }

    func report(images: Int, seed: UInt64, settings: GateSettings) throws -> GateReport {
        let (current, candidate) = inputs(images: images, seed: seed)
        return try ChangeGate(settings: settings, attributes: [.sex]).judge(
            current: current, candidate: candidate,
            models: (
                GateReport.Model(name: "a", version: "1", digest: "a"), GateReport.Model(name: "b", version: "1", digest: "b")
            ), reference: ("world", "0"))
    }

    /// Rising, in 0...1.
    private static func probability(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    /// The standard normal's, by bisection.
    static func quantile(_ share: Double) -> Double {
        var (low, high) = (-10.0, 10.0)
        for _ in 0..<80 {
            let middle = (low + high) / 2
            if erfc(-middle / 2.0.squareRoot()) / 2 < share { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
