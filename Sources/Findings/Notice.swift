/// The sentences that every output carries.
public enum Notice {
    /// For files and pages.
    public static let researchUseOnly = "research use only, not a diagnosis; a supporting reader, never a replacement for one"
    /// For the banner of a picture.
    public static let banner = "research use only, not a diagnosis"
}
