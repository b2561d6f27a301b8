import Evaluation
import Findings
import Foundation
import Geometry
import PleuraTesting
import Testing

/// Sets of boxes with what pycocotools makes of them (Tests/Oracles/coco_figures.py).
struct COCOSet: Decodable {
    struct Draw: Decodable {
        var draw: [Int]
        var stats: [Double?]
        var ap50: [Double?]
    }
    var images: Int
    var classes: Int
    /// Image, class, x, y, width, height, crowd, area.
    var truth: [[Double]]
    /// Image, class, x, y, width, height, score.
    var detections: [[Double]]
    var stats: [Double?]
    var ap50: [Double?]
    var draws: [Draw]?

    var evaluated: [EvaluatedImage] {
        var all = (0..<images).map { EvaluatedImage(id: "\($0)", patient: "\($0)", width: 640, height: 640) }
        for row in truth {
            let box = Box(x: row[2], y: row[3], width: row[4], height: row[5])
            all[Int(row[0])].truth.append(TruthBox(box: box, classIndex: Int(row[1]), isCrowd: row[6] == 1, area: row[7]))
        }
        for row in detections {
            let box = Box(x: row[2], y: row[3], width: row[4], height: row[5])
            all[Int(row[0])].detections.append(Detection(box: box, classIndex: Int(row[1]), score: row[6]))
        }
        return all
    }

    static func all() throws -> [COCOSet] {
        try Oracle("coco_figures").read([COCOSet].self, from: "sets.json")
    }
}

@Suite struct COCOFiguresTests {
    @Test func equalsPycocotoolsOn200RandomSets() throws {
        let sets = try COCOSet.all()
        #expect(sets.count == 200)
        for (number, set) in sets.enumerated() {
            let evaluation = DetectionEvaluation(images: set.evaluated, classCount: set.classes)
            #expect(evaluation.leftOut == 0)
            expectEqual(evaluation.coco.values, set.stats, "set \(number)")
            expectEqual((0..<set.classes).map { evaluation.averagePrecision(class: $0, iou: 0.5) }, set.ap50, "set \(number)")
            expectEqual(
                [evaluation.meanAveragePrecision().value, evaluation.meanAveragePrecision(iou: 0.5).value],
                [set.stats[0], set.stats[1]], "set \(number)")
            #expect(evaluation.coco.averagePrecision.classes == set.ap50.compactMap { $0 }.count)
            #expect(evaluation.coco.averagePrecision.classCount == set.classes)
        }
    }

    /// A draw of images by their weights is the set in which they are there so often.
    @Test func aDrawEqualsPycocotoolsOnTheSetDrawn() throws {
        var draws = 0
        for (number, set) in try COCOSet.all().enumerated() {
            let evaluation = DetectionEvaluation(images: set.evaluated, classCount: set.classes)
            for draw in set.draws ?? [] {
                expectEqual(evaluation.coco(weights: draw.draw).values, draw.stats, "set \(number)")
                let headline = HeadlineEvaluation(evaluation).figures(weights: draw.draw)
                expectEqual(headline.averagePrecision50, draw.ap50, "set \(number)")
                expectEqual([headline.map.value, headline.map50.value], [draw.stats[0], draw.stats[1]], "set \(number)")
                draws += 1
            }
        }
        #expect(draws == 90)
    }

    private func expectEqual(_ ours: [Double?], _ theirs: [Double?], _ what: String) {
        #expect(ours.count == theirs.count)
        for (index, (our, their)) in zip(ours, theirs).enumerated() {
            switch (our, their) {
            case (nil, nil): break
            case (let our?, let their?): #expect(abs(our - their) < 1e-6, "\(what), figure \(index)")
            default: Issue.record("\(what), figure \(index): \(our as Any), pycocotools \(their as Any)")
            }
        }
    }
}
