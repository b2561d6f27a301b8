import Basics
import Findings
import Foundation
import Geometry

/// Draws lesions into a lung. Each is drawn from its own random numbers and knows nothing of the other.
struct PhantomPathology {
    let patient: PhantomPatient
    /// Centimetres of lung behind each pixel, the heart's part taken out.
    let lungs: PhantomField
    /// Of the lung, as a share of water's.
    private var contrast: Float { 1 - patient.lungDensity }

    /// What changes a pixel by less cannot be seen; it is left out, so that the box ends where the lesion does. In centimetres of water.
    static let threshold: Float = 0.25

    init(patient: PhantomPatient, lungs: PhantomField) {
        self.patient = patient
        self.lungs = lungs
    }

    /// - Returns: The lesion and its box in pixels; `nil` where chance put it so that next to nothing of it can be seen.
    func draw(_ lesion: PhantomLesion, side: PhantomPatient.Side, _ random: inout SeededGenerator) -> (opacity: PhantomOpacity, box: Box)? {
        var opacity = PhantomOpacity(
            lesion: lesion, water: PhantomField(side: lungs.side, width: patient.width), air: nil,
            vesselsLeft: PhantomField(side: lungs.side, width: patient.width, value: 1))
        switch lesion {
        case .nodule: drawBall(radius: 0.6...1.15, on: &opacity, side, &random)
        case .mass: drawBall(radius: 1.65...3.3, on: &opacity, side, &random)
        case .infiltrate: drawInfiltrate(on: &opacity, side, &random)
        case .pneumonia: drawConsolidation(on: &opacity, side, &random)
        case .atelectasis: drawCollapse(on: &opacity, side, &random)
        case .effusion: drawEffusion(on: &opacity, side, &random)
        case .pneumothorax: drawPneumothorax(on: &opacity, side, &random)
        case .cardiomegaly: return nil
        }
        guard let box = finish(&opacity), box.width >= Double(lungs.side) / 60, box.height >= Double(lungs.side) / 60 else { return nil }
        return (opacity, box)
    }

    /// Leaves out what cannot be seen and measures the rest.
    private func finish(_ opacity: inout PhantomOpacity) -> Box? {
        let side = lungs.side
        var (left, top, right, bottom) = (side, side, -1, -1)
        for index in lungs.values.indices {
            let lung = lungs.values[index]
            guard lung > 0 else {
                opacity.water.values[index] = 0
                continue
            }
            let water = min(opacity.water.values[index], 0.97 * lung)
            let gained = (opacity.air?.values[index] ?? 0) * lung * patient.lungDensity
            let effect = max(water * contrast, gained)
            if effect > Self.threshold {
                // Fades in from the threshold, so that leaving out the rest makes no step.
                opacity.water.values[index] = max(0, water - Self.threshold / contrast)
                opacity.air?.values[index] *= 1 - Self.threshold / effect
                let shown = opacity.vesselsLeft.values[index]
                opacity.vesselsLeft.values[index] = 1 - (1 - shown) * smoothStep(1, 3, effect / Self.threshold)
                (left, right) = (min(left, index % side), max(right, index % side))
                (top, bottom) = (min(top, index / side), index / side)
            } else {
                opacity.water.values[index] = 0
                opacity.air?.values[index] = 0
                opacity.vesselsLeft.values[index] = 1
            }
        }
        guard right >= left, bottom >= top else { return nil }
        return Box(x: Double(left), y: Double(top), width: Double(right - left + 1), height: Double(bottom - top + 1))
    }

    /// A place in the lung: height as a share of the lung, distance as a share of the way from mediastinum to wall.
    private func place(
        _ levels: ClosedRange<Double>, _ shares: ClosedRange<Double>, _ side: PhantomPatient.Side, _ random: inout SeededGenerator
    ) -> (x: Float, y: Float) {
        let y = patient.apex + Float(random.uniform(levels)) * (patient.dome(side) - patient.apex)
        let (inner, outer) = (patient.innerEdge(y) + 0.8, patient.outerEdge(y, side))
        return (patient.midline(y) + side * (inner + max(0, outer - inner) * Float(random.uniform(shares))), y)
    }

