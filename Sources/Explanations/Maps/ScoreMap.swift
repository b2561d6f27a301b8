import Foundation
import Geometry
import Models
import Radiographs

/// The class's scores of the raw boxes, each laid on the middle of its box as a Gaussian of 16 px (at an input of 320): the largest counts.
///
/// Costs no run. It shows where the network sees the class at all, not why. A detector of any origin has it, for raw boxes are all it takes.
public enum ScoreMap {
    static let deviation = 16.0
    /// Pixels of the plane on a side of a cell that is computed; between them the map is drawn straight.
    private static let step = 4

    /// - Parameters:
    ///   - classIndex: Column of the scores.
    ///   - outputs: One a member.
    ///   - half: 0 or 1 for every second place alone, to see how much the map depends on them; `nil` for all.
    /// - Returns: Scores, 0...1, the mean of the members'.
    public static func map(
        classIndex: Int, outputs: [NetworkOutput], of network: any ExplainableNetwork, image: MaskedImage, half: Int? = nil
    ) -> ExplanationMap {
        let plane = image.plane
        let (columns, rows) = ((plane.width + step - 1) / step, (plane.height + step - 1) / step)
        var sum = [Float](repeating: 0, count: columns * rows)
        let spread = plane.scaled(deviation) / Double(step)
        let reach = Int((3 * spread).rounded(.up))
        for (member, output) in zip(network.members, outputs) {
            let transform = image.inputs[member.inputIndex].transform
            var cells = [Float](repeating: 0, count: columns * rows)
            for place in 0..<min(output.scores.count / member.classCount, output.boxes.count / 4) {
                let score = output.scores[place * member.classCount + classIndex]
                guard score > 0.001, half.map({ place % 2 == $0 }) ?? true else { continue }
                let box = transform.boxInImage(
                    Box(
                        x0: Double(output.boxes[4 * place]), y0: Double(output.boxes[4 * place + 1]),
                        x1: Double(output.boxes[4 * place + 2]), y1: Double(output.boxes[4 * place + 3])))
                let (x, y) = (box.centerX * plane.scale / Double(step), box.centerY * plane.scale / Double(step))
                guard x.isFinite, y.isFinite, abs(x) < 1e6, abs(y) < 1e6 else { continue }
                let (left, top) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
                for row in max(0, top - reach)..<max(max(0, top - reach), min(rows, top + reach + 1)) {
                    for column in max(0, left - reach)..<max(max(0, left - reach), min(columns, left + reach + 1)) {
                        let (across, down) = (Double(column) + 0.5 - x, Double(row) + 0.5 - y)
                        let value = score * Float(exp(-0.5 * (across * across + down * down) / (spread * spread)))
                        cells[row * columns + column] = max(cells[row * columns + column], value)
                    }
                }
            }
            for cell in sum.indices { sum[cell] += cells[cell] / Float(network.members.count) }
        }
        return ExplanationMap(
            kind: .score, width: plane.width, height: plane.height,
            values: enlarged(sum, columns: columns, rows: rows, width: plane.width, height: plane.height))
    }

    /// Cells of `step` pixels drawn straight between their middles.
    private static func enlarged(_ cells: [Float], columns: Int, rows: Int, width: Int, height: Int) -> [Float] {
        func taps(_ pixel: Int, _ count: Int) -> (Int, Int, Float) {
            let place = max(0, min(Double(count - 1), (Double(pixel) + 0.5) / Double(step) - 0.5))
            let first = min(Int(place), max(0, count - 2))
            return (first, min(count - 1, first + 1), Float(place - Double(first)))
        }
        let across = (0..<width).map { taps($0, columns) }
        var values = [Float]()
        values.reserveCapacity(width * height)
        for y in 0..<height {
            let (top, bottom, down) = taps(y, rows)
            for (left, right, share) in across {
                let upper = cells[top * columns + left] * (1 - share) + cells[top * columns + right] * share
                let lower = cells[bottom * columns + left] * (1 - share) + cells[bottom * columns + right] * share
                values.append(upper * (1 - down) + lower * down)
            }
        }
        return values
    }
}
