import Datasets
import Findings
import Foundation
import ModelGraph
import Networks
import Radiographs

extension ExampleStore { func pictures() -> [PixelImage] { (abnormal + normal).map(\.pixels) } }
enum StartingWeights {
    struct Report { var lines: [String] }
    static func load(_ url: URL, into network: any Network) throws -> Report {
        guard let network = network as? SSDLite else { return Report(lines: []) }
        let loaded = try network.loadCOCOWeights(FrozenTensorFlowGraph(contentsOf: url))
        return Report(lines: ["COCO weights: \(loaded.loaded.count) of \(network.parameters.count) tensors"])
    }
}
struct ClassificationValidator: Validator {
    let predictor: Predictor
    let images: [DatasetImage]
    let findingClasses: [FindingClass]
    var figureNames: [String] { ["metrics/AUROC"] }
    func figures(of task: any LearningTask, report: (String) throws -> Void) throws -> [LookReport.Figure] { [] }
}
struct DetectionEvaluation {
    struct COCO { var averagePrecision50: Double?; var averagePrecision: Double?; var averageRecall100: Double? }
    var coco = COCO()
    init(images: [Any], classCount: Int) throws {}
    func meanAveragePrecision(iou: Double) -> Double? { nil }
}
