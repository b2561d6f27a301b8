import Findings
import Foundation
import Geometry
import Radiographs
import Testing
import TrainingExamples

@Suite struct GreyTests {
    private static func view(_ change: (inout AugmentedView) -> Void = { _ in }) -> AugmentedView {
        var view = AugmentedView(region: Box(x: 0, y: 0, width: 256, height: 256))
        change(&view)
        return view
    }

    /// The curve against its formula, at every grey of 16 bits.
    @Test(arguments: [(0.7, 1.2, -0.08, 0.0), (1.3, 0.8, 0.08, 0.5), (1, 1, 0, 0), (0.3, 1.5, 0.1, -1)])
    func theCurveIsGammaExposureContrastAndBrightness(_ gamma: Double, _ contrast: Double, _ brightness: Double, _ exposure: Double) {
        let curve = PhotometricCurve(
            Self.view { ($0.gamma, $0.contrast, $0.brightness, $0.exposure) = (gamma, contrast, brightness, exposure) }, maximum: 65_535)
        var greys = (0...65_535).map(Float.init)
        greys.withUnsafeMutableBufferPointer { curve.apply(to: $0) }
        var worst = 0.0
        for (grey, found) in greys.enumerated() {
            let bent = (pow(Double(grey) / 65_535, gamma) * exp2(exposure) - 0.5) * contrast + 0.5 + brightness
            worst = max(worst, abs(Double(found) - min(1, max(0, bent))))
        }
        // Below gamma 0.5 the slope at black is without end even over the root of grey.
        #expect(worst < (gamma < 0.5 ? 0.02 : 1e-4))
    }

    /// Neighbouring greys of 16 bits stay apart: no steps.
    @Test(arguments: [0.0, 360]) func theDepthIsKept(rotation: Double) {
        let samples = (0..<256 * 256).map { UInt16(30_000 + $0 % 256) }
        let example = Example(pixels: PixelImage(width: 256, height: 256, bits: 16, samples: samples), width: 256, height: 256, boxes: [])
        var picture = [Float](repeating: 0, count: 256 * 256)
        let view = Self.view { ($0.gamma, $0.contrast, $0.brightness, $0.rotation) = (0.8, 1.1, 0.02, rotation) }
        picture.withUnsafeMutableBufferPointer {
            example.draw(view, in: PixelRectangle(x: 0, y: 0, width: 256, height: 256), of: $0, side: 256, fill: 0)
        }
        for (a, b) in zip(picture[128 * 256..<129 * 256], picture[128 * 256 + 1..<129 * 256]) { #expect(a < b) }
    }

    @Test func pictureChangesOutOfRangeAreNamed() {
        #expect(Augmentation().fault == nil && Augmentation.none.fault == nil)
        let faults: [(String, (inout Augmentation) -> Void)] = [
            ("geometry", { $0.geometry.flipProbability = 1.5 }), ("geometry", { $0.geometry.scaleLow = 2 }),
            ("geometry", { $0.geometry.rotation = .nan }), ("grey", { $0.grey.gamma = 1 }), ("blur", { $0.blur.deviation = -1 }),
            ("noise", { $0.noise.quantum = .infinity }), ("cut_out", { $0.cutOut.sideLow = 0.5 }), ("mosaic", { $0.mosaic.centre = 0.5 }),
            ("mix_up", { $0.mixUp.alpha = 0 }), ("copy_paste", { $0.copyPaste.likeness = 1.5 }),
            ("copy_paste", { $0.copyPaste.reach = .nan }),
        ]
        for (name, change) in faults {
            var augmentation = Augmentation()
            change(&augmentation)
            #expect(augmentation.fault?.hasPrefix("augmentation.\(name).") == true)
        }
    }

    /// What is written reads back, and keys are those of the documentation.
    @Test func settingsAreATree() throws {
        var augmentation = Augmentation()
        augmentation.geometry.rotationProbability = 0.3
        augmentation.mixUp.alpha = 2
        let json = try JSONEncoder().encode(augmentation)
        #expect(try JSONDecoder().decode(Augmentation.self, from: json) == augmentation)
        let tree = try #require(JSONSerialization.jsonObject(with: json) as? [String: [String: Any]])
        #expect(Set(tree.keys) == ["geometry", "grey", "blur", "noise", "cutOut", "mosaic", "mixUp", "copyPaste"])
        #expect(tree["geometry"]?["rotationProbability"] as? Double == 0.3)
    }
}
