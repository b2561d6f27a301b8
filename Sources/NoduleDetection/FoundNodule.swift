import Nodules
import Volumes

/// A nodule that the networks found in a scan, best first in a list.
public struct FoundNodule: Sendable {
    /// From 1, by falling score.
    public var number: Int
    /// With its score.
    public var nodule: Nodule
    /// 1 in the nodule, on voxels of half a millimetre along the patient's axes, cut to it.
    public var mask: VolumeMask
    public var sizeClasses: SizeClasses
    /// The candidate that it began with.
    public var candidate: Candidate

    package init(number: Int, nodule: Nodule, mask: VolumeMask, sizeClasses: SizeClasses, candidate: Candidate) {
        (self.number, self.nodule, self.mask, self.sizeClasses, self.candidate) = (number, nodule, mask, sizeClasses, candidate)
    }
}

/// What was found in one scan.
public struct NoduleReading: Sendable {
    /// By falling score; those below the threshold are left out.
    public var nodules: [FoundNodule]
    /// How many places were looked at.
    public var candidates: Int
    public var threshold: Double
    /// Litres.
    public var rightLung: Double
    public var leftLung: Double
    /// What limits the reading, a sentence each.
    public var remarks: [String]
    /// The scan on voxels of 1 mm, as far as the lungs reach; for pictures.
    public var volume: Volume

    package init(
        nodules: [FoundNodule], candidates: Int, threshold: Double, rightLung: Double, leftLung: Double, remarks: [String], volume: Volume
    ) {
        (self.nodules, self.candidates, self.threshold) = (nodules, candidates, threshold)
        (self.rightLung, self.leftLung, self.remarks, self.volume) = (rightLung, leftLung, remarks, volume)
    }
}
