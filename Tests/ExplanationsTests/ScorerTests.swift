import Explanations
import Foundation
import Geometry
import Models
import Radiographs
import Testing

@Suite struct ScorerTests {
    private let rectangle = Box(x: 96, y: 128, width: 96, height: 64)

    /// The score of a masked image, by arithmetic: what is hidden has the image's mean.
    @Test func aLinearNetworksScoreIsKnownInClosedForm() throws {
        let input = try DrawnInput.bright(rectangle, side: 320)
        let image = try MaskedImage(inputs: [input], width: 320, height: 320, fill: .mean)
        let network = RectangleNetwork(side: 320, rectangle: rectangle)
        let scorer = try MaskedScorer(network, image: image, targets: [ExplainedTarget(id: "1", classIndex: 0, box: rectangle)])
        #expect(abs(scorer.values(try scorer.outputs())[0] - 1) < 1e-6)
        let windows = [Box(x: 0, y: 0, width: 90, height: 90), Box(x: 80, y: 100, width: 40, height: 60), rectangle]
        let values = try scorer.values(masks: windows.count) { number in
            let window = windows[number]
            return (0..<320 * 320).map { place in
                let (x, y) = (Double(place % 320), Double(place / 320))
                return x >= window.x && x < window.maxX && y >= window.y && y < window.maxY ? 0 : 1
            }
        }
        let mean = rectangle.area / (320 * 320)
        for (window, value) in zip(windows, values) {
            let expected = 1 - window.intersection(rectangle).area / rectangle.area * (1 - mean)
            #expect(abs(value[0] - expected) < 1e-5)
        }
    }

    /// Tiny boxes are grown to 24 px: two 10 px boxes 12 px apart would not meet.
    @Test func aTinyBoxMovedByAFewPixelsIsStillTheSame() throws {
        let target = Box(x: 100, y: 100, width: 10, height: 10)
        let moved = Box(x: 112, y: 100, width: 10, height: 10)
        let input = try DrawnInput.bright(Box(x: 0, y: 0, width: 320, height: 320), side: 320)
        let image = try MaskedImage(inputs: [input], width: 320, height: 320)
        let network = RectangleNetwork(side: 320, rectangle: target, box: moved)
        let scorer = try MaskedScorer(network, image: image, targets: [ExplainedTarget(id: "1", classIndex: 0, box: target)])
        // 24 x 24 px each, shifted by 12: a third.
        #expect(abs(scorer.values(try scorer.outputs())[0] - 1.0 / 3) < 1e-5)
    }

    @Test func ofSeveralNetworksTheMeanIsExplained() throws {
        let (near, far) = (rectangle, Box(x: 128, y: 128, width: 96, height: 64))
        let input = try DrawnInput.bright(Box(x: 0, y: 0, width: 320, height: 320), side: 320)
        let image = try MaskedImage(inputs: [input], width: 320, height: 320)
        let joint = JointNetwork(networks: [
            RectangleNetwork(side: 320, rectangle: near, name: "one"), RectangleNetwork(side: 320, rectangle: far, name: "two"),
        ])
        let scorer = try MaskedScorer(joint, image: image, targets: [ExplainedTarget(id: "1", classIndex: 0, box: near)])
        let outputs = try scorer.outputs()
        // 64 of 128 columns are common.
        #expect(abs(scorer.values(outputs)[0] - (1 + 0.5) / 2) < 1e-5)
        let views = scorer.views(of: 0, in: outputs)
        #expect(views.map(\.name) == ["one", "two"])
        #expect(abs(views[1].score - 1) < 1e-6 && abs(views[1].agreement - 0.5) < 1e-5)
        #expect(views[1].box == far)
    }

    @Test func aFindingThatTheNetworkDoesNotKnowIsRefused() throws {
        let image = try MaskedImage(inputs: [try DrawnInput.bright(rectangle, side: 320)], width: 320, height: 320)
        let network = RectangleNetwork(side: 320, rectangle: rectangle)
        #expect(throws: ExplanationError(.unusable, "")) {
            try MaskedScorer(network, image: image, targets: [ExplainedTarget(id: "1", classIndex: 1, box: rectangle)])
        }
    }
}
