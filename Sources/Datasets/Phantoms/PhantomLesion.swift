import Findings
import Foundation

/// What a phantom can have, named as NIH ChestX-ray14 names its boxed findings.
enum PhantomLesion: String, CaseIterable {
    case atelectasis = "Atelectasis"
    case cardiomegaly = "Cardiomegaly"
    case effusion = "Effusion"
    case infiltrate = "Infiltrate"
    case mass = "Mass"
    case nodule = "Nodule"
    case pneumonia = "Pneumonia"
    case pneumothorax = "Pneumothorax"

    /// In the order of the list above, which is that of the label map of NIH's boxes.
    static let findingClasses = allCases.enumerated().map { FindingClass(id: $0 + 1, name: $1.rawValue) }
}

/// A lesion laid into an anatomy: how much of it is at each place.
struct PlacedLesion {
    let lesion: PhantomLesion
    /// 0 to 1, [side, side].
    let weight: PhantomField
    /// Density added where the weight is 1; negative for air.
    let density: Float
    /// Share of the vessels that stays visible where the weight is 1.
    let vesselsLeft: Float
    /// In pixels.
    let box: Box

    /// - Parameters:
    ///   - lungs: 1 in the lungs, [side, side].
    ///   - picturesLeft: Which lung.
    /// - Returns: `nil` where chance put it so that nothing of it can be seen.
    init?(
        _ lesion: PhantomLesion, in anatomy: PhantomAnatomy, lungs: PhantomField, picturesLeft: Bool, _ random: inout SeededGenerator
    ) {
        let size = lungs.side
        let side: Float = picturesLeft ? -1 : 1
        let (middle, cavity) = (anatomy.middle, anatomy.cavity)
        func vary(_ low: Double, _ high: Double) -> Float { Float(random.uniform(low...high)) }
        let coarse = PhantomNoise(cells: 14, &random)
        let fine = PhantomNoise(cells: 42, &random)
        // A place in the lung, by height and share of the way from the mediastinum to the wall.
        func place(_ heights: ClosedRange<Double>, _ shares: ClosedRange<Double>) -> (x: Float, y: Float) {
            let y = Float(random.uniform(heights))
            let inner: Float = 0.06
            return (middle + side * (inner + (anatomy.outerEdge(y) - inner) * Float(random.uniform(shares))), y)
        }
        var field = PhantomField(side: size)
        var density: Float = 0.2
        var vesselsLeft: Float = 0.7
        switch lesion {
        case .nodule, .mass:
            let centre = place(0.24...0.58, 0.25...0.8)
            let radius = lesion == .nodule ? vary(0.013, 0.021) : vary(0.038, 0.07)
            let edge = lesion == .nodule ? 0.25 : Float(0.14)
            field.fill { x, y in
                let (dx, dy) = (x - centre.x, y - centre.y)
                let distance = (dx * dx + dy * dy).squareRoot() / radius
                guard distance < 1.6 else { return 0 }
                return 1 - smoothStep(1 - edge, 1 + edge, distance + 0.14 * coarse(x, y) + 0.1 * fine(x, y))
            }
            density = lesion == .nodule ? vary(0.13, 0.18) : vary(0.2, 0.27)
        case .infiltrate, .pneumonia:
            let centre = lesion == .infiltrate ? place(0.3...0.58, 0.35...0.7) : place(0.42...0.6, 0.3...0.6)
            let (rx, ry) = (vary(0.06, 0.1), vary(0.07, 0.12))
            let isPatchy = lesion == .infiltrate
            field.fill { x, y in
                let (dx, dy) = ((x - centre.x) / rx, (y - centre.y) / ry)
                let distance = (dx * dx + dy * dy).squareRoot()
                guard distance < 1.8 else { return 0 }
                let cloud = 1 - smoothStep(0.35, 1.25, distance + 0.35 * coarse(x, y))
                // An infiltrate is patches with lung between, a consolidated lobe is whole but for its bronchi.
                return cloud * (isPatchy ? max(0, 0.6 + 0.55 * fine(x, y) + 0.3 * coarse(x, y)) : 0.92 + 0.08 * fine(x, y))
            }
            density = isPatchy ? vary(0.13, 0.18) : vary(0.2, 0.27)
            vesselsLeft = isPatchy ? 0.8 : 0.3
        case .atelectasis:
            let centre = place(0.5...0.62, 0.4...0.6)
            let (half, thickness, tilt) = (vary(0.06, 0.1), vary(0.007, 0.011), vary(-0.3, 0.3))
            for line in 0..<Int(random.uniform(2...3.99)) {
                let below = Float(line) * vary(0.02, 0.028)
                field.addBand(columns: max(0, centre.x - half)...min(1, centre.x + half)) { x in
                    let along = (x - centre.x) / half
                    return (centre.y + below + tilt * (x - centre.x) + 0.004 * coarse(x, centre.y), thickness * (1.15 - abs(along)))
                } profile: { place in
                    1 - smoothStep(0.45, 1, abs(place))
                }
            }
            density = vary(0.17, 0.24)
        case .effusion:
            let level = vary(0.07, 0.16)
            field.fill { x, y in
                let distance = (x - middle) * side
                guard distance > 0.03, distance < cavity * 1.05 else { return 0 }
                // The fluid climbs along the wall: a meniscus.
                let climb = Foundation.pow(distance / cavity, 4) * 0.11
                let surface = anatomy.diaphragm(cavity * 0.5, side) - level * 0.55 - climb + 0.03
                return smoothStep(-0.012, 0.02, y - surface)
            }
            density = 0.36
            vesselsLeft = 0
        case .pneumothorax:
            let depth = vary(0.05, 0.1)
            let end = vary(0.42, 0.6)
            field.fill { x, y in
                let distance = (x - middle) * side
                guard distance > 0, y < end else { return 0 }
                // Widest at the apex, where air rises to; it thins out downwards.
                let gap = depth * (1 - smoothStep(end - 0.22, end, y)) * (1 + 0.1 * coarse(x, y))
                return smoothStep(-0.0015, 0.0015, distance - (anatomy.outerEdge(max(anatomy.apex + 0.001, y - depth * 0.75)) - gap))
            }
            density = -0.06
            vesselsLeft = 0
        case .cardiomegaly:
            // The heart itself is larger; nothing is laid over it.
            density = 0
        }
        self.lesion = lesion
        self.density = density
        self.vesselsLeft = vesselsLeft
        if lesion == .cardiomegaly {
            let heart = anatomy.heartBox
            let scale = Double(size)
            box = Box(x: heart.x * scale, y: heart.y * scale, width: heart.width * scale, height: heart.height * scale)
        } else {
            lungs.values.withUnsafeBufferPointer { lungs in
                field.values.withUnsafeMutableBufferPointer { field in
                    for index in 0..<field.count { field[index] = max(0, min(1, field[index])) * lungs[index] }
                }
            }
            guard let box = field.box(above: 0.3), box.width >= Double(size) / 60, box.height >= Double(size) / 60 else { return nil }
            self.box = box
        }
        weight = field
    }
}
