import Findings
import Geometry
import Radiographs

/// Where boxes lie in the chest, by the masks of lungs and heart.
///
/// Every share is one of the box's area: the part of it that lies in a zone, on a side, over the heart.
public struct ChestPlaces: Sendable {
    /// A box of which the lesser side has at least this share is on both.
    static let bothSides = 0.25
    /// A box of which less than this share lies on the chest is outside.
    static let onChest = 0.1
    /// Of a lung's height, at its top and at its bottom.
    static let end = 0.15

    private let masks: AnatomyMasks
    private let midline: Midline
    private let rightRows: ClosedRange<Int>
    private let leftRows: ClosedRange<Int>
    /// For each row of the grid, from where to where the chest reaches; empty where it does not.
    private let chest: [Range<Double>]

    /// `nil` where there are no two lungs.
    package init?(_ masks: AnatomyMasks) {
        guard let midline = Midline(masks), let right = masks.rightLung.rows, let left = masks.leftLung.rows else { return nil }
        (self.masks, self.midline, rightRows, leftRows) = (masks, midline, right, left)
        chest = (0..<masks.side).map { row in
            let all = [masks.rightLung, masks.leftLung, masks.heart].compactMap { $0.columns(row: row) }
            guard let first = all.map(\.lowerBound).min(), let last = all.map(\.upperBound).max() else { return 0..<0 }
            // Ribs and the diaphragm's rim are of the chest, too.
            let margin = 0.02 * Double(masks.side)
            return Double(first) - margin..<Double(last) + 1 + margin
        }
    }

    /// - Parameter box: In pixels of the original image.
    public func place(of box: Box) -> FindingPlace? {
        let transform = masks.maps.transform
        let seen = transform.boxInInput(box)
        guard seen.width > 0, seen.height > 0, seen.x.isFinite, seen.y.isFinite else { return nil }
        let shares = Shares(of: seen, self)
        guard shares.chest >= Self.onChest else { return .outsideChest }
        // The picture's left is the patient's right.
        let side: FindingPlace.Side =
            min(shares.right, 1 - shares.right) >= Self.bothSides ? .both : shares.right >= 0.5 ? .right : .left
        let (top, bottom) = lung(side)
        let height = max(1, bottom - top)
        func share(above: Double, below: Double) -> Double {
            max(0, min(seen.maxY, below) - max(seen.y, above)) / seen.height
        }
        let upper = share(above: -.infinity, below: top + height / 3)
        let lower = share(above: bottom - height / 3, below: .infinity)
        let middle = max(0, 1 - upper - lower)
        let zone: FindingPlace.Zone = upper > max(middle, lower) ? .upper : lower > middle ? .lower : .middle
        return FindingPlace(side: side, zone: zone, region: region(seen, shares, side: side, zone: zone, top: top, bottom: bottom))
    }

    /// Top and bottom of a side's lung; of both, the means.
    private func lung(_ side: FindingPlace.Side) -> (top: Double, bottom: Double) {
        let (right, left) = (
            (Double(rightRows.lowerBound), Double(rightRows.upperBound + 1)), (Double(leftRows.lowerBound), Double(leftRows.upperBound + 1))
        )
        return switch side {
        case .right: right
        case .left: left
        case .both: ((right.0 + left.0) / 2, (right.1 + left.1) / 2)
        }
    }

    private func region(
        _ box: Box, _ shares: Shares, side: FindingPlace.Side, zone: FindingPlace.Zone, top: Double, bottom: Double
    ) -> FindingPlace.Region? {
        let height = bottom - top
        if side != .right, shares.heart >= 0.5, shares.right < 0.5 { return .retrocardiac }
        guard side != .both else { return nil }
        if box.centerY <= top + Self.end * height { return .apical }
        // How far from the midline (0) to the lung's outer border (1) the middle is.
        let outer = outerDistance(side)
        let distance = abs(box.centerX - midline.x(at: box.centerY)) / max(1, outer)
        if box.centerY >= bottom - Self.end * height, distance >= 2.0 / 3 { return .costophrenic }
        if zone == .middle, distance <= 1.0 / 3 { return .hilar }
        return nil
    }

    /// The widest distance of a lung's outer border from the midline.
    private func outerDistance(_ side: FindingPlace.Side) -> Double {
        var widest = 0.0
        for row in 0..<masks.side {
            let middle = midline.x(at: Double(row) + 0.5)
            if side == .right, let columns = masks.rightLung.columns(row: row) { widest = max(widest, middle - Double(columns.lowerBound)) }
            if side == .left, let columns = masks.leftLung.columns(row: row) {
                widest = max(widest, Double(columns.upperBound + 1) - middle)
            }
        }
        return widest
    }

    /// Shares of a box's area, in the grid's pixels, each counted by how much of it the box covers.
    private struct Shares {
        /// On the picture's left of the midline.
        var right = 0.0
        var chest = 0.0
        var heart = 0.0

        init(of box: Box, _ places: ChestPlaces) {
            let side = places.masks.side
            let area = box.width * box.height
            // What lies beside the grid has a side, too.
            let (first, last) = (Int(box.y.rounded(.down)), Int(box.maxY.rounded(.up)))
            for row in max(-side, first)..<min(2 * side, max(first, last)) {
                let height = min(box.maxY, Double(row + 1)) - max(box.y, Double(row))
                guard height > 0 else { continue }
                let middle = places.midline.x(at: Double(row) + 0.5)
                right += height * max(0, min(box.maxX, middle) - box.x)
                guard (0..<side).contains(row) else { continue }
                let span = places.chest[row]
                chest += height * max(0, min(box.maxX, span.upperBound) - max(box.x, span.lowerBound))
                let columns = max(0, Int(box.x.rounded(.down)))..<max(0, min(side, Int(box.maxX.rounded(.up))))
                guard !columns.isEmpty else { continue }
                for column in columns where places.masks.heart.isInside[row * side + column] {
                    heart += height * max(0, min(box.maxX, Double(column + 1)) - max(box.x, Double(column)))
                }
            }
            (right, chest, heart) = (right / area, chest / area, heart / area)
        }
    }
}
