/// Which detections are taken as said.
public enum ScoreRule: Hashable, Sendable {
    /// Those of at least a score.
    case score(Double)
    /// Those of at least the lowest score at which the false ones are at most so many an image, on average over all images. Chosen on
    /// the images that are scored, and anew in every draw of the bootstrap.
    case falseBoxesPerImage(Double)
    /// The so many best of the class on each image, whatever their scores.
    case highestPerImage(Int)
}
