/// Random changes of a training picture that a radiologist would still read the same way.
///
/// They act on grey in the depth it is stored in, before the preprocessing's `normalise`. What is off by default has a probability or
/// an amount of 0. Whatever the file of a configuration leaves out keeps the value given here.
public struct Augmentation: Codable, Hashable, Sendable {
    /// Which part of the picture is seen, and how it lies.
    public var geometry = Geometry()
    /// The curve between stored grey and shown grey.
    public var grey = Grey()
    public var blur = Blur()
    public var noise = Noise()
    /// Places that are hidden.
    public var cutOut = CutOut()
    /// Four pictures in one.
    public var mosaic = Mosaic()
    /// Two pictures through each other.
    public var mixUp = MixUp()
    /// A finding of one picture in another.
    public var copyPaste = CopyPaste()

    public init() {}

    /// Every picture whole, upright, in the middle and as it is.
    public static var none: Augmentation {
        var result = Augmentation()
        result.geometry.flipProbability = 0
        (result.geometry.scaleLow, result.geometry.scaleHigh, result.geometry.aspect) = (1, 1, 0)
        result.grey = Grey(gamma: 0, contrast: 0, brightness: 0, exposure: 0)
        return result
    }

    /// What is wrong with the numbers, the first of it; `nil` where nothing is.
    public var fault: String? {
        geometry.fault ?? grey.fault ?? blur.fault ?? noise.fault ?? cutOut.fault ?? mosaic.fault ?? mixUp.fault ?? copyPaste.fault
    }
}
