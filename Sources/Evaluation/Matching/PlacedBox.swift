import Findings
import Geometry

/// A box by its edges and its area, as overlaps are computed from it, in pixels of the original image.
package struct PlacedBox {
    var minX: Double
    var minY: Double
    var maxX: Double
    var maxY: Double
    var area: Double

    package init(_ box: Box) {
        minX = box.x
        minY = box.y
        maxX = box.x + box.width
        maxY = box.y + box.height
        area = box.width * box.height
    }

    var isFinite: Bool { minX.isFinite && minY.isFinite && maxX.isFinite && maxY.isFinite && area.isFinite }

    /// The area both boxes cover, in square pixels.
    @inline(__always)
    func intersection(_ other: PlacedBox) -> Double {
        let width = min(maxX, other.maxX) - max(minX, other.minX)
        guard width > 0 else { return 0 }
        let height = min(maxY, other.maxY) - max(minY, other.minY)
        return height > 0 ? width * height : 0
    }

    package func intersectionOverUnion(_ other: PlacedBox) -> Double {
        let common = intersection(other)
        return common > 0 ? common / (area + other.area - common) : 0
    }
}
