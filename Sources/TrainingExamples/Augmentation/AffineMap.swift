import Findings
import Geometry

/// A map of the plane that keeps straight lines straight: x' = xx x + xy y + x0, y' = yx x + yy y + y0.
package struct AffineMap: Hashable, Sendable {
    package var xx: Double
    package var xy: Double
    package var x0: Double
    package var yx: Double
    package var yy: Double
    package var y0: Double

    package init(xx: Double, xy: Double, x0: Double, yx: Double, yy: Double, y0: Double) {
        (self.xx, self.xy, self.x0) = (xx, xy, x0)
        (self.yx, self.yy, self.y0) = (yx, yy, y0)
    }

    package func callAsFunction(x: Double, y: Double) -> (x: Double, y: Double) { (xx * x + xy * y + x0, yx * x + yy * y + y0) }

    /// The way back; `nil` where everything falls on a line.
    package var inverse: AffineMap? {
        let determinant = xx * yy - xy * yx
        guard determinant != 0, determinant.isFinite else { return nil }
        let (a, b, c, d) = (yy / determinant, -xy / determinant, -yx / determinant, xx / determinant)
        return AffineMap(xx: a, xy: b, x0: -(a * x0 + b * y0), yx: c, yy: d, y0: -(c * x0 + d * y0))
    }

    /// The same with its results stretched along x and y.
    package func scaled(x: Double, y: Double) -> AffineMap {
        AffineMap(xx: xx * x, xy: xy * x, x0: x0 * x, yx: yx * y, yy: yy * y, y0: y0 * y)
    }

    /// The upright box around the mapped ellipse that touches the box's four sides.
    ///
    /// The box around the four mapped corners would be larger than any finding but a rectangular one, and the more so the further it
    /// is turned; around an ellipse is the best guess where the shape is not known (Kalra 2021, "Towards Rotation Invariance in Object
    /// Detection", ICCV). Without rotation both are the mapped box itself.
    package func callAsFunction(_ box: Box) -> Box {
        let centre = self(x: box.centerX, y: box.centerY)
        let (halfWidth, halfHeight) = (box.width / 2, box.height / 2)
        let across = length(xx * halfWidth, xy * halfHeight)
        let down = length(yx * halfWidth, yy * halfHeight)
        return Box(x: centre.x - across, y: centre.y - down, width: 2 * across, height: 2 * down)
    }

    /// Of a vector; exact where one part is 0.
    private func length(_ a: Double, _ b: Double) -> Double {
        if a == 0 { return abs(b) }
        return b == 0 ? abs(a) : (a * a + b * b).squareRoot()
    }
}
