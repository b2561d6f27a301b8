import Radiographs

/// What is done about a degraded film before the network sees it.
public enum DegradedTreatment: String, Codable, CaseIterable, Hashable, Sendable {
    /// The model's own preprocessing; nothing is mended.
    case asIs = "as_is"
    /// What `pleura detect` does: mended, then the model's own preprocessing.
    case mended
    /// Mended, and no percentile window.
    case withoutWindow = "no_window"
    /// Mended; behind the window a contrast-limited adaptive histogram equalisation.
    case clahe
    /// Mended; before the window a median over 3 x 3 pixels.
    case median
    /// Mended; before the window non-local means.
    case nonLocalMeans = "non_local_means"

    var mends: Bool { self != .asIs }

    func preprocessing(_ preprocessing: Preprocessing) -> Preprocessing {
        var steps = preprocessing.steps
        switch self {
        case .asIs, .mended: break
        case .withoutWindow:
            steps.removeAll { if case .percentileWindow = $0 { true } else { false } }
        case .clahe:
            steps.insert(.clahe(tiles: 8, clipLimit: 2), at: steps.firstIndex(where: \.isLetterbox) ?? 0)
        case .median: steps.insert(.medianFilter(radius: 1), at: 0)
        case .nonLocalMeans: steps.insert(.nonLocalMeans(patchRadius: 1, searchRadius: 3, strength: 0.06), at: 0)
        }
        return Preprocessing(steps: steps)
    }
}
