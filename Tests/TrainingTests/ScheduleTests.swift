import Testing
import Training

@Suite struct ScheduleTests {
    @Test func theRateRisesThenFallsToNothing() {
        let schedule = Schedule(peak: 0.01, warmUpSteps: 10, steps: 110)
        #expect(abs(schedule.rate(step: 0) - 0.001) < 1e-12)
        #expect(abs(schedule.rate(step: 10) - 0.01) < 1e-12)
        #expect(abs(schedule.rate(step: 60) - 0.005) < 1e-12)
        #expect(schedule.rate(step: 110) < 1e-12)
    }
}
