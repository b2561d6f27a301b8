/// The colours of maps. They are absolute: a colour means the same number on every image, so that a weak map looks weak.
///
/// From nothing at 0 over yellow and orange to red at 1 (a share of the score, or a score); blue, up to -1, where hiding the place raises the
/// score.
public enum MapColours {
    /// Values nearer to 0 leave the image as it is.
    static let least: Float = 0.05

    /// - Returns: Red, green and blue, 0...255, and how much of the image they cover, 0...1.
    static func colour(_ value: Float) -> (red: Float, green: Float, blue: Float, cover: Float) {
        let size = min(1, abs(value))
        guard size >= least else { return (0, 0, 0, 0) }
        let cover = 0.15 + 0.5 * size
        guard value > 0 else { return (60, 120, 255, cover) }
        // Yellow, orange, red.
        return (255, 225 * (1 - size), 40 * (1 - size), cover)
    }

    /// A grey under a value's colour, as `0xRRGGBB`.
    static func mixed(grey: UInt8, value: Float) -> UInt32 {
        let colour = colour(value)
        func part(_ channel: Float) -> UInt32 {
            UInt32(max(0, min(255, (Float(grey) * (1 - colour.cover) + channel * colour.cover).rounded())))
        }
        return part(colour.red) << 16 | part(colour.green) << 8 | part(colour.blue)
    }
}
