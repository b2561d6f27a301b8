/// The figures at the head of every report, of all images or of a draw of them.
public struct HeadlineFigures: Hashable, Sendable {
    /// COCO at an IoU of 0.50.
    public var map50: MeanOverClasses
    /// COCO, the mean over IoU 0.50 to 0.95.
    public var map: MeanOverClasses
    /// VinBigData: VOC 2010 at an IoU of 0.4.
    public var map40: MeanOverClasses
    /// COCO at an IoU of 0.50, one a class; `nil` for one without truth.
    public var averagePrecision50: [Double?]
    /// By threshold of `Localisation.overlapThresholds` and class.
    public var localisation: [[Double?]]
    /// By rate of `FROC.luna16Rates`, the mean over classes.
    public var froc: [MeanOverClasses]
}