    /// A round lesion with a slightly knobbly outline: the chord through a ball.
    private func drawBall(
        radius: ClosedRange<Double>, on opacity: inout PhantomOpacity, _ side: PhantomPatient.Side, _ random: inout SeededGenerator
    ) {
        let radius = Float(random.uniform(radius))
        var centre = place(0.2...0.88, 0.3...0.8, side, &random)
        let outer = patient.outerEdge(centre.y, side)
        // Inside the lung, not through the wall.
        let reach = abs(centre.x - patient.midline(centre.y))
        if reach + radius > outer { centre.x -= side * (reach + radius - outer) }
        let flat = Float(random.uniform(0.85...1.15))
        let phases = (0..<3).map { _ in Float(random.uniform(0...6.283)) }
        let knobs = Float(random.uniform(0.02...0.07))
        let reachAll = radius * 1.5
        opacity.water.paint(x: centre.x - reachAll...centre.x + reachAll, y: centre.y - reachAll...centre.y + reachAll) { pixel, x, y in
            let (dx, dy) = ((x - centre.x) / flat, (y - centre.y) * flat)
            let angle = atan2(dy, dx)
            let outline =
                radius * (1 + knobs * (sin(2 * angle + phases[0]) + 0.7 * sin(3 * angle + phases[1]) + 0.5 * sin(5 * angle + phases[2])))
            let share = (dx * dx + dy * dy) / (outline * outline)
            guard share < 1 else { return }
            pixel = 0.35 + 2 * radius * (1 - share).squareRoot() * (0.75 + 0.25 * smoothStep(0, 0.25, 1 - share))
        }
    }

    /// Ill-defined patches with lung and vessels between them.
    private func drawInfiltrate(on opacity: inout PhantomOpacity, _ side: PhantomPatient.Side, _ random: inout SeededGenerator) {
        let centre = place(0.3...0.85, 0.3...0.65, side, &random)
        let (rx, ry) = (Float(random.uniform(2.4...4)), Float(random.uniform(2.8...4.8)))
        let patches = PhantomNoise(cell: 1.5, width: patient.width, &random)
        let flecks = PhantomNoise(cell: 0.55, width: patient.width, &random)
        let strength = Float(random.uniform(0.34...0.5))
        let (lungs, width) = (lungs, lungs.side)
        let scale = lungs.pixelsPerCentimetre
        opacity.water.paint(x: centre.x - 1.5 * rx...centre.x + 1.5 * rx, y: centre.y - 1.5 * ry...centre.y + 1.5 * ry) { pixel, x, y in
            let (dx, dy) = ((x - centre.x) / rx, (y - centre.y) / ry)
            let lump = patches(x, y)
            let cloud = 1 - smoothStep(0.15, 1.35, (dx * dx + dy * dy).squareRoot() + 0.3 * lump)
            guard cloud > 0 else { return }
            let patchy = max(0.1, 0.62 + 0.5 * lump + 0.35 * flecks(x, y))
            let lung = lungs.values[Int(y * scale) * width + Int(x * scale)]
            pixel = lung * min(0.75, strength * cloud * patchy)
        }
    }

    /// A lobe full of fluid: dense, its lower or upper border a fissure, the bronchi still full of air.
    private func drawConsolidation(on opacity: inout PhantomOpacity, _ side: PhantomPatient.Side, _ random: inout SeededGenerator) {
        let isUpper = random.uniform() < 0.4
        let centre = isUpper ? place(0.24...0.36, 0.35...0.55, side, &random) : place(0.66...0.84, 0.3...0.55, side, &random)
        let (rx, ry) = (Float(random.uniform(3.4...4.8)), Float(random.uniform(3...4.2)))
        let lumps = PhantomNoise(cell: 1.9, width: patient.width, &random)
        let flecks = PhantomNoise(cell: 0.6, width: patient.width, &random)
        let strength = Float(random.uniform(0.5...0.7))
        // The upper lobe ends below at a fissure, the lower ones above.
        let fissure = centre.y + (isUpper ? 0.55 : -0.55) * ry
        let slope = side * Float(random.uniform(-0.05...0.2))
        let bronchi = bronchogram(towards: centre, side, &random)
        var share = PhantomField(side: lungs.side, width: patient.width)
        share.paint(x: centre.x - 1.6 * rx...centre.x + 1.6 * rx, y: centre.y - 1.6 * ry...centre.y + 1.6 * ry) { pixel, x, y in
            let (dx, dy) = ((x - centre.x) / rx, (y - centre.y) / ry)
            let cloud = 1 - smoothStep(0.4, 1.35, (dx * dx + dy * dy).squareRoot() + 0.2 * lumps(x, y))
            guard cloud > 0 else { return }
            let beyond = (y - fissure - slope * (x - centre.x)) * (isUpper ? 1 : -1)
            pixel = cloud * (1 - smoothStep(-0.7, 0.5, beyond)) * (0.93 + 0.07 * flecks(x, y))
        }
        for index in share.values.indices where share.values[index] > 0 {
            let filled = share.values[index]
            opacity.water.values[index] = max(0, lungs.values[index] * strength * filled - bronchi.values[index] * filled * 1.6)
            opacity.vesselsLeft.values[index] = 1 - 0.85 * filled
        }
    }

