import Findings
import Foundation
import Geometry
import PleuraTesting
import Testing

@Suite struct BoxFusionTests {
    private struct Case: Decodable {
        var threshold: Double
        /// By source, box, corner; in 0...1.
        var boxes: [[[Double]]]
        var scores: [[Double]]
        var labels: [[Int]]
        /// x0, y0, x1, y1, score, label.
        var fused: [[Double]]
    }

    /// Against the authors' own program (Tests/Oracles/fusion_golden.py); it computes in 32 bits.
    @Test func equalsTheAuthorsProgram() throws {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/fusion", withExtension: "json"))
        for (number, golden) in try JSONDecoder().decode([Case].self, from: Data(contentsOf: url)).enumerated() {
            var votes: [BoxFusion.Vote] = []
            for source in golden.boxes.indices {
                for (index, corners) in golden.boxes[source].enumerated() {
                    let box = Box(x0: corners[0], y0: corners[1], x1: corners[2], y1: corners[3])
                    let detection = Detection(box: box, classIndex: golden.labels[source][index], score: golden.scores[source][index])
                    votes.append(BoxFusion.Vote(detection, source: source))
                }
            }
            let fused = BoxFusion(intersectionOverUnion: golden.threshold)(votes, sourceCount: 3).map(\.detection)
            #expect(fused.count == golden.fused.count, "case \(number)")
            for expected in golden.fused {
                let nearest = fused.filter { $0.classIndex == Int(expected[5]) }.map { detection in
                    [
                        detection.box.x - expected[0], detection.box.y - expected[1], detection.box.maxX - expected[2],
                        detection.box.maxY - expected[3], detection.score - expected[4],
                    ].map(abs).max() ?? .infinity
                }.min()
                #expect(nearest ?? .infinity < 2e-6, "case \(number)")
            }
        }
    }

    @Test func aSourceIsTakenOnceWhereAskedFor() {
        let box = Box(x: 0, y: 0, width: 10, height: 10)
        let near = Box(x: 1, y: 0, width: 10, height: 10)
        let votes = [
            BoxFusion.Vote(Detection(box: box, classIndex: 0, score: 1), source: 0),
            BoxFusion.Vote(Detection(box: near, classIndex: 0, score: 1), source: 0),
            BoxFusion.Vote(Detection(box: near, classIndex: 0, score: 1), source: 1),
        ]
        #expect(BoxFusion(intersectionOverUnion: 0.4)(votes, sourceCount: 2).map(\.members) == [[0, 1, 2]])
        // The second reader's box goes to the first reader's that it overlaps most.
        let fused = BoxFusion(intersectionOverUnion: 0.4, takesEachSourceOnce: true)(votes, sourceCount: 2)
        #expect(Set(fused.map(\.members)) == [[0], [1, 2]])
        #expect(fused.first?.detection.score == 1 && fused.last?.detection.score == 0.5)
    }

    @Test func emptyBoxesAndScoresOfNothingHaveNoVote() {
        let votes = [
            BoxFusion.Vote(Detection(box: Box(x: 0, y: 0, width: 0, height: 10), classIndex: 0, score: 1), source: 0),
            BoxFusion.Vote(Detection(box: Box(x: 0, y: 0, width: 5, height: 10), classIndex: 0, score: 0), source: 0),
            BoxFusion.Vote(Detection(box: Box(x: 0, y: 0, width: 5, height: 10), classIndex: 0, score: .nan), source: 0),
        ]
        #expect(BoxFusion()(votes, sourceCount: 0).isEmpty)
    }
}
