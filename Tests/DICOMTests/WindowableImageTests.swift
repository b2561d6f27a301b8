import DICOM
import Foundation
import PleuraTesting
import Radiographs
import Testing

/// Samples for a viewer that windows by itself, against the picture that is windowed here: that one is compared with pydicom elsewhere.
@Suite struct WindowableImageTests {
    /// What a viewer makes of a sample, by the standard's formulas written out (PS3.3 C.11.1.1, C.11.2.1).
    private func shown(_ image: WindowableImage, _ sample: UInt16, bits: Int) -> Double {
        if image.padding?.contains(sample) == true { return 0 }
        let value = Double(sample) * image.slope + image.intercept
        var fraction = 0.0
        if let window = image.window {
            switch window.function {
            case .linear: fraction = (value - (window.center - 0.5)) / (window.width - 1) + 0.5
            case .linearExact: fraction = (value - window.center) / window.width + 0.5
            case .sigmoid: fraction = 1 / (1 + exp(-4 * (value - window.center) / window.width))
            }
        }
        fraction = min(max(fraction, 0), 1)
        return (image.isInverted ? 1 - fraction : fraction) * Double((1 << bits) - 1)
    }

    private static let functions = ["LINEAR", "LINEAR_EXACT", "SIGMOID"]

    @Test(arguments: ["MONOCHROME1", "MONOCHROME2"], functions)
    func whatAViewerMakesOfItIsWhatWeShow(photometric: String, function: String) throws {
        for (isSigned, slope, intercept) in [(false, 1.0, 0.0), (true, -2.0, 10.0), (true, 0.5, -1_024.0)] {
            let samples: [Int16] = (0..<256).map { isSigned ? Int16($0 * 31 - 4_000) : Int16($0 * 15) }
            var file = DICOMBytes(rows: 16, columns: 16, samples: Data())
            for (number, value) in [(0x100, 16), (0x101, 16), (0x102, 15), (0x103, isSigned ? 1 : 0)] as [(UInt16, UInt16)] {
                file.set(0x0028, number, "US", DICOMBytes.little(value))
            }
            file.set(0x0028, 0x0004, "CS", photometric)
            file.set(0x0028, 0x1050, "DS", "300")
            file.set(0x0028, 0x1051, "DS", "2000")
            file.set(0x0028, 0x1052, "DS", "\(intercept)")
            file.set(0x0028, 0x1053, "DS", "\(slope)")
            file.set(0x0028, 0x1056, "CS", function)
            file.set(0x7FE0, 0x0010, "OW", samples.map { DICOMBytes.little($0) }.reduce(Data(), +))
            let instance = try DICOMInstance(file.file())
            let (image, picture) = (try instance.windowableImage(), try instance.radiograph().pixels)
            for (sample, grey) in zip(image.samples, picture.samples) {
                #expect(abs(shown(image, sample, bits: picture.bits) - Double(grey)) <= 1.01, "\(photometric) \(function) \(slope)")
            }
            #expect(zip(image.samples, samples).allSatisfy { Double($0) * image.slope + image.intercept == Double($1) * slope + intercept })
        }
    }

    /// Every file that pydicom has spoken about, where it has a window: all encodings, photometric interpretations and codecs.
    @Test func everyFileOfTheCorpus() throws {
        var compared = 0
        for entry in DICOMCorpus.shared.images {
            let instance = try DICOMInstance(try DICOMCorpus.bytes(entry.file))
            let (image, picture) = (try instance.windowableImage(frame: entry.frame), try instance.radiograph(frame: entry.frame).pixels)
            #expect(image.samples.count == picture.samples.count && image.width == picture.width, "\(entry.file)")
            guard image.window != nil else { continue }
            compared += 1
            let worst = zip(image.samples, picture.samples).map { abs(shown(image, $0, bits: picture.bits) - Double($1)) }.max() ?? 0
            #expect(worst <= 1.01, "\(entry.file): \(worst)")
        }
        #expect(compared > 5)
    }

    @Test func colourAndTablesComeAsTheyAreToBeLookedAt() throws {
        var file = DICOMBytes(rows: 4, columns: 4, samples: Data((0..<16).map { UInt8($0 * 16) }))
        var table = DICOMBytes()
        table.set(0x0028, 0x3002, "US", DICOMBytes.little(UInt16(256)) + DICOMBytes.little(UInt16(0)) + DICOMBytes.little(UInt16(8)))
        table.set(0x0028, 0x3006, "OW", Data((0..<256).flatMap { [UInt8(255 - $0), 0] }))
        file.set(0x0028, 0x3010, items: [table])
        let instance = try DICOMInstance(file.file())
        let (image, picture) = (try instance.windowableImage(), try instance.radiograph().pixels)
        #expect(image.samples == picture.samples && image.window == nil && image.slope == 1 && !image.isInverted)
    }

    @Test func theRangeIsThatOfTheImageWithoutPadding() throws {
        var file = DICOMBytes(rows: 2, columns: 2, samples: Data([0, 10, 20, 255]))
        file.set(0x0028, 0x0120, "US", DICOMBytes.little(UInt16(255)))
        let image = try DICOMInstance(file.file()).windowableImage()
        #expect(image.range == 0...20 && image.padding == 255...255 && image.window == nil)
    }
}
