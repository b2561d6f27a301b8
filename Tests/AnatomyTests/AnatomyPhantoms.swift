import Anatomy
import Findings
import Geometry
import Phantoms
import Radiographs

/// True masks of drawn chests, as if a network had said them.
enum AnatomyPhantoms {
    static let side = 128

    /// Shares of each of the input's pixels that a structure covers, by looking at every pixel of the drawing.
    static func maps(_ bits: [UInt8], width: Int, height: Int, side: Int = side) -> StructureMaps? {
        let transform = LetterboxTransform(imageWidth: width, imageHeight: height, inputWidth: side, inputHeight: side)
        var values = [Float](repeating: 0, count: 5 * side * side)
        let share = Float(transform.scale * transform.scale)
        for row in 0..<height {
            let y = Int((Double(row) + 0.5) * transform.scale + transform.offsetY)
            for column in 0..<width where bits[row * width + column] != 0 {
                let x = Int((Double(column) + 0.5) * transform.scale + transform.offsetX)
                for (index, bit) in AnatomyBits.all.enumerated() where bits[row * width + column] & bit != 0 {
                    values[index * side * side + y * side + x] += share
                }
            }
        }
        return StructureMaps(side: side, values: values.map { min(1, $0) }, transform: transform)
    }

    /// What a perfect network would say of the mirrored image.
    static func turned(_ maps: StructureMaps) -> StructureMaps { maps.mirrored() }

    /// The picture as a network's input.
    static func grey(_ pixels: PixelImage) -> [Float] {
        (try? Preprocessing(steps: [.letterbox(width: side, height: side, fill: 0)]).modelInput(pixels).values) ?? []
    }

    static func reading(_ phantom: PhantomGenerator.Phantom) -> AnatomyReading? {
        guard let maps = maps(phantom.anatomy, width: phantom.pixels.width, height: phantom.pixels.height) else { return nil }
        return AnatomyReading(
            upright: maps, mirrored: turned(maps), grey: grey(phantom.pixels), view: .posteroanterior, ratioSpread: 0.02)
    }
}
