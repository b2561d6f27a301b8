import Domains
import Findings
import Radiographs

extension ModelCard {
    /// Channels of the network's input.
    public var inputChannels: Int { domain?.channels ?? 1 }

    /// Mean distance of a pixel's colours from which on a picture counts as one in colour: small marks in colour on a grey film stay below.
    private static let colour = 0.03
    /// Below it a picture is grey, whatever its file has.
    private static let grey = 0.015

    /// What the pixels say against the image. A model of a domain refuses images of another kind; one without, whose card is older, warns.
    /// - Parameters:
    ///   - picture: As decoded for the model, with its colours where the model looks at them.
    ///   - histogram: That of its grey.
    ///   - isCut: Its borders were cut off before.
    public func objections(to picture: ReducedRadiograph, histogram: GreyHistogram? = nil, isCut: Bool = false) -> Objections {
        let image = picture.image
        var objections = Objections()
        guard let domain else {
            if let warning = objection(toWidth: image.width, height: image.height, image: image.pixels, histogram: histogram) {
                objections.warnings.append(warning)
            }
            return objections
        }
        if let sentence = sizeObjection(to: image, domain) ?? colourObjection(to: picture.radiograph, domain)
            ?? lookObjection(to: picture, histogram, domain, isCut: isCut)
        {
            objections.refusal = ImageFailure(code: Self.outsideUse, "\(Self.outsideUse): \(sentence)")
            return objections
        }
        if let inputGate, !inputGate.accepts(image.pixels, histogram: histogram) {
            objections.warnings.append(isOfChests ? ImageWarning(.notAChest) : ImageWarning(.unlikeDomain, domain.subject))
        }
        if domain.burntInText == .sector, UltrasoundSector(image.pixels)?.hasBurntInText == true {
            objections.warnings.append(ImageWarning(.burntInText))
        }
        return objections
    }

    private var isOfChests: Bool { domain?.header.table == .frontalChest }

    private func sizeObjection(to image: ReducedImage, _ domain: Domain) -> ImageWarning? {
        let (shorter, longer) = (min(image.width, image.height), max(image.width, image.height))
        let (width, height) = (String(image.width), String(image.height))
        if shorter < domain.gate.shortestSide {
            return isOfChests ? ImageWarning(.tooFewPixels, width, height) : ImageWarning(.tooFewPixelsFor, width, height, domain.subject)
        }
        guard longer > domain.gate.longestShape * shorter else { return nil }
        return isOfChests ? ImageWarning(.tooNarrow, width, height) : ImageWarning(.tooNarrowFor, width, height, domain.subject)
    }

    private func colourObjection(to radiograph: Radiograph, _ domain: Domain) -> ImageWarning? {
        if domain.isColour {
            return radiograph.colour == nil || radiograph.colourfulness < Self.grey ? ImageWarning(.greyForColour, domain.subject) : nil
        }
        return radiograph.colourfulness > Self.colour ? ImageWarning(.colourForGrey, domain.subject) : nil
    }

    private func lookObjection(to picture: ReducedRadiograph, _ histogram: GreyHistogram?, _ domain: Domain, isCut: Bool)
        -> ImageWarning?
    {
        if domain.gate.kind == .meanImage, let inputGate,
            (inputGate.correlation(with: picture.image.pixels, histogram: histogram) ?? -1) < domain.gate.refusalCorrelation
        {
            return isOfChests ? ImageWarning(.notAChest) : ImageWarning(.unlikeDomain, domain.subject)
        }
        guard let appearance else { return nil }
        let planes = picture.radiograph.colour?.planes ?? [picture.image.pixels]
        return appearance.objection(to: planes.map(preprocessing.enhanced), isCut: isCut).map {
            ImageWarning(.otherAppearance, domain.subject, $0)
        }
    }
}
