import Basics
import Findings
import Foundation
import Radiographs

/// From centimetres of water to the picture: attenuation, scatter, the detector's response, its noise.
struct PhantomExposure: Sendable {
    /// Of scattered by unscattered radiation behind the average of the patient.
    let scatter: Float
    /// How much of slow changes is taken out, as processing at the detector does.
    let flattening: Float
    /// Centimetres of water that become black and white.
    let window: (black: Float, white: Float)
    let gamma: Float
    let noise: Float

    init(_ patient: PhantomPatient, _ random: inout SeededGenerator) {
        func vary(_ low: Double, _ high: Double) -> Float { Float(random.uniform(low...high)) }
        scatter = patient.isAnteroposterior ? vary(0.35, 0.6) : vary(0.18, 0.4)
        flattening = vary(0.05, 0.26)
        window = (vary(1.8, 3.2), vary(16, 19))
        gamma = vary(1.05, 1.6)
        noise = vary(0.0025, 0.006)
    }

    private static let attenuation: Float = 0.17

    /// 12 bits, dense is white.
    ///
    /// - Parameters:
    ///   - total: Centimetres of water behind each pixel.
    ///   - without: The same without focal lesions; scatter comes from it, so that a lesion changes no pixel but its own.
    func picture(_ total: PhantomField, without: PhantomField, _ random: inout SeededGenerator) -> PixelImage {
        let side = total.side
        let coarse = CoarseMean(without)
        let response = ResponseTable(self)
        var samples = [UInt16](repeating: 0, count: side * side)
        // Neighbouring pixels share some of their noise, as the light spreads in the detector.
        var above = [Float](repeating: 0, count: side + 2)
        var white = above
        let (flat, middle) = (flattening, coarse.mean)
        samples.withUnsafeMutableBufferPointer { target in
            total.values.withUnsafeBufferPointer { source in
                for row in 0..<side {
                    swap(&above, &white)
                    white.withUnsafeMutableBufferPointer { white in
                        // Two sums of two uniform numbers out of one draw (variance 1/6); mixed with its neighbours, near enough to a
                        // normal one.
                        for column in stride(from: 0, to: white.count - 1, by: 2) {
                            let bits = random.next()
                            white[column] =
                                Float(Int32(truncatingIfNeeded: bits & 0xFFFF) + Int32(truncatingIfNeeded: bits >> 16 & 0xFFFF))
                                * (2.449 / 65_535) - 2.449
                            white[column + 1] =
                                Float(Int32(truncatingIfNeeded: bits >> 32 & 0xFFFF) + Int32(truncatingIfNeeded: bits >> 48))
                                * (2.449 / 65_535) - 2.449
                        }
                    }
                    coarse.withRow(row) { slow in
                        white.withUnsafeBufferPointer { white in
                            above.withUnsafeBufferPointer { above in
                                for column in 0..<side {
                                    let value = source[row * side + column]
                                    let grain =
                                        0.72 * white[column + 1] + 0.34 * (white[column] + white[column + 2]) + 0.4 * above[column + 1]
                                    let (shown, sigma) = response(value, slow[column], flat * (slow[column] - middle))
                                    target[row * side + column] = UInt16(max(0, min(4_095, (shown + sigma * grain) * 4_095)))
                                }
                            }
                        }
                    }
                }
            }
        }
        return PixelImage(width: side, height: side, bits: 12, samples: samples)
    }

    /// The two curves as tables, since each pixel asks both.
    private struct ResponseTable {
        private let lost: [Float]
        private let shown: [Float]
        private let sigma: [Float]
        private static let steps: Float = 24

