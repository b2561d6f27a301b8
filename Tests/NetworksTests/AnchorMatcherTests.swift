import Basics
import Findings
import Geometry
import Networks
import Testing

@Suite struct AnchorMatcherTests {
    private static let anchors = Anchors(levels: [(5, 5), (3, 3), (2, 2)], inputWidth: 80, inputHeight: 80)

    private static func box(_ anchor: (centerX: Float, centerY: Float, width: Float, height: Float)) -> Box {
        Box(
            x: Double(anchor.centerX - anchor.width / 2), y: Double(anchor.centerY - anchor.height / 2), width: Double(anchor.width),
            height: Double(anchor.height))
    }

    @Test func assignmentsFollowTheDefinition() {
        var generator = SeededGenerator(seed: 3)
        let matcher = AnchorMatcher(positiveOverlap: 0.5, negativeOverlap: 0.4)
        for _ in 0..<30 {
            let boxes = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
                Box(
                    x: generator.uniform(0...50), y: generator.uniform(0...50), width: generator.uniform(3...40),
                    height: generator.uniform(3...40))
            }
            let result = matcher.assign(anchors: Self.anchors, boxes: boxes)
            #expect(result.count == Self.anchors.count)
            var answered: Set<Int> = []
            for (anchor, assignment) in zip(Self.anchors.boxes, result) {
                let overlaps = boxes.map { $0.intersectionOverUnion(Self.box(anchor)) }
                let best = overlaps.max() ?? 0
                switch assignment {
                case .background: #expect(best < 0.4)
                case .ignored: #expect(best >= 0.4 && best < 0.5)
                case .box(let index):
                    answered.insert(index)
                    let isBestOfBox = overlaps[index] == Self.anchors.boxes.map { boxes[index].intersectionOverUnion(Self.box($0)) }.max()
                    #expect(best >= 0.5 && overlaps[index] == best || isBestOfBox)
                }
            }
            // Boxes far apart never compete for an anchor, so each has one.
            if boxes.count == 1 { #expect(answered == [0]) }
        }
    }

    @Test func aSmallBoxStillGetsItsBestAnchorAndAnEmptyOneNone() {
        let result = AnchorMatcher().assign(
            anchors: Self.anchors, boxes: [Box(x: 30, y: 30, width: 2, height: 2), Box(x: 10, y: 10, width: 0, height: 5)])
        #expect(result.count { $0 == .box(0) } == 1)
        #expect(!result.contains(.box(1)))
    }
}