    /// Centimetres of air in the bronchi on the way from the hilum into a place.
    private func bronchogram(
        towards centre: (x: Float, y: Float), _ side: PhantomPatient.Side, _ random: inout SeededGenerator
    ) -> PhantomField {
        var field = PhantomField(side: lungs.side, width: patient.width)
        let hilum = PhantomVessels(patient: patient).hilum(side)
        let aim = atan2(centre.y - hilum.y, side * (centre.x - hilum.x))
        let length = ((centre.x - hilum.x) * (centre.x - hilum.x) + (centre.y - hilum.y) * (centre.y - hilum.y)).squareRoot()
        func grow(_ branch: PhantomBranch, _ generation: Int) {
            let points = branch.points(&random)
            field.stroke(points.map { PhantomStrokePoint(x: $0.x, y: $0.y, half: $0.half, value: 2 * $0.half) }) {
                max(0, 1 - $0 * $0).squareRoot()
            }
            guard generation < 4, let end = points.last else { return }
            for turn in [Float(-0.34), 0.34] {
                grow(
                    PhantomBranch(
                        x: end.x, y: end.y, direction: branch.direction + turn + Float(random.uniform(-0.15...0.15)),
                        radius: end.half * 0.86,
                        length: max(1.1, branch.length * Float(random.uniform(0.55...0.8))), outwards: side), generation + 1)
            }
        }
        grow(PhantomBranch(x: hilum.x, y: hilum.y, direction: aim, radius: 0.27, length: max(1.6, length * 0.6), outwards: side), 0)
        return field
    }

    /// Collapsed lung: plates above the diaphragm, or a wedge at the base beside the heart.
    private func drawCollapse(on opacity: inout PhantomOpacity, _ side: PhantomPatient.Side, _ random: inout SeededGenerator) {
        if random.uniform() < 0.6 {
            let centre = place(0.72...0.92, side < 0 ? 0.3...0.6 : 0.5...0.72, side, &random)
            let tilt = side * Float(random.uniform(-0.3...0.4))
            for line in 0..<Int(random.uniform(1.3...3.9)) {
                let half = Float(random.uniform(1.9...3.6))
                let (x, y) = (centre.x + Float(random.uniform(-0.8...0.8)), centre.y + (0.7 + Float(random.uniform(0...0.6))) * Float(line))
                let (thick, bend) = (Float(random.uniform(0.14...0.3)), Float(random.uniform(-0.25...0.25)))
                let lean = tilt + Float(random.uniform(-0.1...0.1))
                let points = (0...12).map { index -> PhantomStrokePoint in
                    let share = Float(index) / 6 - 1
                    return PhantomStrokePoint(
                        x: x + half * share, y: y + lean * half * share + bend * (1 - share * share),
                        half: thick * (1.3 - 0.5 * share * share), value: Float(2.2) * (1 - 0.75 * share * share))
                }
                opacity.water.stroke(points) { 1 - smoothStep(0.1, 1, $0) }
            }
        } else {
            let hilum = PhantomVessels(patient: patient).hilum(side)
            let top = hilum.y + Float(random.uniform(1.4...2.8))
            let foot = patient.dome(side) + 2.5
            let spread = Float(random.uniform(4.2...6.2))
            let strength = Float(random.uniform(0.42...0.62))
            let lumps = PhantomNoise(cell: 1.6, width: patient.width, &random)
            let bow = Float(random.uniform(-0.6...0.9))
            let (lungs, width, patient) = (lungs, lungs.side, patient)
            let scale = lungs.pixelsPerCentimetre
            opacity.water.paint(x: 0...patient.width, y: top - 1...foot + 3) { pixel, x, y in
                let distance = (x - patient.midline(y)) * side
                guard distance > 0 else { return }
                let level = max(0, (y - top) / (foot - top))
                let edge = 2.2 + spread * level + bow * level * (1 - level) * 3 + 0.25 * lumps(x, y)
                let inside = 1 - smoothStep(-0.9, 0.5, distance - edge)
                guard inside > 0 else { return }
                pixel = lungs.values[Int(y * scale) * width + Int(x * scale)] * strength * inside * smoothStep(-0.6, 2.4, y - top)
            }
        }
        for index in opacity.water.values.indices where opacity.water.values[index] > 0 { opacity.vesselsLeft.values[index] = 0.6 }
    }

