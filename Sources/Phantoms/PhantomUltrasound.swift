import Basics
import Foundation

/// A sector of B-mode ultrasound: speckle, layers, mostly a lesion, and letters burnt into the black margin as machines do.
///
/// Speckle is the length of a sum of random waves, so its grey follows Rayleigh's law (Burckhardt, IEEE Trans Sonics Ultrason 1978); it is drawn
/// along depth and angle, finer along the beam. A cyst is black with a brighter stripe below it; a solid lesion is brighter or darker.
struct PhantomUltrasound {
    private let apex: SIMD2<Float>
    private let halfAngle: Float
    private let reach: ClosedRange<Float>
    private let gain: Float
    private let fading: Float
    private let layers: PhantomNoise
    private let tissue: PhantomNoise
    private let waves: (PhantomNoise, PhantomNoise)

    struct Lesion {
        var centre: SIMD2<Float>
        var half: SIMD2<Float>
        /// Factor of the echo inside.
        var echo: Float
    }

    init(_ random: inout SeededGenerator) {
        apex = SIMD2(Float(random.uniform(0.46...0.54)), Float(random.uniform(0.02...0.06)))
        halfAngle = Float(random.uniform(0.6...0.78))
        reach = Float(random.uniform(0.06...0.12))...Float(random.uniform(0.8...0.9))
        gain = Float(random.uniform(0.3...0.42))
        fading = Float(random.uniform(0.2...0.7))
        layers = PhantomNoise(cell: 0.06, width: 1, &random)
        tissue = PhantomNoise(cell: 0.12, width: 1, &random)
        waves = (PhantomNoise(cell: 0.006, width: 1.3, &random), PhantomNoise(cell: 0.006, width: 1.3, &random))
    }

    /// - Parameter count: Lesions, 0 to 2.
    func scene(side: Int, count: Int, _ random: inout SeededGenerator) -> DrawnScene {
        var lesions: [Lesion] = []
        for _ in 0..<count * 20 where lesions.count < count {
            let (angle, depth) = (Float(random.uniform(-0.65...0.65)) * halfAngle, Float(random.uniform(0.3...0.72)))
            let size = Float(random.uniform(0.045...0.1))
            let lesion = Lesion(
                centre: SIMD2(apex.x + depth * sin(angle), apex.y + depth * cos(angle)),
                half: SIMD2(size, size * Float(random.uniform(0.6...1))),
                echo: random.uniform() < 0.6 ? Float(random.uniform(0.02...0.15)) : Float(random.uniform(2...2.6)))
            let isApart = lesions.allSatisfy { other in
                let distance = other.centre - lesion.centre
                return (distance * distance).sum().squareRoot() > 0.26
            }
            if isApart { lesions.append(lesion) }
        }
        var scene = DrawnScene(side: side)
        scene.fill { x, y in
            let (dx, dy) = (x - apex.x, y - apex.y)
            let depth = (dx * dx + dy * dy).squareRoot()
            let angle = atan2(dx, dy)
            guard reach.contains(depth), abs(angle) < halfAngle else { return 0 }
            // Finer along the beam than across it.
            let (along, across) = (depth * 1.2, (angle + halfAngle) * 0.5)
            let speckle = (pow(waves.0(along, across), 2) + pow(waves.1(along, across), 2)).squareRoot()
            var echo = gain * (1 - fading * (depth - reach.lowerBound)) * (1 + 0.25 * layers(depth, 0.5) + 0.3 * tissue(x, y))
            for lesion in lesions {
                let distance = (SIMD2(x, y) - lesion.centre) / lesion.half
                let inside = (distance * distance).sum()
                if inside < 1 {
                    echo *= lesion.echo
                } else if lesion.echo < 1, distance.y > 0, distance.y < 4, abs(distance.x) < 0.7 {
                    // Sound loses less in fluid: it is brighter below.
                    echo *= 1.25
                }
            }
            return min(1, max(0.075, echo * (0.25 + 2.2 * speckle)))
        }
        for lesion in lesions { scene.mark([lesion.centre - lesion.half, lesion.centre + lesion.half], margin: 0.006) }
        scene.burnIn(lines: 3, &random)
        return scene
    }
}

extension DrawnScene {
    /// Letters of nobody's alphabet in the top left corner and along the bottom: what a machine writes there names the patient.
    fileprivate mutating func burnIn(lines: Int, _ random: inout SeededGenerator) {
        let dot = max(1, side / 300)
        func write(letters: Int, x: Int, y: Int, _ random: inout SeededGenerator) {
            for letter in 0..<letters {
                let pattern = random.next()
                for place in 0..<35 where pattern >> UInt64(place) & 1 == 1 {
                    let (left, top) = (x + letter * 6 * dot + place % 5 * dot, y + place / 5 * dot)
                    for row in top..<min(side, top + dot) {
                        for column in left..<min(side, left + dot) { grey[row * side + column] = 0.85 }
                    }
                }
            }
        }
        for line in 0..<lines { write(letters: 6 + Int(random.uniform(0...6)), x: 8, y: 8 + line * 10 * dot, &random) }
        write(letters: 14, x: 8, y: side - 8 - 8 * dot, &random)
    }
}
