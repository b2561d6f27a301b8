import Basics
import Datasets
import Findings
import Foundation
import Geometry
import Radiographs

/// Draws frontal chest radiographs of persons who never were, each with up to two lesions whose places are known exactly; or pictures of another
/// kind (`PhantomKind`).
///
/// They look like chests and are none: for demonstrations and tests that must not carry a patient's image, and as a first school for a network that
/// then learns from radiologists' boxes (the preset `pretrain-phantoms`); what learnt from them alone is not to be used on patients. The same seed
/// gives the same pictures, in any order and on any number of threads.
public struct PhantomGenerator: Sendable {
    /// One drawn radiograph.
    public struct Phantom: Sendable {
        /// 12 bits, dense is white.
        public let pixels: PixelImage
        /// Each lesion's class and its box in pixels; none for a chest without findings.
        public let lesions: [Annotation]
        /// DICOM's View Position: `PA`, or `AP` for a patient who could not stand; empty for a picture that is no chest.
        public let view: String
        /// Millimetres from pixel to pixel.
        public let pixelSpacing: Double
        /// The heart as it is drawn, in pixels; empty where there is none.
        package let heart: Box
        /// Inner width of the thorax at its widest, in pixels.
        package let thoraxWidth: Double
        /// Where lungs, heart and clavicles are, as `AnatomyBits`, in pixels; row-major. Empty where that was not asked for, and of other
        /// kinds than chests. Lesions change nothing of it.
        public let anatomy: [UInt8]
    }

    /// The classes of all drawn chests, named and numbered as in NIH's boxes.
    public static let findingClasses = PhantomLesion.findingClasses

    public let seed: UInt64
    /// Width and height of the pictures, 512 to 1024 pixels; `nil` for a size that differs from picture to picture.
    public let side: Int?
    /// What is drawn.
    public let kind: PhantomKind

    public init(seed: UInt64 = 1, side: Int? = nil, kind: PhantomKind = .chest) {
        self.seed = seed
        self.kind = kind
        self.side = side.map { max(512, min(1_024, $0)) }
    }

    /// - Parameter index: Which picture, from 0; each is drawn by itself, so they can be drawn at the same time.
    /// - Parameter hasAnatomy: Whether `anatomy` is wanted as well; the picture is the same.
    public func phantom(_ index: Int, hasAnatomy: Bool = false) -> Phantom {
        kind == .chest ? phantom(index, showsOpacities: true, hasAnatomy: hasAnatomy) : drawn(index)
    }

    /// - Parameter showsOpacities: Without them, the same patient is drawn with healthy lungs; the boxes stay.
    package func phantom(_ index: Int, showsOpacities: Bool, hasAnatomy: Bool = false) -> Phantom {
        var random = SeededGenerator(seed: seed, stream: UInt64(truncatingIfNeeded: index))
        let size = side ?? (16 * Int(random.uniform(32...64.99)))
        // Streams of their own, so that what one part draws does not move another.
        var (forPatient, forScene) = (SeededGenerator(seed: random.next()), SeededGenerator(seed: random.next()))
        var (forLesions, forExposure) = (SeededGenerator(seed: random.next()), SeededGenerator(seed: random.next()))
        let wanted = kinds(index, &random)
        let isLeftFirst = random.uniform() < 0.5
        let sides = wanted.indices.map { ($0 == 0) == isLeftFirst ? PhantomPatient.Side(-1) : 1 }
        var patient = PhantomPatient(hasLargeHeart: wanted.contains(.cardiomegaly), &forPatient)
        for (lesion, side) in zip(wanted, sides) where lesion == .atelectasis {
            // The lung has lost volume: its diaphragm stands higher.
            let rise = Float(random.uniform(0.5...1.8))
            if side < 0 { patient.domes.left -= rise } else { patient.domes.right -= rise }
        }
        let scene = PhantomScene(patient, side: size, hasAnatomy: hasAnatomy, &forScene)
        let pathology = PhantomPathology(patient: patient, lungs: scene.lungs)
        var opacities: [PhantomOpacity] = []
        var (lesions, extents): ([Annotation], [Box]) = ([], [])
        for (lesion, side) in zip(wanted, sides) {
            if lesion == .cardiomegaly { lesions.append(Annotation(classID: lesion.classID, box: scene.heart)) }
            for _ in 0..<4 where lesion != .cardiomegaly {
                guard let (opacity, box) = pathology.draw(lesion, side: side, &forLesions) else { continue }
                opacities.append(opacity)
                extents.append(box)
                lesions.append(Annotation(classID: lesion.classID, box: box))
                break
            }
        }
        let exposure = PhantomExposure(patient, &forExposure)
        let healthy = scene.density()
        var total = healthy
        if showsOpacities, let first = extents.first {
            let all = extents.reduce(first) {
                Box(x0: min($0.x, $1.x), y0: min($0.y, $1.y), x1: max($0.maxX, $1.maxX), y1: max($0.maxY, $1.maxY))
            }
            total = scene.density(healthy, with: opacities, in: all)
        }
        return Phantom(
            pixels: exposure.picture(total, without: healthy, &forExposure), lesions: lesions,
            view: patient.isAnteroposterior ? "AP" : "PA", pixelSpacing: Double(patient.width) * 10 / Double(size), heart: scene.heart,
            thoraxWidth: Double(patient.halves.left + patient.halves.right) * Double(size) / Double(patient.width),
            anatomy: scene.anatomy)
    }

    /// The kinds take turns, so that a few pictures already show several; a second one comes by chance, every ninth picture has none.
    private func kinds(_ index: Int, _ random: inout SeededGenerator) -> [PhantomLesion] {
        let kinds = PhantomLesion.allCases
        let turn = ((index % 9) + 9) % 9
        guard turn < kinds.count else { return [] }
        let first = kinds[(turn * 3 + Int(truncatingIfNeeded: seed % 8)) % kinds.count]
        guard random.uniform() < 0.35 else { return [first] }
        let second = kinds[min(kinds.count - 1, Int(random.uniform() * Double(kinds.count)))]
        return second == first ? [first] : [first, second]
    }
}