        init(_ exposure: PhantomExposure) {
            // What scatter takes away: the detector sees e^-mt + s, whose logarithm is less than mt, the less the darker the surroundings.
            lost = (0...Int(80 * Self.steps)).map { index in
                let difference = Float(index) / Self.steps - 40
                return log1p(exposure.scatter * exp(attenuation * difference)) / attenuation
            }
            let (black, white) = exposure.window
            shown = (0...Int(60 * Self.steps)).map { index in
                let value = Float(index) / Self.steps - 10
                let share = (value - black) / (white - black)
                // Toe and shoulder of a film; beyond the toe lies the black of air.
                let bent = pow(max(0, share), exposure.gamma)
                let film = bent < 0.5 ? bent : 0.5 + 0.5 * (1 - exp(-(bent - 0.5) / 0.5))
                return 0.015 + 0.975 * film * smoothStep(-1, 3.5, value)
            }
            sigma = (0...Int(60 * Self.steps)).map { index in
                let value = Float(index) / Self.steps - 10
                // Fewer quanta behind more patient.
                return exposure.noise * (0.25 + 0.75 * exp(0.03 * min(20, max(0, value)))) * smoothStep(-6, 5, value)
            }
        }

        @inline(__always)
        func callAsFunction(_ value: Float, _ slow: Float, _ flattened: Float) -> (shown: Float, sigma: Float) {
            let seen = value - Self.look(lost, value - slow + 40) - flattened
            let place = max(0, min(59.9, seen + 10)) * Self.steps
            let index = Int(place)
            let share = place - Float(index)
            return shown.withUnsafeBufferPointer { shown in
                (shown[index] + (shown[index + 1] - shown[index]) * share, sigma.withUnsafeBufferPointer { $0[index] })
            }
        }

        @inline(__always)
        private static func look(_ table: [Float], _ value: Float) -> Float {
            let place = max(0, min(79.9, value)) * steps
            let index = Int(place)
            return table.withUnsafeBufferPointer { $0[index] + ($0[index + 1] - $0[index]) * (place - Float(index)) }
        }
    }

    /// The picture's slow changes: means of blocks, blurred, interpolated between their middles.
    private struct CoarseMean {
        let mean: Float
        private let side: Int
        private let cells = 32
        private let grid: [Float]

        init(_ field: PhantomField) {
            side = field.side
            let cells = 32
            var grid = [Float](repeating: 0, count: cells * cells)
            var counts = grid
            field.values.withUnsafeBufferPointer { source in
                // Every second pixel is enough for a mean.
                for row in stride(from: 0, to: field.side, by: 2) {
                    let down = row * cells / field.side * cells
                    for column in stride(from: 0, to: field.side, by: 2) {
                        let cell = down + column * cells / field.side
                        grid[cell] += source[row * field.side + column]
                        counts[cell] += 1
                    }
                }
            }
            for index in grid.indices { grid[index] /= max(1, counts[index]) }
            for _ in 0..<3 { grid = Self.blurred(grid, cells) }
            self.grid = grid
            mean = grid.reduce(0, +) / Float(cells * cells)
        }

        /// A running mean over five cells, down and across; three of them are near enough to a Gaussian.
        private static func blurred(_ grid: [Float], _ cells: Int) -> [Float] {
            func pass(_ source: [Float], _ step: Int, _ line: Int) -> [Float] {
                var target = source
                for first in 0..<cells {
                    for place in 0..<cells {
                        var sum: Float = 0
                        for offset in -2...2 { sum += source[first * line + max(0, min(cells - 1, place + offset)) * step] }
                        target[first * line + place * step] = sum / 5
                    }
                }
                return target
            }
            return pass(pass(grid, 1, cells), cells, 1)
        }

        func withRow(_ row: Int, _ use: (UnsafeBufferPointer<Float>) -> Void) {
            var values = [Float](repeating: 0, count: side)
            let limit = Float(cells - 1)
            let scale = Float(cells) / Float(side)
            let y = max(0, min(limit - 0.001, (Float(row) + 0.5) * scale - 0.5))
            let (top, fy) = (Int(y), y - Float(Int(y)))
            let line = (0..<cells).map { grid[top * cells + $0] * (1 - fy) + grid[(top + 1) * cells + $0] * fy }
            line.withUnsafeBufferPointer { line in
                for column in 0..<side {
                    let x = max(0, min(limit - 0.001, (Float(column) + 0.5) * scale - 0.5))
                    let left = Int(x)
                    values[column] = line[left] + (line[left + 1] - line[left]) * (x - Float(left))
                }
            }
            values.withUnsafeBufferPointer(use)
        }
    }
}
