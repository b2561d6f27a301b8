/// Whose average precision.
public enum AveragePrecisionRule: Hashable, Sendable {
    /// COCO: a detection is given the free truth box it overlaps most; at most 100 detections of a class on an image; the mean of the
    /// precision at 101 recalls.
    case coco
    /// Pascal VOC 2010 and later, and VinBigData at an IoU of 0.4: a detection is given the truth box it overlaps most, free or not, and
    /// is false where that is taken; every detection counts; the area under the precision made monotone. Edges are taken as they are,
    /// without the pixel that VOC's own program adds. A crowd is VOC's "difficult".
    case voc2010
}
