/// How much a detection and a truth box have in common, in 0...1.
public enum OverlapMeasure: Hashable, Sendable {
    /// The area both cover over the area either covers.
    case intersectionOverUnion
    /// The area both cover over the detection's own (Wang 2017: IoBB, the intersection over the detected bounding box).
    case intersectionOverDetected
}
