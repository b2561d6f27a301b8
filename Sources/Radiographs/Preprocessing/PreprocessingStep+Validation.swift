extension PreprocessingStep {
    /// Where in the list a step may stand.
    enum Stage: Int, Comparable {
        /// Works on the image in its own size and depth.
        case image
        case letterbox
        /// Works on the network's input.
        case input

        static func < (a: Stage, b: Stage) -> Bool { a.rawValue < b.rawValue }
    }

    var stage: Stage {
        switch self {
        case .percentileWindow, .clahe, .medianFilter, .nonLocalMeans: .image
        case .letterbox: .letterbox
        case .normalise: .input
        }
    }

    /// - Throws: `RadiographError` where a value makes no sense; the bounds keep a card from asking for hours of work or all memory.
    func checkValues() throws {
        let reason: String? =
            switch self {
            case .percentileWindow(let low, let high): low >= 0 && high <= 100 && low < high ? nil : "needs 0 <= low < high <= 100"
            case .clahe(let tiles, let clipLimit):
                (1...64).contains(tiles) && clipLimit > 0 && clipLimit.isFinite ? nil : "needs 1 to 64 tiles and a clip_limit above 0"
            case .medianFilter(let radius): (1...32).contains(radius) ? nil : "needs a radius of 1 to 32"
            case .nonLocalMeans(let patchRadius, let searchRadius, let strength):
                (0...8).contains(patchRadius) && (1...32).contains(searchRadius) && strength > 0 && strength.isFinite
                    ? nil : "needs a patch_radius of 0 to 8, a search_radius of 1 to 32 and a strength above 0"
            case .letterbox(let width, let height, let fill):
                (1...8192).contains(width) && (1...8192).contains(height) && (0...1).contains(fill)
                    ? nil : "needs a width and height of 1 to 8192 and a fill in 0...1"
            case .normalise(let mean, let standardDeviation):
                mean.isFinite && standardDeviation > 0 && standardDeviation.isFinite ? nil : "needs a standard_deviation above 0"
            }
        if let reason { throw RadiographError(.badPreprocessing, "step \"\(name)\" \(reason)") }
    }
}
