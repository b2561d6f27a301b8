import DICOM
import Findings
import Foundation
import PleuraTesting
import Testing

/// What a header says that travels with the image.
@Suite struct ImageHeaderTests {
    private static func header(_ change: (inout DICOMBytes) -> Void) throws -> ImageHeader {
        var file = DICOMBytes(rows: 40, columns: 40, samples: Data(0..<200) + Data(count: 1_400))
        change(&file)
        return try DICOMInstance(file.file()).header()
    }

    @Test(
        arguments: [
            ("064Y", 64), ("007M", 7.0 / 12), ("002W", 14 / 365.25), ("010D", 10 / 365.25), ("000Y", nil), ("999Y", nil), ("64", nil),
            ("Y064", nil),
            ("", nil),
        ] as [(String, Double?)])
    func agesAreReadAsTheStandardWritesThem(_ text: String, _ years: Double?) throws {
        let age = try Self.header { $0.set(0x0010, 0x1010, "AS", text) }.patientAge
        #expect(age == nil ? years == nil : years.map { abs($0 - (age ?? 0)) < 1e-9 } == true, "\(String(describing: age))")
    }

    @Test(
        arguments: [
            ("19600101", "20200101", 60.0), ("20191231", "20200101", 1 / 365.25), ("20200101", "19600101", nil),
            ("18000101", "20200101", nil),
            ("unknown", "20200101", nil), ("19600101", "", nil),
        ] as [(String, String, Double?)])
    func withoutAnAgeTheDatesTellIt(_ birth: String, _ study: String, _ years: Double?) throws {
        let age = try Self.header {
            $0.set(0x0010, 0x0030, "DA", birth)
            $0.set(0x0008, 0x0020, "DA", study)
        }.patientAge
        #expect(age == nil ? years == nil : years.map { abs($0 - (age ?? 0)) < 0.003 } == true, "\(String(describing: age))")
    }

    /// Pixel Spacing is the patient's only where somebody corrected it (PS3.3 10.7.1.3).
    @Test(
        arguments: [
            ("0.2\\0.2", "0.2\\0.2", 0.2, ImageHeader.Spacing.Plane.detector), ("0.18\\0.18", "0.2\\0.2", 0.18, .patient),
            ("0.7\\0.7", nil, 0.7, .patient), (nil, "0.143\\0.143", 0.143, .detector),
        ] as [(String?, String?, Double, ImageHeader.Spacing.Plane)])
    func spacingSaysOfWhichPlaneItIs(_ pixel: String?, _ imager: String?, _ row: Double, _ plane: ImageHeader.Spacing.Plane) throws {
        let spacing = try Self.header {
            if let imager { $0.set(0x0018, 0x1164, "DS", imager) }
            if let pixel { $0.set(0x0028, 0x0030, "DS", pixel) }
        }.spacing
        #expect(spacing == ImageHeader.Spacing(row: row, column: row, plane: plane))
    }

    @Test func stationAndSideAreThere() throws {
        let header = try Self.header {
            $0.set(0x0008, 0x1010, "SH", "ROOM 3")
            $0.set(0x0020, 0x0062, "CS", "L")
        }
        #expect(header.station == "ROOM 3" && header.laterality == "L" && header.frame == nil && header.frameCount == 1)
    }
}
