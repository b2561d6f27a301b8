import DICOM
import Foundation
import PleuraTesting
import Radiographs
import Testing

/// Optional sequences, items and elements that say nothing are as good as absent (`PixelTests` compares the pixels), and are told.
@Suite struct EmptyElementsTests {
    private static func warnings(_ file: String) throws -> [String] {
        try DICOMDecoder().decode(DICOMCorpus.bytes(file), frame: 1, limits: DecodingLimits()).warnings.map(\.description)
    }

    @Test(
        arguments: [
            ("modality-no-item", "Modality LUT Sequence (0028,3000) is empty and was not used."),
            ("modality-item", "Modality LUT Sequence (0028,3000) is empty and was not used."),
            ("modality-values", "Modality LUT Sequence (0028,3000) is empty and was not used."),
            ("modality-type", "Modality LUT Sequence (0028,3000) is empty and was not used."),
            ("modality-rescaled", "Modality LUT Sequence (0028,3000) is empty and was not used."),
            ("voi-no-item", "VOI LUT Sequence (0028,3010) is empty and was not used."),
            ("voi-item", "VOI LUT Sequence (0028,3010) is empty and was not used."),
            ("voi-values", "VOI LUT Sequence (0028,3010) is empty and was not used."),
            // The second item is a table.
            ("voi-second", nil),
            ("presentation-item", "Presentation LUT Sequence (2050,0010) is empty and was not used."),
            ("rescale", "Rescale Intercept (0028,1052) and Rescale Slope (0028,1053) are empty and were not used."),
            ("rescale-slope", "Rescale Slope (0028,1053) is empty and was not used."),
            ("window", "Window Center (0028,1050) and Window Width (0028,1051) are empty and were not used."),
            ("groups-blank", "Shared Functional Groups Sequence (5200,9229) is empty and was not used."),
            (
                "groups-no-item",
                "Shared Functional Groups Sequence (5200,9229) and Per-Frame Functional Groups Sequence (5200,9230) are empty and were not used."
            ),
        ] as [(String, String?)], ["", "-implicit", "-big-endian"])
    func areToldInOneSentence(_ file: (label: String, warning: String?), _ encoding: String) throws {
        #expect(try Self.warnings("blank-\(file.label)\(encoding).dcm") == [file.warning].compactMap { $0 })
        // Nothing is said of a file that has none.
        #expect(try Self.warnings("without-\(file.label).dcm") == [])
    }

    /// What stands in a macro of one frame counts before what all frames share, unless it says nothing.
    @Test func anEmptyMacroOfAFrameLeavesTheSharedOne() throws {
        var window = DICOMBytes()
        window.set(0x0028, 0x1050, "DS", "100")
        window.set(0x0028, 0x1051, "DS", "51")
        func pixels(own: [DICOMBytes]) throws -> Radiograph {
            var (shared, frame) = (DICOMBytes(), DICOMBytes())
            shared.set(0x0028, 0x9132, items: [window])
            frame.set(0x0028, 0x9132, items: own)
            var file = DICOMBytes(rows: 16, columns: 16, samples: Data(0...255))
            file.set(0x5200, 0x9229, items: [shared])
            file.set(0x5200, 0x9230, items: [frame])
            return try DICOMDecoder().decode(file.file(), frame: 1, limits: DecodingLimits())
        }
        let (full, empty, blank) = try (pixels(own: [window]), pixels(own: []), pixels(own: [DICOMBytes()]))
        #expect(full.pixels.samples[74] == 0 && full.pixels.samples[125] == 255 && full.warnings.isEmpty)
        #expect(empty.pixels == full.pixels && blank.pixels == full.pixels)
        #expect(blank.warnings.map(\.description) == ["Per-Frame Functional Groups Sequence (5200,9230) is empty and was not used."])
    }

    /// A table that is there but cannot be used is no empty one: the values would mean something else.
    @Test(arguments: [true, false]) func halfATableIsStillRefused(_ hasDescriptor: Bool) throws {
        var item = DICOMBytes()
        item.set(0x0028, 0x3002, "US", hasDescriptor ? Data([4, 0, 0, 0, 16, 0]) : Data())
        item.set(0x0028, 0x3006, "OW", hasDescriptor ? Data() : Data(count: 8))
        var file = DICOMBytes(rows: 16, columns: 16, samples: Data(0...255))
        file.set(0x0028, 0x3000, items: [item])
        #expect(throws: RadiographError(.damaged, "the Modality LUT Sequence holds no usable table, at (0028,3000)")) {
            try DICOMDecoder().decode(file.file(), frame: 1, limits: DecodingLimits())
        }
    }
}
