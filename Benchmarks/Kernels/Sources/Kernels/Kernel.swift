import Findings
import Foundation
import Geometry
import Models
import Radiographs

/// A loop that every image goes through, with what it works on.
public struct Kernel: Sendable {
    public let name: String
    /// Does it once. What it works on is made before.
    public let run: @Sendable () throws -> Void

    public static let all: [Kernel] = images + boxes
}

// MARK: Images

extension Kernel {
    /// Of a picture of 1024 x 1024 pixels, 8 bits.
    private static let images: [Kernel] = {
        let image = PixelImage(width: Sample.side, height: Sample.side, bits: 8, samples: Sample.grey())
        let whole = Box(x: 0, y: 0, width: Double(Sample.side), height: Double(Sample.side))
        // As the bundled model's card has it.
        let preprocessing = Preprocessing(steps: [
            .percentileWindow(low: 0.5, high: 99.5), .letterbox(width: 320, height: 320, fill: 0),
            .normalise(mean: 0.5, standardDeviation: 0.5),
        ])
        let radiograph = Radiograph(pixels: image)
        let findings = Sample.findings()
        return [
            Kernel(name: "resize") { keep(image.resampled(from: whole, width: 320, height: 320, fill: 0)) },
            Kernel(name: "block-means") { keep(ReducedImage(image, covering: 320)) },
            Kernel(name: "window") { keep(image.histogram().windowCurve(low: 0.5, high: 99.5)) },
            Kernel(name: "model-input") { keep(try preprocessing.modelInput(image)) },
            Kernel(name: "picture") { keep(try AnnotatedPicture(radiograph: radiograph, findings: findings).jpeg()) },
            Kernel(name: "jpeg") { keep(try image.jpegThumbnail(maximumSide: Sample.side)) },
        ]
    }()
}

// MARK: Boxes

extension Kernel {
    /// Of a network with 2,034 places and 8 findings.
    private static let boxes: [Kernel] = {
        let output = Sample.output()
        let transform = LetterboxTransform(imageWidth: Sample.side, imageHeight: Sample.side, inputWidth: 320, inputHeight: 320)
        @Sendable func findings(_ threshold: Double) throws {
            let detections = try output.detections(
                classCount: Sample.classes, threshold: threshold, transform: transform, imageWidth: Sample.side, imageHeight: Sample.side)
            let kept = Suppression(scoreThreshold: threshold)(detections)
            keep((kept, Alternatives()(kept)))
        }
        let votes = Sample.votes()
        return [
            Kernel(name: "findings") { try findings(0.3) },
            // As an evaluation wants them.
            Kernel(name: "findings-all") { try findings(0.001) },
            Kernel(name: "fusion") { keep(BoxFusion()(votes, sourceCount: 3)) },
        ]
    }()
}

/// A result that the optimiser must not do without.
@inline(never)
@_optimize(none)
private func keep<Value>(_ value: Value) {}
