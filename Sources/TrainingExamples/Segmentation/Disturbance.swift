import Basics
import Foundation
import Radiographs

/// Changes of a drawn view that leave the mask true: disease, devices, borders and the software of detectors.
///
/// A lung that is white is still a lung. Nothing is painted along the mask's own border, which would tell the network where it is.
struct Disturbance {
    let settings: SegmentationSettings
    let side: Int

    /// - Parameters:
    ///   - grey: [side, side] of 0...1.
    ///   - masks: [5, side, side]; only what a band hides is taken away.
    func apply(
        grey: UnsafeMutableBufferPointer<Float>, masks: UnsafeMutableBufferPointer<Float>, _ random: inout SeededGenerator
    ) {
        if random.uniform() < settings.processingProbability { process(grey, &random) }
        if random.uniform() < settings.opacityProbability {
            for _ in 0..<(1 + Int(random.uniform() * 4)) { blob(grey, masks, &random) }
            if random.uniform() < 0.5 { level(grey, masks, reach: random.uniform(0.1...0.6), &random) }
        }
        if random.uniform() < settings.whiteOutProbability { level(grey, masks, reach: random.uniform(0.75...1.1), &random) }
        if random.uniform() < settings.deviceProbability { devices(grey, &random) }
        if random.uniform() < settings.borderProbability { bands(grey, masks, &random) }
    }

    /// Takes some of the mean over large places away, and adds what differs from the mean over small ones.
    private func process(_ grey: UnsafeMutableBufferPointer<Float>, _ random: inout SeededGenerator) {
        let unit = Double(side) / 128
        let wide = BoxMean(grey, side: side, radius: Int(unit * random.uniform(10...24)))
        let near = BoxMean(grey, side: side, radius: max(1, Int(unit * random.uniform(1...3))))
        let (evened, sharpened) = (Float(random.uniform(0...0.6)), Float(random.uniform(0...1)))
        for row in 0..<side {
            for column in 0..<side {
                let index = row * side + column
                let value = grey[index]
                grey[index] = min(
                    1, max(0, value + evened * (0.5 - wide(row, column)) + sharpened * (value - near(row, column))))
            }
        }
        // As a lamp from one side, or a grid that is not level.
        let (across, down) = (Float(random.uniform(-0.2...0.2)), Float(random.uniform(-0.2...0.2)))
        for row in 0..<side {
            for column in 0..<side {
                let tilt = across * (Float(column) / Float(side) - 0.5) + down * (Float(row) / Float(side) - 0.5)
                grey[row * side + column] = min(1, max(0, grey[row * side + column] * (1 + tilt)))
            }
        }
    }

    /// A soft opacity somewhere in a lung.
    private func blob(
        _ grey: UnsafeMutableBufferPointer<Float>, _ masks: UnsafeMutableBufferPointer<Float>, _ random: inout SeededGenerator
    ) {
        let plane = side * side
        for _ in 0..<24 {
            let (x, y) = (Int(random.uniform() * Double(side)), Int(random.uniform() * Double(side)))
            let index = min(side - 1, y) * side + min(side - 1, x)
            guard masks[index] + masks[plane + index] > 0.5 else { continue }
            let (rx, ry) = (Float(side) * Float(random.uniform(0.03...0.17)), Float(side) * Float(random.uniform(0.03...0.2)))
            let (strength, tone) = (Float(random.uniform(0.2...0.95)), Float(random.uniform(0.55...0.95)))
            let edge = Float(random.uniform(0.5...2.5))
            for row in 0..<side {
                for column in 0..<side {
                    let (u, v) = ((Float(column) - Float(x)) / rx, (Float(row) - Float(y)) / ry)
                    let inside = 1 - u * u - v * v
                    guard inside > 0 else { continue }
                    lighten(&grey[row * side + column], tone, strength * powf(inside, edge))
                }
            }
            return
        }
    }

