import Assessment
import Basics
import Datasets
import Detection
import Findings
import Foundation
import Geometry
import Radiographs
import ReadingLists

/// Which images of a pool are to be boxed next: what the list needs to know of each, from a model and from a small picture.
public struct PoolSelection: Sendable {
    /// The pool and what was boxed of it, in one dataset.
    public var dataset: Dataset
    /// File names of the images that are boxed.
    public var boxed: Set<String>
    public var list: ReadingList

    public init(from dataset: Dataset, boxed: Set<String>, list: ReadingList) {
        (self.dataset, self.boxed, self.list) = (dataset, boxed, list)
    }

    /// - Throws: `AssessmentError`; `CancellationError`.
    public func picks(by model: String, _ runner: ModelRunner) async throws -> [ReadingList.Pick] {
        guard list.strategy == .mixed else {
            let candidates = dataset.images.filter { !boxed.contains($0.fileName) }.map {
                ListCandidate(id: $0.fileName, patient: $0.patient, boxes: [], features: [])
            }
            return list.picks(from: candidates, read: boxed.count, known: [], judge: BoxJudge([]))
        }
        let detector = try runner.detector(model, images: dataset.images.count)
        let answers = try await runner.answers(of: detector, on: dataset.images, of: dataset).answers
        let features = Concurrent.map(answers.count, stretch: 4) { index in
            (try? runner.decoders.decode(dataset.encodedImage(of: answers[index].image)))
                .map { PictureFeatures.values(of: $0.pixels) } ?? PictureFeatures.none
        }
        var (candidates, known, examples) = ([ListCandidate](), [[Double]](), [BoxJudge.Example]())
        let names = dataset.findingClasses.map(\.name)
        for (answer, features) in zip(answers, features) {
            let image = answer.image
            let boxes = Self.boxes(answer.detections, names: names, area: Double(image.width * image.height))
            if boxed.contains(image.fileName) {
                known.append(features)
                let columns = dataset.findingClasses.columns
                for (detection, box) in zip(answer.detections, boxes) where box.score >= 0.05 {
                    let isRight = image.boxes.contains {
                        columns[$0.classID] == detection.classIndex && $0.box.intersectionOverUnion(detection.box) > 0.3
                    }
                    examples.append(BoxJudge.Example(box: box, isRight: isRight))
                }
            } else {
                candidates.append(ListCandidate(id: image.fileName, patient: image.patient, boxes: boxes, features: features))
            }
        }
        return list.picks(from: candidates, read: boxed.count, known: known, judge: BoxJudge(examples))
    }

    static func boxes(_ detections: [Detection], names: [String], area: Double) -> [ListCandidate.SaidBox] {
        detections.map { detection in
            let rival =
                detections.filter { other in
                    other.classIndex != detection.classIndex && other.box.intersectionOverUnion(detection.box) > 0.5
                }
                .map(\.score).max() ?? 0
            return ListCandidate.SaidBox(
                label: names.indices.contains(detection.classIndex) ? names[detection.classIndex] : "", score: detection.score,
                margin: detection.score - rival, areaShare: area > 0 ? detection.box.area / area : 0)
        }
    }
}
