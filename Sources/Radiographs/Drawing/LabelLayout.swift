import Findings
import Geometry

/// Finds places for labels beside their boxes: inside the picture, and not on top of each other where that can be avoided.
package struct LabelLayout {
    /// Width and height of the picture that labels must stay in, in its pixels.
    let width: Double
    let height: Double
    /// Boxes of all marks; a label avoids covering others' edges.
    let boxes: [Box]
    private var taken: [Box] = []

    package init(width: Double, height: Double, boxes: [Box]) {
        self.width = width
        self.height = height
        self.boxes = boxes
    }

    /// Where the plate of a box's label goes; later plates avoid it.
    /// - Complexity: O(*n*) in the marks, for each of a fixed number of places.
    package mutating func place(width plateWidth: Double, height plateHeight: Double, for box: Box) -> Box {
        var best: (cost: Double, plate: Box)?
        for (rank, place) in places(plateWidth, plateHeight, box).enumerated() {
            let plate = Box(
                x: max(0, min(place.x, width - plateWidth)), y: max(0, min(place.y, height - plateHeight)), width: plateWidth,
                height: plateHeight)
            // One plate on another makes both unreadable; hiding what is inside a box hides the finding; the rank breaks ties.
            let onPlates = taken.reduce(0) { $0 + $1.intersection(plate).area } / plate.area
            let onBoxes = boxes.reduce(0) { $0 + $1.intersection(plate).area } / plate.area
            let cost = onPlates * 1_000 + onBoxes * 3 + Double(rank) * 0.2
            if best.map({ cost < $0.cost }) ?? true { best = (cost, plate) }
        }
        let plate = best?.plate ?? Box(x: 0, y: 0, width: plateWidth, height: plateHeight)
        taken.append(plate)
        return plate
    }

    /// Top-left corners to try, best first: outside above and below, beside, inside, then further and further away.
    private func places(_ plateWidth: Double, _ plateHeight: Double, _ box: Box) -> [(x: Double, y: Double)] {
        let right = box.maxX - plateWidth
        var places = [
            (box.x, box.y - plateHeight), (right, box.y - plateHeight), (box.x, box.maxY), (right, box.maxY), (box.maxX, box.y),
            (box.x - plateWidth, box.y), (box.x, box.y), (right, box.y), (box.x, box.maxY - plateHeight), (right, box.maxY - plateHeight),
        ]
        for step in 1...8 {
            let shift = Double(step) * plateHeight
            places.append((box.x, box.y - plateHeight - shift))
            places.append((box.x, box.maxY + shift))
            places.append((box.maxX, box.y + shift))
            places.append((box.x - plateWidth, box.y + shift))
        }
        return places
    }
}
