/// What the card of a network of nodules calls its kind.
public enum NoduleModelKind {
    /// Two cubes to a score.
    public static let classification = "nodule-classification"
    /// A block to the mask of the nodule in its middle.
    public static let segmentation = "nodule-segmentation"

    /// A classifier's segmenter lies beside it, under its name and this.
    public static let maskSuffix = "-mask"
}
