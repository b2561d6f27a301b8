import Findings

/// The cardiothoracic ratio of masks, and whether it is to be told.
package struct RatioMeasure: Sendable {
    /// Share of the image that the heart covers, in percent.
    package static let heartArea = 2.0...25.0
    package static let heartWholeness = 0.95
    /// Dice with the heart of the mirrored image.
    package static let heartAgreement = 0.88
    /// |d_R - d_L| / (d_R + d_L) of the clavicles' inner ends to the midline between the lungs.
    package static let rotation = 0.35
    /// Share of the image's left and right sides that the lungs touch, in percent.
    package static let cut = 3.0

    /// Widths in pixels of the grid.
    struct Lines {
        var heart: CardiothoracicRatio.Line
        var thorax: CardiothoracicRatio.Line
        var value: Double { heart.length / thorax.length }
    }

    package let checks: [ImageAnatomy.Check]
    package let ratio: CardiothoracicRatio?
    package let notes: [ImageWarning]

    /// - Parameters:
    ///   - masks: Of which the ratio is told.
    ///   - readings: Of the image and of its mirror image, turned back.
    ///   - spread: Half the width of the error bar that the network was measured to have, whatever the image.
    package init(
        _ masks: AnatomyMasks, readings: (upright: AnatomyMasks, mirrored: AnatomyMasks), view: ImageHeader.View?, spread: Double
    ) {
        let heart = masks.heart
        let area = 100 * Double(heart.area) / Double(max(1, masks.frame.area))
        var checks: [ImageAnatomy.Check] = [
            .init(name: "heart_area", value: area, low: Self.heartArea.lowerBound, high: Self.heartArea.upperBound),
            .init(name: "heart_wholeness", value: heart.wholeness, low: Self.heartWholeness),
            .init(name: "heart_agreement", value: readings.upright.heart.dice(readings.mirrored.heart), low: Self.heartAgreement),
        ]
        var notes: [ImageWarning] = []
        if !checks.allSatisfy(\.isPassed) { notes.append(ImageWarning(.heartUncertain)) }
        let cut = Self.cutShare(masks)
        checks.append(.init(name: "chest_cut", value: cut, high: Self.cut))
        if cut > Self.cut { notes.append(ImageWarning(.chestCut)) }
        if let rotation = ClavicleEnds(masks)?.rotation {
            checks.append(.init(name: "rotation", value: rotation, high: Self.rotation))
            if rotation > Self.rotation { notes.append(ImageWarning(.patientTurned, LungChecks.twoDecimals(rotation))) }
        }
        self.checks = checks
        switch view {
        case .posteroanterior, nil: break
        case .anteroposterior: notes.append(ImageWarning(.viewNotComparable, "AP"))
        case .lateral: notes.append(ImageWarning(.viewNotComparable, "lateral"))
        case .other: notes.append(ImageWarning(.viewNotComparable, "neither PA nor AP"))
        }
        guard notes.isEmpty, let own = Self.lines(masks), let first = Self.lines(readings.upright),
            let second = Self.lines(readings.mirrored), own.thorax.length > 0
        else {
            ratio = nil
            self.notes = notes.isEmpty ? [ImageWarning(.heartUncertain)] : notes
            return
        }
        if view == nil { notes.append(ImageWarning(.viewUnknown)) }
        let difference = (first.value - second.value) / 2
        func image(_ line: CardiothoracicRatio.Line) -> CardiothoracicRatio.Line {
            .init(left: masks.imageX(line.left), right: masks.imageX(line.right), y: masks.imageY(line.y))
        }
        ratio = CardiothoracicRatio(
            heart: image(own.heart), thorax: image(own.thorax), error: (spread * spread + difference * difference).squareRoot())
        self.notes = notes
    }

    /// The heart from its rightmost to its leftmost point; the chest in the row where the lungs' outer borders are farthest apart.
    static func lines(_ masks: AnatomyMasks) -> Lines? {
        var heart: CardiothoracicRatio.Line?
        var (leftRow, rightRow) = (0, 0)
        for row in 0..<masks.side {
            guard let columns = masks.heart.columns(row: row) else { continue }
            let left = masks.edge(2, row: row, column: columns.lowerBound, step: -1)
            let right = masks.edge(2, row: row, column: columns.upperBound, step: 1)
            if heart.map({ left < $0.left }) ?? true { leftRow = row }
            if heart.map({ right > $0.right }) ?? true { rightRow = row }
            heart = .init(left: min(left, heart?.left ?? left), right: max(right, heart?.right ?? right), y: 0)
        }
        var thorax: CardiothoracicRatio.Line?
        for row in 0..<masks.side {
            guard let right = masks.rightLung.columns(row: row), let left = masks.leftLung.columns(row: row) else { continue }
            let line = CardiothoracicRatio.Line(
                left: masks.edge(0, row: row, column: right.lowerBound, step: -1),
                right: masks.edge(1, row: row, column: left.upperBound, step: 1), y: Double(row) + 0.5)
            if line.length > thorax?.length ?? 0 { thorax = line }
        }
        guard var heart, let thorax else { return nil }
        heart.y = Double(leftRow + rightRow) / 2 + 0.5
        return Lines(heart: heart, thorax: thorax)
    }

    private static func cutShare(_ masks: AnatomyMasks) -> Double {
        guard let first = masks.frame.columns.first, let last = masks.frame.columns.last else { return 0 }
        var touching = 0
        for row in masks.frame.rows {
            for mask in [masks.rightLung, masks.leftLung] {
                if mask.isInside[row * masks.side + first] { touching += 1 }
                if last != first, mask.isInside[row * masks.side + last] { touching += 1 }
            }
        }
        return 100 * Double(touching) / Double(max(1, 2 * masks.frame.rows.count))
    }
}
