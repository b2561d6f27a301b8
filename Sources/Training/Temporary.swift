import Datasets
import Findings
import Foundation
import ModelGraph
import Networks
import Radiographs

enum StartingWeights {
    struct Report { var lines: [String] }
    static func load(_ url: URL, into network: any Network) throws -> Report {
        guard let network = network as? SSDLite else { return Report(lines: []) }
        let loaded = try network.loadCOCOWeights(FrozenTensorFlowGraph(contentsOf: url))
        return Report(lines: ["COCO weights: \(loaded.loaded.count) of \(network.parameters.count) tensors"])
    }
}
