import Findings
import Geometry
import Radiographs

extension MendedFrame {
    /// Lines and borders on the mended image, in pixels of the original. The ratio's lines are level: of an image that lies on its side there is
    /// no ratio, and a note says so.
    func anatomyInOriginal(_ anatomy: ImageAnatomy) -> ImageAnatomy {
        var moved = anatomy
        moved.outlines = anatomy.outlines.map { outline in
            ImageAnatomy.Outline(structure: outline.structure, points: outline.points.map { original($0.x, $0.y) })
        }
        guard let ratio = anatomy.ratio else { return moved }
        if quarterTurns % 2 == 0 {
            moved.ratio = CardiothoracicRatio(heart: level(ratio.heart), thorax: level(ratio.thorax), error: ratio.error)
        } else {
            moved.ratio = nil
            moved.notes.append(ImageWarning(.imageOnItsSide))
        }
        return moved
    }

    private func level(_ line: CardiothoracicRatio.Line) -> CardiothoracicRatio.Line {
        let (a, b) = (original(line.left, line.y), original(line.right, line.y))
        return CardiothoracicRatio.Line(left: min(a.x, b.x), right: max(a.x, b.x), y: a.y)
    }

    /// A point as a box without size.
    private func original(_ pointX: Double, _ pointY: Double) -> ImageAnatomy.Outline.Point {
        let box = boxInOriginal(Box(x: pointX, y: pointY, width: 0, height: 0))
        return ImageAnatomy.Outline.Point(x: box.x, y: box.y)
    }
}
