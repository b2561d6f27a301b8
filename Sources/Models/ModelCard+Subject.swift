import Radiographs

/// What a card says its model looks at, and what speaks against an image being that. Nothing here refuses an image or changes what is found.
extension ModelCard {
    /// Whether the intended use speaks of chests, as that of every model does which learnt from chest radiographs.
    var isForChests: Bool { intendedUse.lowercased().contains("chest") }
    /// Whether it speaks of frontal views.
    var isForFrontalViews: Bool { intendedUse.lowercased().contains("frontal") }

    /// What a file's header says against the image, in one sentence; `nil` where it says nothing, or the model is for other images anyway.
    public func objection(to claims: HeaderClaims) -> String? {
        guard isForChests, let sentence = claims.sentence(includingView: isForFrontalViews) else { return nil }
        return "\(sentence); the model is for \(isForFrontalViews ? "frontal " : "")chest radiographs"
    }

    /// What the pixels say against the image, beginning with "not a chest image"; `nil` where they say nothing.
    /// - Parameters:
    ///   - width: Columns of the original.
    ///   - height: Rows of the original.
    ///   - image: The original, or made smaller.
    ///   - histogram: That of `image`.
    public func objection(toWidth width: Int, height: Int, image: PixelImage, histogram: GreyHistogram? = nil) -> String? {
        if isForChests || inputGate != nil, let reason = InputGate.objection(toWidth: width, height: height) {
            return "\(InputGate.notAChestImage): \(reason)"
        }
        return inputGate.map { $0.accepts(image, histogram: histogram) } == false ? InputGate.notAChestImage : nil
    }
}
