import Archive
import Department
import Foundation
import Geometry
import Testing

@Suite struct StandingsTests {
    private let study = StudyID(ofUID: "1")
    private let one = InstanceID(ofContent: "a")
    private let two = InstanceID(ofContent: "b")
    private let arrival = Date(timeIntervalSince1970: 1_000_000)

    private func model(_ id: Int64, _ instance: InstanceID, _ labels: [String] = [], error: String? = nil) -> Reading {
        Reading(
            id: id, study: study, instance: instance, reader: .model(name: "m", version: "1", digest: "d", precision: "f32"), made: arrival,
            content: Reading.Content(
                findings: labels.enumerated().map {
                    ReadFinding(
                        id: "\($0.offset + 1)", label: $0.element, score: 0.9 - 0.1 * Double($0.offset),
                        box: Box(x: 0, y: 0, width: 1, height: 1))
                }, error: error))
    }

    private func person(_ id: Int64, _ status: ReadingStatus, _ labels: [String] = []) -> Reading {
        var reading = model(id, one, labels)
        (reading.instance, reading.reader, reading.status) = (nil, .person("ann"), status)
        return reading
    }

    private func job(_ state: Job.State, _ error: String? = nil) -> Job {
        Job(id: 1, kind: "read", study: study, instance: one, state: state, due: arrival, nextTry: arrival, lastError: error, made: arrival)
    }

    /// - Returns: Status, class, minutes until it is due, labels.
    private func standing(
        _ readings: [Reading], persons: [Reading] = [], jobs: [Job] = [], instances: Int = 1, urgency: StudyUrgency = .routine
    ) -> (StudyStatus, String, Double, [String]) {
        let state = StudyState(
            study: Study(
                id: study, uid: "1", received: arrival, urgency: urgency, protocolName: "standard",
                standing: Standing(status: .waiting, due: arrival, dueClass: "waiting")),
            instances: Array([one, two].prefix(instances)),
            modelReadings: Dictionary(readings.compactMap { reading in reading.instance.map { ($0, reading) } }) { $1 },
            personReadings: persons,
            openJobs: jobs)
        let standing = Department.standing(state, SiteSettings.standard)
        return (standing.status, standing.dueClass, standing.due.timeIntervalSince(arrival) / 60, standing.findings.map(\.label))
    }

    @Test func whatIsSeenDecidesHowSoonItIsDue() {
        #expect(standing([], jobs: [job(.waiting)]) == (.waiting, "waiting", 30, []))
        #expect(standing([model(1, one)]) == (.read, "nothing_seen", 240, []))
        #expect(standing([model(1, one, ["Nodule", "Pneumothorax"])]) == (.read, "Pneumothorax", 10, ["Nodule", "Pneumothorax"]))
        #expect(standing([model(1, one, ["Nodule"])]) == (.read, "other", 120, ["Nodule"]))
        #expect(standing([model(1, one, ["Nodule"])], urgency: .stat) == (.read, "stat", 0, ["Nodule"]))
    }

    @Test func failedImagesAreBeforeNothingSeenAndNeverHidden() {
        #expect(standing([model(1, one, error: "cut off")]) == (.failed, "failed", 30, []))
        #expect(standing([model(1, one), model(2, two, error: "cut off")], instances: 2) == (.failed, "failed", 30, []))
        #expect(standing([], jobs: [job(.failed, "no memory")]) == (.failed, "failed", 30, []))
        // Of a study with a pneumothorax on one image and a failed other one, the pneumothorax decides when, and the failure shows.
        #expect(
            standing([model(1, one, ["Pneumothorax"]), model(2, two, error: "cut off")], instances: 2)
                == (.failed, "Pneumothorax", 10, ["Pneumothorax"]))
    }

    /// That the model has seen nothing on a picture of a leg says nothing.
    @Test func silenceOnAnImageOutsideTheModelsUseIsNotNothingSeen() {
        var reading = model(1, one)
        (reading.content.warningCodes, reading.content.warnings) = (["not_a_chest"], ["not a chest image"])
        #expect(standing([reading]) == (.read, "failed", 30, []))
        #expect(standing([reading], persons: [person(2, .preliminary, ["Nodule"])]) == (.reviewed, "other", 120, ["Nodule"]))
        reading.content.warningCodes = ["empty_element"]
        #expect(standing([reading]) == (.read, "nothing_seen", 240, []))
    }

    @Test func onlyASignatureClosesAndAnImageThatComesLaterOpensAgain() {
        #expect(
            standing([model(1, one, ["Mass"])], persons: [person(2, .preliminary, ["Nodule"])]) == (.reviewed, "other", 120, ["Nodule"]))
        #expect(standing([model(1, one, ["Mass"])], persons: [person(2, .final)]) == (.signed, "nothing_seen", 240, []))
        #expect(standing([model(1, one, ["Mass"])], persons: [person(2, .final), person(3, .preliminary)]).0 == .signed)
        #expect(standing([model(1, one)], persons: [person(2, .final)], jobs: [job(.waiting)], instances: 2).0 == .waiting)
        #expect(
            standing([model(1, one), model(3, two, ["Effusion"])], persons: [person(2, .final)], instances: 2)
                == (.read, "Effusion", 60, ["Effusion"]))
        #expect(standing([model(1, one, error: "cut off")], persons: [person(2, .final)]).0 == .signed)
    }
}
