/// Groups pictures that are copies of each other.
package struct CopyFinder {
    private var byFrequencies = HammingIndex(radius: PictureFingerprint.frequencyRadius)
    private var byGradients = HammingIndex(radius: PictureFingerprint.gradientRadius)

    /// For every picture that repeats an earlier one the number of that earlier one, which itself repeats none. Pictures without a
    /// fingerprint repeat none.
    ///
    /// Only pictures that repeat none are kept to compare with, so that a thousand copies of one picture are a thousand comparisons and
    /// not a million.
    package static func copies(_ fingerprints: [PictureFingerprint?]) -> [Int: Int] {
        var finder = CopyFinder()
        var copies: [Int: Int] = [:]
        for (index, fingerprint) in fingerprints.enumerated() {
            guard let fingerprint else { continue }
            var best: (other: Int, similarity: Double)?
            for other in finder.candidates(fingerprint) {
                guard let similarity = fingerprints[other]?.similarity(fingerprint), similarity >= PictureFingerprint.sameness else { continue }
                if best.map({ similarity > $0.similarity }) ?? true { best = (other, similarity) }
            }
            if let best {
                copies[index] = best.other
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
