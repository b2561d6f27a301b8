import Basics
import Datasets
import Evaluation
import EvaluationReports
import Findings
import Foundation
import Geometry
import Testing

/// Every finding is scored where a source is complete for it, and nowhere else.
@Suite struct SourceScoringTests {
    private static let classes = ["Mass", "Nodule", "Effusion"].enumerated().map { FindingClass(id: $0 + 1, name: $1) }
    private static let sources = [
        DataSource(name: "one", boxed: ["Mass", "Nodule"], complete: ["Mass", "Nodule"]),
        DataSource(name: "two", boxed: ["Nodule", "Effusion"], complete: ["Effusion"]),
    ]

    private static func box(using generator: inout SeededGenerator) -> Box {
        Box(
            x: generator.uniform(0...60), y: generator.uniform(0...60), width: generator.uniform(10...30),
            height: generator.uniform(10...30))
    }

    /// Images of either source or both, with boxes and detections by chance.
    private static func drawn() -> (dataset: Dataset, detections: [[Detection]]) {
        var generator = SeededGenerator(seed: 9)
        var (images, detections) = ([DatasetImage](), [[Detection]]())
        for index in 0..<60 {
            var image = DatasetImage(id: index + 1, fileName: "\(index).png", width: 100, height: 100, patient: "p\(index)")
            image.sources = [["one"], ["two"], ["one", "two"]][index % 3]
            var found: [Detection] = []
            for column in 0..<3 {
                let box = box(using: &generator)
                if generator.uniform() < 0.6 { image.boxes.append(Annotation(classID: column + 1, box: box)) }
                if generator.uniform() < 0.5 {
                    var near = box
                    near.x += generator.uniform(-3...3)
                    found.append(Detection(box: near, classIndex: column, score: generator.uniform()))
                }
                found.append(Detection(box: Self.box(using: &generator), classIndex: column, score: generator.uniform()))
            }
            images.append(image)
            detections.append(found)
        }
        return (
            Dataset(directory: URL(fileURLWithPath: "/nowhere"), findingClasses: classes, images: images, folds: [:], sources: sources),
            detections
        )
    }

