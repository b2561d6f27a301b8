import Basics
import Findings
import Foundation
import Geometry
import Radiographs

/// A round opacity with a knobbly outline, as a nodule or a mass casts it: the chord through a ball, thinner towards its edge.
struct DrawnBall {
    /// How much smaller than its box, which readers draw around a finding with some room.
    private let size: Double
    /// Of the way from the place's grey to that of soft tissue.
    private let density: Float
    private let knobs: Double
    private let phases: [Double]
    /// How the density differs from one part of it to another.
    private let unevenness: (angle: Double, share: Float)

    init(using generator: inout SeededGenerator) {
        size = generator.uniform(0.72...0.95)
        density = Float(generator.uniform(0.22...0.6))
        knobs = generator.uniform(0.03...0.12)
        phases = (0..<3).map { _ in generator.uniform(0...2 * .pi) }
        unevenness = (generator.uniform(0...2 * .pi), Float(generator.uniform(0...0.3)))
    }

    /// - Parameters:
    ///   - box: In pixels of the original.
    ///   - contrast: How much brighter soft tissue is than the place, as a share of full scale.
    /// - Returns: The pixels with the ball in the middle of the box.
    func drawn(on pixels: PixelImage, in box: Box, of example: Example, contrast: Float) -> PixelImage {
        var result = pixels
        let (scaleX, scaleY) = (Double(pixels.width) / Double(example.width), Double(pixels.height) / Double(example.height))
        let centre = (x: box.centerX * scaleX, y: box.centerY * scaleY)
        let half = (x: size * box.width * scaleX / 2, y: size * box.height * scaleY / 2)
        guard half.x > 0, half.y > 0 else { return result }
        // The outline reaches past its mean by no more than the knobs.
        let reach = 1 + 2.2 * knobs
        let columns = max(0, Int(centre.x - reach * half.x))..<max(0, min(pixels.width, Int(centre.x + reach * half.x) + 1))
        let rows = max(0, Int(centre.y - reach * half.y))..<max(0, min(pixels.height, Int(centre.y + reach * half.y) + 1))
        guard !columns.isEmpty, !rows.isEmpty else { return result }
        let maximum = Float(pixels.maximum)
        let strength = density * contrast * maximum
        for row in rows {
            let v = (Double(row) + 0.5 - centre.y) / half.y
            for column in columns {
                let u = (Double(column) + 0.5 - centre.x) / half.x
                let angle = atan2(v, u)
                let outline =
                    1 + knobs * (sin(2 * angle + phases[0]) + 0.7 * sin(3 * angle + phases[1]) + 0.5 * sin(5 * angle + phases[2]))
                let distance = Float((u * u + v * v).squareRoot() / outline)
                guard distance < 1 else { continue }
                let chord = (1 - distance * distance).squareRoot() * min(1, (1 - distance) * 4).squareRoot()
                let lean = 1 + unevenness.share * Float(u * cos(unevenness.angle) + v * sin(unevenness.angle))
                let index = row * pixels.width + column
                result.samples[index] = UInt16(min(maximum, max(0, (Float(result.samples[index]) + strength * chord * lean).rounded())))
            }
        }
        return result
    }
}
