import Datasets
import Findings
import Geometry

/// What a phantom shows. Each kind is a domain of Pleura's own, to try a training with before there are images.
public enum PhantomKind: String, CaseIterable, Hashable, Sendable {
    case chest
    /// A long bone; a fracture line.
    case bone
    /// A sector of ultrasound with letters around it; a lesion.
    case ultrasound
    /// An axial slice of magnetic resonance; a lesion.
    case mr

    /// The domain whose training takes such pictures.
    public var domainName: String {
        switch self {
        case .chest: "chest-radiograph"
        case .bone: "bone-radiograph"
        case .ultrasound: "ultrasound"
        case .mr: "magnetic-resonance"
        }
    }

    /// What can be found on it.
    public var findingClasses: [FindingClass] {
        switch self {
        case .chest: PhantomLesion.findingClasses
        case .bone: [FindingClass(id: 1, name: "Fracture")]
        case .ultrasound, .mr: [FindingClass(id: 1, name: "Lesion")]
        }
    }

    /// What files and persons are called: `phantom_00001`, `bone_00001`.
    var prefix: String { self == .chest ? "phantom" : rawValue }
}

/// A drawn picture that is no chest: grey of 0...1, and what is found on it.
struct DrawnScene {
    let side: Int
    /// [side * side], row-major, 0...1.
    var grey: [Float]
    /// In pixels.
    var findings: [Box] = []

    init(side: Int) { (self.side, grey) = (side, [Float](repeating: 0, count: side * side)) }

    /// Grey of every pixel; `x` and `y` are shares of the side, 0...1.
    mutating func fill(_ body: (_ x: Float, _ y: Float) -> Float) {
        let step = 1 / Float(side)
        for row in 0..<side {
            for column in 0..<side { grey[row * side + column] = body((Float(column) + 0.5) * step, (Float(row) + 0.5) * step) }
        }
    }

    /// Adds the box around places with a margin, cut at the picture's edge; all in shares of the side.
    mutating func mark(_ places: [SIMD2<Float>], margin: Float) {
        guard let left = places.map(\.x).min(), let right = places.map(\.x).max(), let top = places.map(\.y).min(),
            let bottom = places.map(\.y).max()
        else { return }
        let scale = Double(side)
        let box = Box(
            x0: Double(left - margin) * scale, y0: Double(top - margin) * scale, x1: Double(right + margin) * scale,
            y1: Double(bottom + margin) * scale
        ).clipped(toWidth: scale, height: scale)
        if !box.isEmpty { findings.append(box) }
    }
}