    /// The figures of a finding are those of an evaluation that has the images that are complete for it and no others.
    @Test func figuresAreThoseOfTheCoveredImagesAlone() throws {
        let (dataset, detections) = Self.drawn()
        let coverage = try #require(SourceCoverage(dataset))
        let whole = DetectionEvaluation(
            images: zip(dataset.images, detections).map {
                EvaluatedImage($0, findingClasses: Self.classes, detections: $1, coverage: coverage)
            }, classCount: 3)
        let covered: [(Int) -> Bool] = [{ $0 % 3 != 1 }, { $0 % 3 != 1 }, { $0 % 3 != 0 }]
        for column in 0..<3 {
            let alone = DetectionEvaluation(
                images: dataset.images.indices.filter(covered[column]).map {
                    EvaluatedImage(dataset.images[$0], findingClasses: Self.classes, detections: detections[$0])
                }, classCount: 3)
            #expect(whole.truthCount(class: column) == alone.truthCount(class: column))
            #expect(whole.averagePrecision(class: column, iou: 0.5) == alone.averagePrecision(class: column, iou: 0.5))
            #expect(whole.averagePrecision(class: column) == alone.averagePrecision(class: column))
            #expect(whole.froc().sensitivities(class: column) == alone.froc().sensitivities(class: column))
            let (one, other) = (whole.localisation(), alone.localisation())
            for threshold in one.thresholds.indices {
                #expect(
                    one.point(threshold: threshold, class: column)?.sensitivity
                        == other.point(threshold: threshold, class: column)?.sensitivity)
            }
        }
    }

    /// Detections that a control or another tool puts in later are no more scored than the model's.
    @Test func detectionsOfUnscoredFindingsCountForNothing() {
        let box = Box(x: 1, y: 1, width: 10, height: 10)
        let image = EvaluatedImage(
            id: "a", patient: "a", width: 100, height: 100, truth: [TruthBox(box: box, classIndex: 0), TruthBox(box: box, classIndex: 1)],
            detections: [Detection(box: box, classIndex: 0, score: 0.9), Detection(box: box, classIndex: 1, score: 0.9)], unscored: [1])
        let evaluation = DetectionEvaluation(images: [image], classCount: 2)
        #expect(evaluation.truthCount(class: 0) == 1 && evaluation.truthCount(class: 1) == 0 && evaluation.leftOut == 0)
        #expect(evaluation.averagePrecision(class: 1, iou: 0.5) == nil)
    }

    @Test func theReportSaysItPerSource() throws {
        let (dataset, detections) = Self.drawn()
        var input = EvaluationInput(
            findingClasses: Self.classes, images: dataset.images, detections: detections, split: "all images")
        var settings = EvaluationSettings()
        settings.draws = 0
        #expect(try EvaluationReport(input, settings: settings).sources == nil)
        input.coverage = SourceCoverage(dataset)
        input.sources = dataset.sources.map(\.name)
        let report = try EvaluationReport(input, settings: settings)
        let sources = try #require(report.sources)
        #expect(sources.map(\.source) == ["one", "two"] && sources.map(\.images) == [40, 40])
        #expect(Set(sources[0].findings.keys) == ["Mass", "Nodule"] && Set(sources[1].findings.keys) == ["Effusion"])
        let coverage = try #require(report.coverage)
        #expect(coverage.values.allSatisfy { $0.images + $0.leftOut == report.searchedImages.images })
        #expect(coverage["Effusion"]?.leftOut == coverage["Mass"].map(\.leftOut))
        #expect(report.warnings.contains { $0.text.contains("what is not known is not absent") })
        // What is left out of one source's figures is of that source's images alone.
        let own = dataset.images.indices.filter { $0 % 3 != 0 }
        let alone = DetectionEvaluation(
            images: own.map { EvaluatedImage(dataset.images[$0], findingClasses: Self.classes, detections: detections[$0]) }, classCount: 3)
        #expect(sources[1].findings["Effusion"]?.ap50 == alone.averagePrecision(class: 2, iou: 0.5))
        #expect(try EvaluationReport(json: report.json) == report)
    }

    /// Of a finding of which no source of the image says anything, it is not known whether the image shows it.
    @Test func imagesShowWhatTheirSourcesKnow() throws {
        var image = DatasetImage(
            id: 1, fileName: "a.png", width: 100, height: 100, patient: "p", labels: ["Effusion"],
            boxes: [Annotation(classID: 2, box: Box(x: 0, y: 0, width: 20, height: 20))])
        image.sources = ["two"]
        let dataset = Dataset(
            directory: URL(fileURLWithPath: "/nowhere"), findingClasses: Self.classes, images: [image], folds: [:], sources: Self.sources)
        let coverage = try #require(SourceCoverage(dataset))
        #expect(ImageTruth(image, findingClasses: Self.classes, coverage: coverage).findings == [nil, true, true])
        image.labels = []
        #expect(ImageTruth(image, findingClasses: Self.classes, coverage: coverage).findings == [nil, true, false])
    }

    /// A box of a kind counts for its parent; a box of the parent leaves its kinds open.
    @Test func kindsCountForTheirParentsAndParentsLeaveKindsOpen() throws {
        let classes = ["Lung opacity", "Pneumonia"].enumerated().map { FindingClass(id: $0 + 1, name: $1) }
        let (one, other) = (Box(x: 0, y: 0, width: 20, height: 20), Box(x: 50, y: 50, width: 20, height: 20))
        var image = DatasetImage(
            id: 1, fileName: "a.png", width: 100, height: 100, patient: "p",
            boxes: [Annotation(classID: 1, box: one), Annotation(classID: 2, box: other)])
        image.sources = ["all"]
        let dataset = Dataset(
            directory: URL(fileURLWithPath: "/nowhere"), findingClasses: classes, images: [image], folds: [:],
            sources: [DataSource(name: "all", boxed: ["Lung opacity", "Pneumonia"], complete: ["Lung opacity", "Pneumonia"])])
        let evaluated = EvaluatedImage(
            image, findingClasses: classes,
            detections: [Detection(box: one, classIndex: 1, score: 0.9), Detection(box: other, classIndex: 1, score: 0.8)],
            coverage: SourceCoverage(dataset))
        let evaluation = DetectionEvaluation(images: [evaluated], classCount: 2)
        #expect(evaluation.truthCount(class: 0) == 2 && evaluation.truthCount(class: 1) == 1)
        // Pneumonia where only an opacity was boxed is neither right nor wrong.
        let precision = try #require(evaluation.averagePrecision(class: 1, iou: 0.5))
        #expect(abs(precision - 1) < 1e-9)
    }
}
