import DICOM
import Findings
import Foundation
import Radiographs
import Testing

/// What Pleura writes as DICOM, its own decoder reads: pixel for pixel and word for word.
@Suite struct DigitalXRayImageTests {
    private static func image(width: Int = 61, height: Int = 47, bits: Int = 12, step: Int = 37) -> PixelImage {
        let maximum = (1 << bits) - 1
        var samples = (0..<width * height).map { UInt16($0 * step % (maximum + 1)) }
        samples[0] = 0
        samples[1] = UInt16(maximum)
        return PixelImage(width: width, height: height, bits: bits, samples: samples)
    }

    @Test(arguments: [8, 10, 12, 16]) func samplesComeBackAsTheyWere(_ bits: Int) throws {
        let pixels = Self.image(bits: bits)
        let bytes = try DigitalXRayImage(pixels: pixels, patient: "phantom_00001", view: "PA", pixelSpacing: 0.75, source: "test").encoded()
        let decoder = DICOMDecoder()
        #expect(decoder.recognises(bytes))
        let back = try decoder.decode(bytes, frame: 1, limits: DecodingLimits())
        #expect(back.pixels == pixels)
        #expect(back.polarity == .lowIsBlack && back.header.frameCount == 1 && back.warnings.isEmpty)
    }

    @Test(arguments: [("PA", ImageHeader.View.posteroanterior), ("AP", .anteroposterior)])
    func theDescriptionComesBack(_ view: String, _ expected: ImageHeader.View) throws {
        let object = DigitalXRayImage(pixels: Self.image(), patient: "phantom_00002", view: view, pixelSpacing: 0.8125, source: "test")
        let back = try DICOMDecoder().decode(object.encoded(), frame: 1, limits: DecodingLimits())
        #expect(back.header.view == expected && back.header.modality == "DX" && back.header.bodyPart == "CHEST")
        #expect(back.header.spacing == ImageHeader.Spacing(row: 0.8125, column: 0.8125, plane: .detector))
        #expect(
            ImageReference(.file("x.dcm"), header: back.header)
                == ImageReference(
                    .file("x.dcm"), frame: nil, studyInstanceUID: object.studyInstanceUID, seriesInstanceUID: object.seriesInstanceUID,
                    sopInstanceUID: object.sopInstanceUID, sopClassUID: "1.2.840.10008.5.1.4.1.1.1.1"))
    }

    @Test func theSameIsWrittenTheSameAndOthersAreTold() throws {
        func object(step: Int = 37, source: String = "seed 1") -> DigitalXRayImage {
            DigitalXRayImage(pixels: Self.image(step: step), patient: "p", view: "PA", pixelSpacing: 0.8, source: source)
        }
        #expect(try object().encoded() == object().encoded())
        let all = [object(), object(step: 41), object(source: "seed 2")]
        let identifiers = all.flatMap { [$0.studyInstanceUID, $0.seriesInstanceUID, $0.sopInstanceUID] }
        #expect(Set(identifiers).count == 9)
        for identifier in identifiers {
            // PS3.5, B.2: 2.25 and a number of at most 39 digits without a leading zero.
            let number = identifier.dropFirst(5)
            #expect(identifier.hasPrefix("2.25.") && identifier.utf8.count <= 44)
            #expect(number.first != "0" && number.allSatisfy { $0.isASCII && $0.isNumber })
        }
    }
}
