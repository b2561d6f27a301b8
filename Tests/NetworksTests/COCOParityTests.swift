import Foundation
import ModelGraph
import Networks
import PleuraTesting
import Tensors
import Testing
import Weights

/// The network with the COCO weights against TensorFlow's own run of the source graph (Tests/Oracles/tensorflow_ssdlite.py).
@Suite struct COCOParityTests {
    /// The picture that the golden outputs were made from, as the script describes it.
    static func picture(side: Int = 320) -> [Float] {
        var state: UInt32 = 1
        return (0..<side * side).map { index in
            state = state &* 1_664_525 &+ 1_013_904_223
            let (y, x) = (index / side, index % side)
            let noise = (Double(state >> 8) / 8_388_608 - 1) / 2
            return Float(noise + Double((x + 2 * y) % side) / Double(side) - 0.5)
        }
    }

    static func golden(_ name: String) throws -> [Float] {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "f32"))
        return FloatBytes.floats(try Data(contentsOf: url))
    }

    static func cocoGraph() throws -> FrozenTensorFlowGraph {
        try FrozenTensorFlowGraph(contentsOf: Repository.root.appendingPathComponent(".engines/weights/ssdlite_mobilenet_v3_large_coco.pb"))
    }

    @Test func anchorsAreTheSourceGraphs() throws {
        let network = try SSDLite(classCount: 1, seed: 1)
        let golden = try Self.golden("coco_anchors")
        #expect(golden.count == network.anchors.count * 4)
        for (index, anchor) in network.anchors.boxes.enumerated() {
            let expected = golden[index * 4..<index * 4 + 4].map { $0 * 320 }
            let differences = zip(expected, [anchor.centerY, anchor.centerX, anchor.height, anchor.width]).map { abs($0 - $1) }
            #expect(differences.allSatisfy { $0 < 0.02 }, "anchor \(index)")
        }
    }

    @Test func outputsAreTensorFlowsWithinATenThousandth() throws {
        let network = try SSDLite(classCount: 91, seed: 1)
        let report = try StartingWeights(Self.cocoGraph(), name: "COCO").load(into: network)
        #expect(report.missing.isEmpty && report.mismatched.isEmpty)
        #expect(report.loaded.count == network.parameters.count)

        let output = try Engine.withoutGradients {
            try network(try Tensor(Self.picture(), shape: [1, 1, 320, 320]), TorchExecutor(isTraining: false))
        }
        let encodings = try output.encodings.floats()
        let logits = try output.logits.floats()
        let goldenEncodings = try Self.golden("coco_encodings")
        let goldenLogits = try Self.golden("coco_logits_every_8th")
        #expect(encodings.count == goldenEncodings.count)
        // TensorFlow's columns are ty, tx, th, tw.
        let encodingError = zip(encodings.indices, encodings).map { abs($1 - goldenEncodings[$0 ^ 1]) }.max() ?? .infinity
        let largestEncoding = goldenEncodings.map(abs).max() ?? 0
        #expect(encodingError < 1e-4 * largestEncoding, "\(encodingError) of \(largestEncoding)")
        let picked = stride(from: 0, to: network.anchors.count, by: 8).flatMap { logits[$0 * 91..<$0 * 91 + 91] }
        #expect(picked.count == goldenLogits.count)
        let logitError = zip(picked, goldenLogits).map { abs($0 - $1) }.max() ?? .infinity
        let largestLogit = goldenLogits.map(abs).max() ?? 0
        #expect(logitError < 1e-4 * largestLogit, "\(logitError) of \(largestLogit)")
        print("COCO parity: encodings \(encodingError) of \(largestEncoding), logits \(logitError) of \(largestLogit)")
    }
}
