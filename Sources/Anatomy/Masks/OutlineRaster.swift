import Findings
import Foundation
import Radiographs

extension ImageAnatomy {
    /// The masks that the outlines go around, in pixels of the original image: `AnatomyBits`, row-major. A pixel is inside where its middle is.
    public func bits(width: Int, height: Int) -> [UInt8] {
        var bits = [UInt8](repeating: 0, count: max(0, width) * max(0, height))
        for outline in outlines {
            guard let index = AnatomyBits.names.firstIndex(of: outline.structure) else { continue }
            let sides = Array(zip(outline.points, outline.points.dropFirst() + outline.points.prefix(1)))
            for row in 0..<max(0, height) {
                let y = Double(row) + 0.5
                // Where the border crosses the row, from left to right: in and out by turns.
                let crossings = sides.filter { ($0.0.y <= y) != ($0.1.y <= y) }
                    .map { $0.0.x + (y - $0.0.y) / ($0.1.y - $0.0.y) * ($0.1.x - $0.0.x) }.sorted()
                for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
                    let first = max(0, Int((crossings[pair] - 0.5).rounded(.up)))
                    let last = min(width, Int((crossings[pair + 1] - 0.5).rounded(.up)))
                    guard first < last else { continue }
                    for column in first..<last { bits[row * width + column] |= AnatomyBits.all[index] }
                }
            }
        }
        return bits
    }
}
