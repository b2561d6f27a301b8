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

    @Test func anUprightFullChestHasNoRecord() { #expect(AnatomyQuality.literature.record(of: Drawn()).isEmpty) }

    @Test func whatWasNotMeasuredIsNotTold() {
        let nothing = Drawn(rightLung: nil, leftLung: nil, medialClavicleEnds: nil, midline: nil, lungShareOfEdge: nil)
        #expect(AnatomyQuality.literature.record(of: nothing).isEmpty)
        #expect(AnatomyQuality.literature.record(of: Drawn(rightLung: Box(x: 0, y: 0, width: 0, height: 0))).isEmpty)
    }

    @Test func rotationIsTheDifferenceOfTheClaviclesDistances() {
        // 10 and 50 from the midline: 40 of 60.
        let record = AnatomyQuality.literature.record(of: Drawn(medialClavicleEnds: (440, 500)))
        #expect(record == [ImageQuality(.rotated, value: 40.0 / 60, limit: 0.25)])
    }

    @Test func oneNarrowLungIsOnlyPerhapsRotation() {
        let record = AnatomyQuality.literature.record(of: Drawn(leftLung: Box(x: 500, y: 100, width: 150, height: 600)))
        #expect(record == [ImageQuality(.perhapsRotated, value: 2, limit: 1.6)])
    }

    @Test func lowWideLungsAreAShallowBreath() {
        let record = AnatomyQuality.literature.record(
            of: Drawn(rightLung: Box(x: 100, y: 100, width: 300, height: 340), leftLung: Box(x: 500, y: 100, width: 280, height: 330)))
        #expect(record == [ImageQuality(.inspiration, value: 0.5, limit: 0.8)])
    }

    @Test func lungsAtTheEdgeAreCutOff() {
        #expect(AnatomyQuality.literature.record(of: Drawn(lungShareOfEdge: 0.08)) == [ImageQuality(.cutOff, value: 0.08, limit: 0.03)])
    }

    @Test func limitsAreThePercentilesOfTheImages() throws {
        // Rotations 0, 0.01 ... 1: the percentile 95 lies at 0.95, the percentile 5 of the inspirations at 0.55.
        let measures = (0...100).map { step in
            var measures = AnatomyQuality.Measures(Drawn())
            (measures.rotation, measures.widthRatio) = (Double(step) / 100, 1 + Double(step) / 100)
            (measures.inspiration, measures.cutOff) = (0.5 + Double(step) / 100, step < 99 ? 0 : 0.5)
            return measures
        }
        let limits = try #require(AnatomyQuality.fit(measures.shuffled(), share: 0.05))
        #expect(abs(limits.mostRotation - 0.95) < 1e-9 && abs(limits.mostWidthRatio - 1.95) < 1e-9)
        #expect(abs(limits.leastInspiration - 0.55) < 1e-9)
        #expect(limits.mostCutOff == AnatomyQuality.literature.mostCutOff && limits.images == 101 && limits.share == 0.05)
    }

    @Test func whatFewImagesShowKeepsTheLiteraturesLimit() throws {
        let measures = (0..<40).map { index in
            var measures = AnatomyQuality.Measures(Drawn())
            measures.rotation = index < 31 ? 0.9 : nil
            return measures
        }
        #expect(try #require(AnatomyQuality.fit(measures, share: 0.01)).mostRotation == 0.25)
        #expect(AnatomyQuality.fit(Array(measures.prefix(31)), share: 0.01) == nil)
    }

    @Test func learntLimitsDecide() {
        var limits = AnatomyQuality.literature
        limits.mostRotation = 0.7
        // 10 and 50 from the midline: 40 of 60.
        #expect(limits.record(of: Drawn(medialClavicleEnds: (440, 500))).isEmpty)
    }
}
