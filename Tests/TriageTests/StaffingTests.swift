import Testing
import Triage

@Suite struct StaffingTests {
    @Test func hoursOfTheDay() throws {
        let staffing = try Staffing(readers: 3, hours: ["20-8=1", "12:30-13=2"].compactMap { Staffing.Hours($0) })
        for (hour, readers) in [(0.0, 1), (7.99, 1), (8, 3), (12.49, 3), (12.5, 2), (13, 3), (19.99, 3), (20, 1), (23.99, 1)] {
            for day in [0.0, 1, 400] { #expect(staffing.readers(at: (day * 24 + hour) * 60) == readers, "\(hour)") }
        }
        #expect(staffing.nextChange(after: 0) == 480 && staffing.nextChange(after: 480) == 750 && staffing.nextChange(after: 1200) == 1440)
        // One reader for 12 hours, two for half an hour, three for the rest.
        #expect(staffing.meanReaders == 47.5 / 24 && !staffing.isConstant)
        let same = try Staffing(readers: 2)
        #expect(same.isConstant && same.nextChange(after: 5) == nil && same.meanReaders == 2)
        #expect(Staffing.Hours("22-24=1") == Staffing.Hours(from: 1320, to: 0, readers: 1))
    }

    @Test(arguments: ["", "20-8", "20-8=", "25-8=1", "20:60-8=1", "24:01-8=1", "8-8=1", "0-24=1", "20-8=101", "20-8=-1", "a-b=c", "20–8=1"])
    func badHoursAreNone(text: String) { #expect(Staffing.Hours(text) == nil) }

    @Test func somebodyReads() {
        for (readers, hours) in [(0, ""), (101, ""), (1, "0-12=0")] {
            let hours = Staffing.Hours(hours).map { [$0, Staffing.Hours(from: 720, to: 0, readers: 0)] } ?? []
            #expect(throws: TriageError(.badSetting, "")) { try Staffing(readers: readers, hours: hours) }
        }
    }
}
