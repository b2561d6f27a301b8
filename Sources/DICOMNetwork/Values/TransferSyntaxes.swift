/// Transfer syntaxes (PS3.5 Annex A) by preference. Compressed ones stand first: that is how an image usually comes, and what a peer proposes with others is
/// then sent as it is stored. Implicit VR stands last, or a peer that proposes all would send it.
public enum TransferSyntaxes {
    public static let explicitLittleEndian = "1.2.840.10008.1.2.1"
    public static let implicitLittleEndian = "1.2.840.10008.1.2"

    public static let uncompressed = [explicitLittleEndian, implicitLittleEndian]
    /// JPEG 2000, JPEG-LS, lossless JPEG, RLE.
    public static let lossless = [
        "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.5",
    ]
    public static let lossy = [
        "1.2.840.10008.1.2.4.91", "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51",
    ]
    public static let deflated = "1.2.840.10008.1.2.1.99"
    public static let explicitBigEndian = "1.2.840.10008.1.2.2"

    public static let all = lossless + lossy + [deflated, explicitLittleEndian, explicitBigEndian, implicitLittleEndian]
}