    /// Fluid, or a collapsed lung: one side is white from below, up to a share of its height, higher at the wall.
    private func level(
        _ grey: UnsafeMutableBufferPointer<Float>, _ masks: UnsafeMutableBufferPointer<Float>, reach: Double,
        _ random: inout SeededGenerator
    ) {
        let lung = random.uniform() < 0.5 ? 0 : 1
        let plane = side * side
        var (left, top, right, bottom) = (side, side, -1, -1)
        for row in 0..<side {
            for column in 0..<side where masks[lung * plane + row * side + column] > 0.5 {
                (left, right) = (min(left, column), max(right, column))
                (top, bottom) = (min(top, row), max(bottom, row))
            }
        }
        guard right > left, bottom > top else { return }
        let (strength, tone) = (Float(random.uniform(0.6...1)), Float(random.uniform(0.6...0.92)))
        let rise = Float(random.uniform(0...0.3)) * Float(bottom - top)
        let line = Float(bottom) - Float(reach) * Float(bottom - top)
        let soft = Float(side) * Float(random.uniform(0.02...0.1))
        // The wall is where the picture's side is; over the middle it fades out.
        let middle = (left + right) / 2 < side / 2
        let (wall, inner) = middle ? (Float(left), Float(right)) : (Float(right), Float(left))
        for row in max(0, top - 4)..<min(side, bottom + side / 10) {
            for column in max(0, left - side / 20)..<min(side, right + side / 20) {
                let share = max(0, min(1, (Float(column) - inner) / (wall - inner)))
                let depth = (Float(row) - (line - rise * share * share)) / soft
                guard depth > 0 else { continue }
                let beyond = middle ? Float(column) - inner : inner - Float(column)
                let fade = beyond > 0 ? max(0, 1 - beyond / (Float(side) / 20)) : 1
                lighten(&grey[row * side + column], tone, strength * min(1, depth) * fade)
            }
        }
    }

    private func lighten(_ grey: inout Float, _ tone: Float, _ share: Float) { if tone > grey { grey += (tone - grey) * share } }

    private func devices(_ grey: UnsafeMutableBufferPointer<Float>, _ random: inout SeededGenerator) {
        for _ in 0..<(1 + Int(random.uniform() * 3)) {
            let tone = Float(random.uniform(0.7...1))
            if random.uniform() < 0.6 {
                // A wire in a bend.
                var (x, y) = (Float(random.uniform()) * Float(side), Float(random.uniform()) * Float(side))
                var angle = Float(random.uniform(0...6.28))
                let turn = Float(random.uniform(-0.05...0.05))
                for _ in 0..<Int(random.uniform(0.2...1) * Double(side)) {
                    let (column, row) = (Int(x), Int(y))
                    if (0..<side).contains(column), (0..<side).contains(row) { lighten(&grey[row * side + column], tone, 0.7) }
                    (x, y, angle) = (x + cos(angle), y + sin(angle), angle + turn)
                }
            } else {
                let (width, height) = (Int(Double(side) * random.uniform(0.02...0.13)), Int(Double(side) * random.uniform(0.02...0.13)))
                let (x, y) = (Int(random.uniform() * Double(side - width)), Int(random.uniform() * Double(side - height)))
                for row in y..<y + height {
                    for column in x..<x + width { lighten(&grey[row * side + column], tone, 0.85) }
                }
            }
        }
    }

    private func bands(
        _ grey: UnsafeMutableBufferPointer<Float>, _ masks: UnsafeMutableBufferPointer<Float>, _ random: inout SeededGenerator
    ) {
        let tone: Float = random.uniform() < 0.8 ? Float(random.uniform(0...0.05)) : Float(random.uniform(0.9...1))
        let widths = (0..<4).map { _ in random.uniform() < 0.5 ? Int(random.uniform(0.01...0.1) * Double(side)) : 0 }
        let plane = side * side
        for row in 0..<side {
            for column in 0..<side
            where column < widths[0] || column >= side - widths[1] || row < widths[2] || row >= side - widths[3] {
                grey[row * side + column] = tone
                for structure in 0..<5 { masks[structure * plane + row * side + column] = 0 }
            }
        }
    }
}

/// Means over squares, by sums from the corner.
private struct BoxMean {
    private let sums: [Float]
    private let side: Int
    private let radius: Int

    init(_ grey: UnsafeMutableBufferPointer<Float>, side: Int, radius: Int) {
        var sums = [Float](repeating: 0, count: (side + 1) * (side + 1))
        for row in 0..<side {
            var line: Float = 0
            for column in 0..<side {
                line += grey[row * side + column]
                sums[(row + 1) * (side + 1) + column + 1] = sums[row * (side + 1) + column + 1] + line
            }
        }
        (self.sums, self.side, self.radius) = (sums, side, radius)
    }

    func callAsFunction(_ row: Int, _ column: Int) -> Float {
        let (top, bottom) = (max(0, row - radius), min(side, row + radius + 1))
        let (left, right) = (max(0, column - radius), min(side, column + radius + 1))
        let width = side + 1
        let sum = sums[bottom * width + right] - sums[top * width + right] - sums[bottom * width + left] + sums[top * width + left]
        return sum / Float((bottom - top) * (right - left))
    }
}
