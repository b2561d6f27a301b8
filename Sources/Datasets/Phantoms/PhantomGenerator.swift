import Findings
import Foundation
import Radiographs

/// Draws frontal chest radiographs of persons who never were, each with up to two lesions whose places are known exactly.
///
/// They look like chests and are none: for demonstrations and tests that must not carry a patient's image, never for training a model that is
/// to be used. The same seed gives the same pictures.
public struct PhantomGenerator: Sendable {
    /// One drawn radiograph.
    public struct Phantom: Sendable {
        /// 12 bits.
        public let pixels: PixelImage
        /// Each lesion's class and its box in pixels; none for a chest without findings.
        public let lesions: [Annotation]
    }

    /// The classes of all phantoms, named and numbered as in NIH's boxes.
    public static let findingClasses = PhantomLesion.findingClasses

    public let seed: UInt64
    /// Width and height of the pictures, 512 to 1024 pixels; `nil` for a size that differs from picture to picture.
    public let side: Int?

    public init(seed: UInt64 = 1, side: Int? = nil) {
        self.seed = seed
        self.side = side.map { max(512, min(1_024, $0)) }
    }

    /// - Parameter index: Which picture, from 0; each is drawn by itself, so they can be drawn at the same time.
    public func phantom(_ index: Int) -> Phantom {
        var random = SeededGenerator(seed: seed, stream: UInt64(truncatingIfNeeded: index))
        let size = side ?? (16 * Int(random.uniform(32...64.99)))
        // The kinds take turns, so that a few pictures already show several; a second one comes by chance, every ninth has none.
        let kinds = PhantomLesion.allCases
        var wanted: [PhantomLesion] = []
        let turn = ((index % 9) + 9) % 9
        if turn < kinds.count { wanted.append(kinds[(turn * 3 + Int(truncatingIfNeeded: seed % 8)) % kinds.count]) }
        if !wanted.isEmpty, random.uniform() < 0.35 {
            let second = kinds[Int(random.uniform() * Double(kinds.count))]
            if second != wanted[0] { wanted.append(second) }
        }
        var anatomy = PhantomAnatomy(&random)
        if wanted.contains(.cardiomegaly) {
            let growth = Float(random.uniform(1.28...1.42))
            anatomy.heart = (
                anatomy.heart.x + 0.015, anatomy.heart.y - 0.01, anatomy.heart.rx * growth, anatomy.heart.ry * growth
            )
        }
        var lungs = PhantomField(side: size)
        var edge: (y: Float, value: Float) = (-1, 0)
        lungs.fill { x, y in
            if edge.y != y { edge = (y, anatomy.outerEdge(y)) }
            return anatomy.lung(x, y, outerEdge: edge.value)
        }
        let isLeftFirst = random.uniform() < 0.5
        var placed: [PlacedLesion] = []
        for (number, lesion) in wanted.enumerated() {
            // Each lung has one at most, so that none hides another.
            let picturesLeft = number == 0 ? isLeftFirst : !isLeftFirst
            for _ in 0..<4 {
                guard let one = PlacedLesion(lesion, in: anatomy, lungs: lungs, picturesLeft: picturesLeft, &random) else { continue }
                placed.append(one)
                break
            }
        }
        let pixels = PhantomExposure(anatomy: anatomy, lungs: lungs, lesions: placed).picture(&random)
        let lesions = placed.compactMap { one in
            Self.findingClasses.first { $0.name == one.lesion.rawValue }.map {
                Annotation(classID: $0.id, box: one.box.clipped(toWidth: Double(size), height: Double(size)))
            }
        }
        return Phantom(pixels: pixels, lesions: lesions)
    }
}