    /// Fluid at the base: it fills the angle, climbs along the wall, and hides the diaphragm.
    private func drawEffusion(on opacity: inout PhantomOpacity, _ side: PhantomPatient.Side, _ random: inout SeededGenerator) {
        let fluid = Float(random.uniform(2...9.5))
        let angle = patient.diaphragm(patient.half(side), side)
        let level = angle - 1.2 - fluid
        let climb = Float(random.uniform(2.2...4.5))
        let ripple = PhantomNoise(cell: 4, width: patient.width, &random)
        for row in 0..<lungs.side {
            let y = lungs.place(row)
            guard y > level - climb - 1.5 else { continue }
            for column in 0..<lungs.side {
                let index = row * lungs.side + column
                let lung = lungs.values[index]
                let x = lungs.place(column)
                let distance = (x - patient.midline(y)) * side
                guard lung > 0, distance > 0 else { continue }
                // The meniscus: highest at the wall, a little at the mediastinum.
                let share = distance / patient.half(side)
                let lift = climb * share * share * share * share + 0.8 * max(0, 0.45 - share) / 0.45
                let below = y - (level - lift + 0.9 + 0.15 * ripple(x, y))
                guard below > -1 else { continue }
                // The layer thins out upwards, as it reaches higher behind and beside the lung than in the middle.
                let filled = smoothStep(-1, 1.3, below)
                opacity.water.values[index] = lung * 0.96 * filled
                opacity.vesselsLeft.values[index] = 1 - filled
            }
        }
    }

    /// Air between lung and wall, widest at the top: no vessels beyond the thin line of the lung's own skin.
    private func drawPneumothorax(on opacity: inout PhantomOpacity, _ side: PhantomPatient.Side, _ random: inout SeededGenerator) {
        var air = PhantomField(side: lungs.side, width: patient.width)
        let gap = Float(random.uniform(1.5...4.2))
        let end = patient.apex + Float(random.uniform(0.45...0.95)) * (patient.dome(side) - patient.apex)
        let ripple = PhantomNoise(cell: 3.5, width: patient.width, &random)
        for row in 0..<lungs.side {
            let y = lungs.place(row)
            guard y < end else { continue }
            let here = gap * (1 - smoothStep(end - 13, end, y))
            let edge = patient.outerEdge(y - gap * 1.05, side) - here
            let line = patient.outerEdge(y, side) - patient.innerEdge(y)
            guard here > 0.06, line > 0 else { continue }
            for column in 0..<lungs.side {
                let index = row * lungs.side + column
                guard lungs.values[index] > 0 else { continue }
                let x = lungs.place(column)
                let distance = (x - patient.midline(y) - 0.25 * patient.rotation) * side
                guard distance > 0 else { continue }
                let beyond = distance - edge - 0.12 * ripple(x, y)
                guard beyond > -0.08 else { continue }
                let free = smoothStep(-0.08, 0.08, beyond)
                air.values[index] = 0.6 * free
                opacity.vesselsLeft.values[index] = 1 - free
                // The visceral pleura: a millimetre, seen along its edge.
                let skin = 1 - abs(beyond - 0.02) / 0.075
                if skin > 0 { opacity.water.values[index] = 0.95 * skin }
            }
        }
        opacity.air = air
    }
}
