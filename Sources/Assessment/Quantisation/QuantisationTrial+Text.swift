import Foundation

extension QuantisationTrial {
    /// What was measured, for a person: three lines, each ended by a line feed.
    public var text: String {
        let lines = [
            String(format: "mAP50 f32   %.4f", before.map50),
            String(
                format: "mAP50 int8  %.4f  (%d of %d convolutions in 8 bits)", after.map50, convolutions, convolutions + keptConvolutions),
            String(
                format: "difference %+.4f  on %@: %d images, %d boxes; ranges from %d images", after.map50 - before.map50, split,
                before.images, before.boxes, calibrationImages),
        ]
        return lines.joined(separator: "\n") + "\n"
    }
}
