import Foundation
import PleuraTesting

/// Files that are drawn for a test.
enum SampleObject {
    static let digitalXRay = "1.2.840.10008.5.1.4.1.1.1.1"
    static let verification = "1.2.840.10008.1.1"
    static let explicitLittleEndian = "1.2.840.10008.1.2.1"

    /// A whole file with an image of 8 bits, `size` by `size`.
    static func file(
        instance: String, classUID: String = digitalXRay, size: Int = 64, syntax: String = explicitLittleEndian, seed: UInt8 = 0
    ) -> Data {
        let samples = Data((0..<size * size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ Int(seed) &+ $0 / size) })
        var object = DICOMBytes(rows: UInt16(size), columns: UInt16(size), samples: samples)
        object.set(0x0008, 0x0016, "UI", classUID)
        object.set(0x0008, 0x0018, "UI", instance)
        object.set(0x0010, 0x0010, "PN", "Test^Patient")
        object.set(0x0010, 0x0020, "LO", "P1")
        object.set(0x0008, 0x0020, "DA", "20240102")
        object.set(0x0008, 0x0050, "SH", "A1")
        object.set(0x0020, 0x000D, "UI", "1.2.826.0.1.3680043.8.498.100")
        object.set(0x0020, 0x000E, "UI", "1.2.826.0.1.3680043.8.498.101")
        object.set(0x0020, 0x0010, "SH", "1")
        object.set(0x0020, 0x0011, "IS", "1")
        object.set(0x0020, 0x0013, "IS", "1")
        object.set(0x0028, 0x0002, "US", Data([1, 0]))
        var meta = DICOMBytes()
        meta.set(0x0002, 0x0001, "OB", Data([0, 1]))
        meta.set(0x0002, 0x0002, "UI", classUID)
        meta.set(0x0002, 0x0003, "UI", instance)
        meta.set(0x0002, 0x0010, "UI", syntax)
        meta.set(0x0002, 0x0012, "UI", "1.2.826.0.1.3680043.8.498.2")
        var length = DICOMBytes()
        length.set(0x0002, 0x0000, "UL", DICOMBytes.little(UInt32(meta.dataset.count)))
        return Data(count: 128) + Data("DICM".utf8) + length.dataset + meta.dataset + object.dataset
    }

    /// What follows the file meta information.
    static func dataset(of file: Data) -> Data {
        let bytes = [UInt8](file)
        guard bytes.count > 144 else { return Data() }
        let group = (0..<4).reduce(0) { $0 | Int(bytes[140 + $1]) << (8 * $1) }
        return Data(bytes.dropFirst(144 + group))
    }
}
