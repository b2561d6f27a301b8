import Foundation
import Volumes

/// A volume in lines for a person.
enum VolumeTextTable {
    static func text(_ volume: Volume, _ lungs: Lungs?) -> String {
        let (geometry, record) = (volume.geometry, volume.record)
        let spacing = geometry.spacing
        var lines = [
            "volume     \(geometry.width) x \(geometry.height) x \(geometry.depth) voxels of "
                + [spacing.x, spacing.y, spacing.z].map { String(format: "%.3f", $0) }.joined(separator: " x ") + " mm",
            "slices     \(record.slicesUsed) of \(record.filesSeen) file\(record.filesSeen == 1 ? "" : "s")",
        ]
        if let thickness = record.thickness { lines.append("thickness  \(String(format: "%.2f", thickness)) mm") }
        if let lungs {
            lines.append(String(format: "lungs      right %.2f l, left %.2f l", lungs.rightVolume, lungs.leftVolume))
            lines += lungs.remarks.map { "           \($0)" }
        }
        lines += record.decisions.map { "           \($0.sentence)" }
        return lines.joined(separator: "\n") + "\n"
    }
}
