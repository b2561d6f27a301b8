import Basics
import Findings

/// The random numbers of a run, by what they are for, so that any of them can be drawn without the others: those of step 700 without
/// those of steps 0 to 699, those of one picture without its batch.
package struct RandomStreams: Hashable, Sendable {
    package let seed: UInt64

    package init(seed: UInt64) { self.seed = seed }

    enum Purpose: UInt64 {
        case order = 1
        case view, blur, noise, cutOut, mosaic, mixUp, replacement, copyPaste, upsideDown, colour
    }

    /// Steps past this count are all drawn like it; no run is as long.
    static let lastStep = 1 << 36

    /// Of one picture of one step.
    /// - Parameter part: Which of several draws of the same kind, 0 to 7.
    func generator(_ purpose: Purpose, step: Int, place: Int, part: Int = 0) -> SeededGenerator {
        let step = UInt64(min(max(0, step), Self.lastStep))
        let detail = (UInt64(truncatingIfNeeded: place) & 0x7FFF) << 3 | (UInt64(truncatingIfNeeded: part) & 7)
        return SeededGenerator(seed: seed, stream: purpose.rawValue << 56 | step << 18 | detail)
    }

    /// Of the order of one epoch of one pool of pictures.
    func generator(order epoch: UInt64, pool: UInt64) -> SeededGenerator {
        SeededGenerator(seed: seed, stream: Purpose.order.rawValue << 56 | (pool & 7) << 52 | (epoch & 0xF_FFFF_FFFF_FFFF))
    }
}
