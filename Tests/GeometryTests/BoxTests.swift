import Geometry
import Testing

@Suite struct BoxTests {
    @Test func intersectionOverUnionOfHalfOverlappingBoxesIsAThird() {
        let a = Box(x: 0, y: 0, width: 10, height: 10)
        let b = Box(x: 5, y: 0, width: 10, height: 10)
        #expect(abs(a.intersectionOverUnion(b) - 1.0 / 3) < 1e-12)
    }

    @Test func emptyAndInvertedBoxesOverlapNothing() {
        let a = Box(x: 0, y: 0, width: 10, height: 10)
        #expect(a.intersectionOverUnion(Box(x: 2, y: 2, width: 0, height: 5)) == 0)
        #expect(a.intersectionOverUnion(Box(x0: 8, y0: 8, x1: 2, y1: 2)) == 0)
        #expect(Box(x: 0, y: 0, width: .nan, height: 1).isEmpty)
    }

    @Test func clippingKeepsThePartInsideTheImage() {
        #expect(Box(x: -5, y: 90, width: 20, height: 20).clipped(toWidth: 100, height: 100) == Box(x: 0, y: 90, width: 15, height: 10))
    }
}
