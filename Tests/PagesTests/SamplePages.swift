import Basics
import Datasets
import Evaluation
import EvaluationReports
import Findings
import Foundation
import Geometry
import Pages
import PleuraTesting

/// One page of each kind.
enum SamplePages {
    static let kinds = ["findings", "samples", "dataset", "evaluation", "comparison"]

    static func html(_ kind: String) throws -> String {
        switch kind {
        case "findings":
            return try written { url in
                let page = try FindingsPage(url, model: SampleFindings.model, classes: SampleFindings.classes, nonce: "N")
                for image in SampleFindings.images { try page.append(image, picture: nil) }
                try page.finish()
            }
        case "samples":
            return try written { url in
                let set = SampleDataset.dataset()
                let page = try SamplePage(url, dataset: set, name: "set", choice: "all", nonce: "N")
                for image in set.images { try page.append(image, error: "not read") }
                try page.finish()
            }
        case "dataset": return StatisticsPage.html(DatasetStatistics(SampleDataset.dataset()), name: "set", nonce: "N")
        case "evaluation": return try EvaluationPage.html(EvaluationReport(input(1), settings: settings), nonce: "N")
        case "comparison": return try ComparisonPage.html(ComparisonReport(input(1), input(2), settings: settings), nonce: "N")
        default: throw UnknownKind()
        }
    }

    private struct UnknownKind: Error {}

    private static let settings = EvaluationSettings(draws: 20, scoreThreshold: 0.5)

    /// Eight patients with a box each, of which a detector finds those that its seed says.
    private static func input(_ seed: UInt64) -> EvaluationInput {
        var random = SeededGenerator(seed: seed)
        let classes = [FindingClass(id: 1, name: "Mass"), FindingClass(id: 2, name: "Nodule")]
        let box = Box(x: 20, y: 20, width: 40, height: 40)
        let images = (1...8).map { number in
            DatasetImage(
                id: number, fileName: "\(number).png", width: 100, height: 100, patient: "patient \(number)",
                boxes: [Annotation(classID: number % 2 + 1, box: box)])
        }
        let detections = images.map { image in
            [
                Detection(box: box, classIndex: random.uniform() < 0.6 ? image.id % 2 : 0, score: random.uniform()),
                Detection(box: Box(x: 60, y: 60, width: 30, height: 30), classIndex: 1, score: random.uniform()),
            ]
        }
        return EvaluationInput(findingClasses: classes, images: images, detections: detections, split: "all images")
    }

    private static func written(_ write: (URL) throws -> Void) throws -> String {
        let folder = try TemporaryFolder()
        let url = folder.file("page.html")
        try write(url)
        return try String(contentsOf: url, encoding: .utf8)
    }
}
