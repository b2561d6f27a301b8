/// One piece of a mask, of all that a network marked.
public enum NodulePiece {
    /// The voxels that hang together, by steps to the six neighbours, with the one nearest to the middle.
    /// - Parameters:
    ///   - mask: [side, side, side]; all that is not 0.
    ///   - reach: Voxels from the middle that the nearest may be away.
    /// - Returns: 1 in the piece; `nil` where nothing is near.
    public static func middle(of mask: [UInt8], side: Int, reach: Double) -> [UInt8]? {
        let centre = Double(side) / 2
        var best: (distance: Double, index: Int)?
        for z in 0..<side {
            for y in 0..<side {
                for x in 0..<side {
                    let index = (z * side + y) * side + x
                    guard mask[index] != 0 else { continue }
                    let (dx, dy, dz) = (Double(x) - centre, Double(y) - centre, Double(z) - centre)
                    let distance = dx * dx + dy * dy + dz * dz
                    if distance < best?.distance ?? (reach * reach) { best = (distance, index) }
                }
            }
        }
        guard let start = best?.index else { return nil }
        var piece = [UInt8](repeating: 0, count: mask.count)
        var open = [start]
        piece[start] = 1
        let plane = side * side
        while let index = open.popLast() {
            let (x, y, z) = (index % side, index / side % side, index / plane)
            func visit(_ next: Int) {
                guard mask[next] != 0, piece[next] == 0 else { return }
                piece[next] = 1
                open.append(next)
            }
            if x > 0 { visit(index - 1) }
            if x + 1 < side { visit(index + 1) }
            if y > 0 { visit(index - side) }
            if y + 1 < side { visit(index + side) }
            if z > 0 { visit(index - plane) }
            if z + 1 < side { visit(index + plane) }
        }
        return piece
    }
}

/// How far the piece of a mask may be from the middle of its block.
public enum NoduleMaskReach {
    /// Voxels of 1 mm.
    public static let voxels = 6.0
}
