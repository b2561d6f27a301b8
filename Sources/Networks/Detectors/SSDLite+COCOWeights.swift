import ModelGraph
import Weights

extension SSDLite {
    /// Loads the COCO-trained `ssd_mobilenet_v3_large_coco_2020_01_14` of the TF Object Detection API's model zoo.
    ///
    /// With one input channel the first convolution takes the sum over red, green and blue: a grey picture gives the same features as
    /// its three equal channels did. The predictors of scores fit only where `classCount` is COCO's 91 (background first).
    /// - Parameter strict: Throw where anything is missing or differs.
    public func loadCOCOWeights(_ graph: FrozenTensorFlowGraph, strict: Bool = false) throws -> WeightLoadReport {
        let report = try StartingWeights(graph, name: "the COCO weights").load(into: self)
        if strict, let first = (report.missing + report.mismatched.map(\.description)).first {
            throw ModelGraphError(.missing, "the COCO weights do not fit: \(first)")
        }
        return report
    }
}
