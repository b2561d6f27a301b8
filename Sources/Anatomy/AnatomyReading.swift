import Findings
import Radiographs

/// All that masks of one image say.
public struct AnatomyReading: Sendable {
    /// From this ratio on a heart is large on a PA view; between the two limits nobody is told of a disagreement.
    static let largeFrom = 0.55
    static let notLargeBelow = 0.45
    static let cardiomegaly = "cardiomegaly"

    public let anatomy: ImageAnatomy
    /// `nil` where the masks are not to be trusted.
    public let places: ChestPlaces?
    /// Of a frontal chest; `nil` where the masks are not to be trusted.
    public let measures: ChestMeasures?

    /// - Parameters:
    ///   - upright: What the network says of the image.
    ///   - mirrored: What it says of the mirrored image, as it was said.
    ///   - grey: The network's input, [side, side].
    ///   - view: Of the image, where it says so.
    ///   - ratioSpread: Half the width of the error bar that the network was measured to have.
    public init(upright: StructureMaps, mirrored: StructureMaps, grey: [Float], view: ImageHeader.View?, ratioSpread: Double) {
        let turned = AnatomyMasks(mirrored.mirrored())
        let own = AnatomyMasks(upright)
        let checks = LungChecks(own, mirrored: turned, grey: grey)
        // Two readings are better than one.
        let masks = AnatomyMasks(upright.averaged(with: mirrored.mirrored()))
        guard checks.notes.isEmpty, let places = ChestPlaces(masks) else {
            anatomy = ImageAnatomy(checks: checks.checks, notes: checks.notes.isEmpty ? [ImageWarning(.lungMissing)] : checks.notes)
            (self.places, measures) = (nil, nil)
            return
        }
        let ratio = RatioMeasure(masks, readings: (own, turned), view: view, spread: ratioSpread)
        self.places = places
        measures = view == .lateral ? nil : ChestMeasures(masks, readings: (own, turned))
        anatomy = ImageAnatomy(
            checks: checks.checks, ratioChecks: ratio.checks, ratio: ratio.ratio, notes: ratio.notes,
            outlines: AnatomyBits.names.enumerated().compactMap { masks.outline($0, name: $1) })
    }

    /// The findings with their places.
    public func applied(to image: ImageFindings) -> ImageFindings {
        var image = image
        image.anatomy = anatomy
        guard let places else { return image }
        for index in image.findings.indices {
            image.findings[index].place = places.place(of: image.findings[index].boundingBox)
        }
        return image
    }

    /// With a warning for what does not go together: findings outside the chest, a heart that is large by one reading alone. Of findings as
    /// they are told, after thresholds.
    public static func warned(_ image: ImageFindings) -> ImageFindings {
        var image = image
        for finding in image.findings where finding.place == .outsideChest {
            image.warnings.append(ImageWarning(.findingOutsideChest, finding.id))
        }
        guard let ratio = image.anatomy?.ratio else { return image }
        let isLarge = image.findings.contains { $0.findingClass.name.lowercased() == cardiomegaly && $0.alternativeTo == nil }
        let text = LungChecks.twoDecimals(ratio.value)
        if isLarge, ratio.value + ratio.error < notLargeBelow {
            image.warnings.append(ImageWarning(.heartNotLarge, text))
        } else if !isLarge, ratio.value - ratio.error > largeFrom {
            image.warnings.append(ImageWarning(.heartLarge, text))
        }
        return image
    }
}
