import Basics
import Datasets
import Geometry
import Radiographs

extension PhantomGenerator {
    /// A picture that is no chest. Four of five have something to be found.
    func drawn(_ index: Int) -> Phantom {
        var random = SeededGenerator(seed: seed, stream: UInt64(truncatingIfNeeded: index) ^ 0x5CE4_E5B9)
        let size = side ?? (16 * Int(random.uniform(32...48.99)))
        let isHealthy = ((index % 5) + 5) % 5 == 4
        let count = isHealthy ? 0 : random.uniform() < 0.25 ? 2 : 1
        let scene: DrawnScene =
            switch kind {
            case .bone: PhantomBone(&random).scene(side: size, hasFracture: !isHealthy, &random)
            case .ultrasound: PhantomUltrasound(&random).scene(side: size, count: count, &random)
            case .mr, .chest: PhantomSlice(&random).scene(side: size, count: count, &random)
            }
        let pixels = PixelImage(width: size, height: size, bits: 12, samples: scene.grey.map { UInt16(($0 * 4_095).rounded()) })
        return Phantom(
            pixels: pixels, lesions: scene.findings.map { Annotation(classID: 1, box: $0) }, view: "", pixelSpacing: 0.4,
            heart: Box(x: 0, y: 0, width: 0, height: 0), thoraxWidth: 0, anatomy: [])
    }
}
