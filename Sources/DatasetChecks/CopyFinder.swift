import Datasets

/// Groups pictures that are copies of each other.
package struct CopyFinder {
    private var byFrequencies = HammingIndex(radius: PictureFingerprint.frequencyRadius)
    private var byGradients = HammingIndex(radius: PictureFingerprint.gradientRadius)

    /// For every picture that repeats an earlier one the number of that earlier one, which itself repeats none. Pictures without a
    /// fingerprint repeat none.
    ///
    /// Only pictures that repeat none are kept to compare with, so that a thousand copies of one picture are a thousand comparisons and
    /// not a million.
    /// - Parameter larger: `PictureDetail.confirming(_:)` of a picture, asked for where the fingerprint leaves a doubt.
    package static func copies(_ fingerprints: [PictureFingerprint?], larger: (Int) -> [PictureDetail]) -> [Int: Int] {
        var finder = CopyFinder()
        var copies: [Int: Int] = [:]
        for (index, fingerprint) in fingerprints.enumerated() {
            guard let fingerprint else { continue }
            var own: [PictureDetail]?
            // The most similar first: it is nearly always the one.
            let candidates = finder.candidates(fingerprint)
                .map { ($0, fingerprints[$0]?.detail.similarity(fingerprint.detail) ?? 0) }
                .filter { $0.1 >= PictureDetail.possible }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
            let same = candidates.first { other, similarity in
                PictureDetail.areSame(similarity) {
                    let mine = own ?? larger(index)
                    own = mine
                    return (mine, larger(other))
                }
            }
            if let same {
                copies[index] = same.0
            } else {
                finder.byFrequencies.insert(fingerprint.frequencies, index)
                finder.byGradients.insert(fingerprint.gradients, index)
            }
        }
        return copies
    }

    private func candidates(_ fingerprint: PictureFingerprint) -> [Int] {
        Set(byFrequencies.matches(fingerprint.frequencies)).union(byGradients.matches(fingerprint.gradients)).sorted()
    }
}
