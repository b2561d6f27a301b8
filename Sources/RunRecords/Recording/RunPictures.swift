import Charts
import Datasets
import Evaluation
import Findings
import Foundation
import Networks
import Radiographs
import TrainingExamples

/// The pictures of a run's folder, under the names that Ultralytics' users look for.
package struct RunPictures {
    private let run: RunFolder
    private let findingClasses: [FindingClass]

    package init(run: RunFolder, findingClasses: [FindingClass]) {
        self.run = run
        self.findingClasses = findingClasses
    }

    /// `labels.png`: how many boxes of each finding there are, where they lie and how large they are.
    package func drawLabels(_ images: [DatasetImage]) throws {
        let columns = findingClasses.columns
        let boxes = images.flatMap { image in
            image.boxes.compactMap { annotation in
                columns[annotation.classID].map {
                    RunCharts.LabelBox(classIndex: $0, box: annotation.box, width: image.width, height: image.height)
                }
            }
        }
        guard !boxes.isEmpty else { return }
        try write(RunCharts.labels(names: findingClasses.map(\.name), boxes: boxes), RunCharts.FileName.labels)
    }

    /// `train_batch0.jpg` to `train_batch2.jpg`: the first batches as the network sees them.
    package func drawTrainingBatches(_ source: BatchSource) throws {
        for step in 0..<3 {
            let batch = try source.batch(step: step)
            // Of a batch in colour, its green plane, which is most like its grey.
            let (plane, channels) = (source.side * source.side, source.store.channels)
            let (size, first) = (plane * channels, channels == 3 ? plane : 0)
            let tiles = batch.examples.enumerated().map { index, boxes in
                let values = batch.values[index * size + first..<index * size + first + plane]
                return PictureSheet.Tile(
                    pixels: Self.picture(values, side: source.side),
                    marks: boxes.filter(\.isPresent).map {
                        PictureSheet.Mark(box: $0.box, findingClass: findingClasses[$0.classIndex])
                    })
            }
            try write(RunCharts.batch(tiles), RunCharts.FileName.trainingBatch(step))
        }
    }

    /// The curves, the confusion matrices and the first images of a validation.
    package func drawValidation(_ images: [EvaluatedImage], pictures: [PixelImage?]) throws {
        let evaluation = DetectionEvaluation(images: images, classCount: findingClasses.count)
        let curves = evaluation.froc(iou: 0.5).curves.map { $0.points() }
        let protocolName = "IoU 0.5, validation"
        for kind in DetectionCurves.Kind.allCases {
            let classes = zip(findingClasses, curves).enumerated().map { index, item in
                Self.curve(kind, item.0.name, item.1, averagePrecision: evaluation.averagePrecision(class: index, iou: 0.5))
            }
            try write(RunCharts.curve(kind, classes: classes, mean: nil, protocolName: protocolName), RunCharts.fileName(kind))
        }
        let least = 0.25
        let confusion = evaluation.confusion(score: least)
        let places = 0...findingClasses.count
        let counts = places.map { detected in places.map { truth in Double(confusion[truth: truth, detected: detected]) } }
        for (isNormalised, name) in [
            (false, RunCharts.FileName.confusionMatrix), (true, RunCharts.FileName.normalisedConfusionMatrix),
        ] {
            let picture = try RunCharts.confusionMatrix(
                counts: counts, names: findingClasses.map(\.name), isNormalised: isNormalised,
                protocolName: "\(protocolName), score from \(least)")
            try write(picture, name)
        }
        for (number, start) in stride(from: 0, to: min(48, images.count), by: 16).enumerated() {
            let part = start..<min(start + 16, images.count)
            func tiles(_ marks: (EvaluatedImage) -> [PictureSheet.Mark]) -> [PictureSheet.Tile] {
                part.compactMap { index in
                    pictures[index].map { PictureSheet.Tile(pixels: $0, marks: marks(images[index]), title: images[index].id) }
                }
            }
            let labels = tiles { image in
                image.truth.map { PictureSheet.Mark(box: $0.box, findingClass: findingClasses[$0.classIndex]) }
            }
            let predictions = tiles { image in
                image.detections.filter { $0.score >= least }
                    .map { PictureSheet.Mark(box: $0.box, findingClass: findingClasses[$0.classIndex], score: $0.score) }
            }
            guard !labels.isEmpty else { continue }
            try write(RunCharts.batch(labels), RunCharts.FileName.validationLabels(number))
            try write(RunCharts.batch(predictions), RunCharts.FileName.validationPredictions(number))
        }
    }

    private func write(_ bytes: Data, _ name: String) throws { try run.write(bytes, to: run.url.appendingPathComponent(name)) }

    /// What the network sees, stretched over the range of grey.
    private static func picture(_ values: ArraySlice<Float>, side: Int) -> PixelImage {
        let (low, high) = (values.min() ?? 0, values.max() ?? 1)
        let scale = high > low ? 255 / (high - low) : 0
        return PixelImage(width: side, height: side, bits: 8, samples: values.map { UInt16(($0 - low) * scale) })
    }

    private static func curve(
        _ kind: DetectionCurves.Kind, _ name: String, _ points: [FreeResponsePoint], averagePrecision: Double?
    ) -> DetectionCurves.Curve {
        var (x, y) = ([Double](), [Double]())
        for point in points {
            guard let recall = point.sensitivity, let score = point.scoreThreshold, point.found + point.falseBoxes > 0 else { continue }
            let precision = Double(point.found) / Double(point.found + point.falseBoxes)
            switch kind {
            case .precisionRecall: y.append(precision)
            case .precision: y.append(precision)
            case .recall: y.append(recall)
            case .f1: y.append(precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0)
            }
            x.append(kind == .precisionRecall ? recall : score)
        }
        return DetectionCurves.Curve(name, x: x, y: y, averagePrecision: averagePrecision)
    }
}
