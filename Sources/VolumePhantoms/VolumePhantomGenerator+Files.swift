import Basics
import DICOM
import Foundation
import Volumes

extension VolumePhantomGenerator {
    /// Writes scans as folders of DICOM slices, with `nodules.csv`, and `masks/` of NIfTI with each nodule's number.
    /// - Parameters:
    ///   - folder: Made whole or not at all; it must not be there, or be empty.
    ///   - done: Called after each scan.
    /// - Throws: `FileError`, `VolumeError`, `RadiographError`.
    public func write(count: Int, to folder: URL, hasMasks: Bool, done: (Int) -> Void = { _ in }) throws {
        try AtomicFolder(folder).fill { folder in
            var table = "scan,series_uid,nodule,x_mm,y_mm,z_mm,diameter_mm,long_mm,short_mm,volume_mm3,kind,attachment,solid_mm\r\n"
            for index in 0..<count {
                let phantom = try phantom(index)
                let name = String(format: "scan-%04d", index + 1)
                let (series, slices) = phantom.series(
                    patient: "PHANTOM-CT-\(seed)-\(index + 1)", source: "pleura phantom --ct|\(seed)|\(index)|\(settings)")
                let scan = folder.appendingPathComponent(name)
                try FileManager.default.createDirectory(at: scan, withIntermediateDirectories: true)
                for (number, slice) in slices.enumerated() {
                    // Names in the order of the instances, which is not that of the places.
                    let file = scan.appendingPathComponent(String(format: "%04d.dcm", slices.count - number))
                    try AtomicFile.write(try series.file(of: slice), to: file, synchronises: false)
                }
                for nodule in phantom.nodules {
                    let numbers = [
                        nodule.centre.x, nodule.centre.y, nodule.centre.z, nodule.diameter, nodule.longAxis, nodule.shortAxis,
                        nodule.volume,
                    ]
                    let fields =
                        [name, series.seriesInstanceUID, String(nodule.number)] + numbers.map { String(format: "%.2f", $0) }
                        + [nodule.kind.rawValue, nodule.attachment.rawValue, nodule.solidDiameter.map { String(format: "%.2f", $0) } ?? ""]
                    table += fields.joined(separator: ",") + "\r\n"
                }
                if hasMasks {
                    let file = folder.appendingPathComponent("masks/\(name).nii.gz")
                    try AtomicFile.write(try NIfTIFile.bytes(of: phantom.noduleMask, isCompressed: true), to: file, synchronises: false)
                }
                done(index)
            }
            try AtomicFile.write(Data(table.utf8), to: folder.appendingPathComponent("nodules.csv"), synchronises: false)
        }
    }
}
