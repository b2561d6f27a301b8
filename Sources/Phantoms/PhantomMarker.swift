import Basics
import Findings

/// The lead letter that says which side is the patient's left or right.
enum PhantomMarker {
    /// Draws it near an upper corner, beside the lungs, as the metal it is.
    static func draw(_ patient: PhantomPatient, on field: inout PhantomField, _ random: inout SeededGenerator) {
        guard random.uniform() < 0.85 else { return }
        let isLeft = random.uniform() < 0.7
        let height = Float(random.uniform(1...1.6))
        let inset = Float(random.uniform(1.4...2.6))
        let y = Float(random.uniform(0.8...3.2))
        let x = isLeft ? patient.width - inset - height * 0.6 : inset
        let lean = Float(random.uniform(-0.12...0.12))
        var letters = [(isLeft ? "L" : "R", x, y, height)]
        if patient.isAnteroposterior {
            letters += [("A", x - 0.15, y + height * 1.5, height * 0.55), ("P", x + height * 0.45, y + height * 1.5, height * 0.55)]
        }
        var marks = PhantomField(side: field.side, width: patient.width)
        for (letter, x, y, height) in letters {
            for line in lines[letter] ?? [] {
                marks.stroke(
                    line.map { point in
                        PhantomStrokePoint(
                            x: x + (point.0 * 0.62 + lean * point.1) * height, y: y + (point.1 - lean * point.0) * height,
                            half: height * 0.085)
                    }
                ) { 1 - smoothStep(0.7, 1, $0) }
            }
        }
        field.values.withUnsafeMutableBufferPointer { target in
            for index in 0..<target.count where marks.values[index] > 0 {
                target[index] += marks.values[index] * max(2, 20 - target[index])
            }
        }
    }

    /// Strokes in a unit square, y down.
    private static let lines: [String: [[(Float, Float)]]] = [
        "L": [[(0, 0), (0, 1)], [(0, 1), (1, 1)]],
        "R": [[(0, 1), (0, 0)], [(0, 0), (0.7, 0), (0.95, 0.12), (0.95, 0.38), (0.7, 0.5), (0, 0.5)], [(0.5, 0.5), (1, 1)]],
        "A": [[(0, 1), (0.5, 0), (1, 1)], [(0.2, 0.65), (0.8, 0.65)]],
        "P": [[(0, 1), (0, 0)], [(0, 0), (0.7, 0), (0.95, 0.12), (0.95, 0.4), (0.7, 0.52), (0, 0.52)]],
    ]
}
