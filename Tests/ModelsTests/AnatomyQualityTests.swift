import Findings
import Geometry
import Models
import Testing

/// What masks say, on anatomy that is drawn with a ruler.
@Suite struct AnatomyQualityTests {
    private struct Drawn: MeasuredAnatomy {
        var rightLung: Box? = Box(x: 100, y: 100, width: 300, height: 700)
        var leftLung: Box? = Box(x: 500, y: 100, width: 280, height: 680)
        var medialClavicleEnds: (right: Double, left: Double)? = (420, 480)
        var midline: Double? = 450
        var lungShareOfEdge: Double? = 0
    }

    @Test func anUprightFullChestHasNoRecord() { #expect(AnatomyQuality.record(of: Drawn()).isEmpty) }

    @Test func whatWasNotMeasuredIsNotTold() {
        let nothing = Drawn(rightLung: nil, leftLung: nil, medialClavicleEnds: nil, midline: nil, lungShareOfEdge: nil)
        #expect(AnatomyQuality.record(of: nothing).isEmpty)
        #expect(AnatomyQuality.record(of: Drawn(rightLung: Box(x: 0, y: 0, width: 0, height: 0))).isEmpty)
    }

    @Test func rotationIsTheDifferenceOfTheClaviclesDistances() {
        // 10 and 50 from the midline: 40 of 60.
        let record = AnatomyQuality.record(of: Drawn(medialClavicleEnds: (440, 500)))
        #expect(record == [ImageQuality(.rotated, value: 40.0 / 60, limit: 0.25)])
    }

    @Test func oneNarrowLungIsOnlyPerhapsRotation() {
        let record = AnatomyQuality.record(of: Drawn(leftLung: Box(x: 500, y: 100, width: 150, height: 600)))
        #expect(record == [ImageQuality(.perhapsRotated, value: 2, limit: 1.6)])
    }

    @Test func lowWideLungsAreAShallowBreath() {
        let record = AnatomyQuality.record(
            of: Drawn(rightLung: Box(x: 100, y: 100, width: 300, height: 340), leftLung: Box(x: 500, y: 100, width: 280, height: 330)))
        #expect(record == [ImageQuality(.inspiration, value: 0.5, limit: 0.8)])
    }

    @Test func lungsAtTheEdgeAreCutOff() {
        #expect(AnatomyQuality.record(of: Drawn(lungShareOfEdge: 0.08)) == [ImageQuality(.cutOff, value: 0.08, limit: 0.03)])
    }
}
