import Findings

extension AnatomyMasks {
    /// The outer border of a structure's largest piece as a polygon in pixels of the original image, along the pixels' sides, corners only.
    package func outline(_ structure: Int, name: String) -> ImageAnatomy.Outline? {
        let mask = all[structure]
        guard let start = mask.isInside.firstIndex(of: true) else { return nil }
        func isInside(_ x: Int, _ y: Int) -> Bool {
            x >= 0 && y >= 0 && x < side && y < side && mask.isInside[y * side + x]
        }
        // Walks with the inside on the right hand, from the top-left corner of the first pixel to the right.
        let first = (x: start % side, y: start / side)
        var (x, y, dx, dy) = (first.x, first.y, 1, 0)
        var points: [ImageAnatomy.Outline.Point] = []
        repeat {
            x += dx
            y += dy
            // The pixels before the corner, on the left and on the right of the way.
            let left = isInside(x + (dx + dy - 1) / 2, y + (dy - dx - 1) / 2)
            let right = isInside(x + (dx - dy - 1) / 2, y + (dy + dx - 1) / 2)
            let before = (dx, dy)
            if !right {
                (dx, dy) = (-dy, dx)
            } else if left {
                (dx, dy) = (dy, -dx)
            }
            if (dx, dy) != before { points.append(.init(x: imageX(Double(x)), y: imageY(Double(y)))) }
        } while (x, y) != first && points.count < 8 * side * side
        return ImageAnatomy.Outline(structure: name, points: points)
    }
}
