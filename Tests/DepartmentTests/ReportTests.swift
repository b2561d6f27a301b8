import Archive
import Department
import Foundation
import Geometry
import Testing

@Suite struct ReportTests {
    private let study = Study(
        id: StudyID(ofUID: "1"), uid: "1", studyDate: "2026-11-30", received: Date(timeIntervalSince1970: 0), protocolName: "standard",
        standing: Standing(status: .read, due: Date(timeIntervalSince1970: 0), dueClass: "other"), views: ["PA"])
    private var instance: Instance {
        Instance(
            id: InstanceID(ofContent: "a"), study: study.id, sopInstanceUID: "1.1", seriesInstanceUID: "1.0", name: "a.dcm",
            format: "DICOM", view: "PA",
            columns: 1_000, rows: 900, size: 1, digest: "a", received: study.received)
    }

    private func finding(_ id: String, _ label: String, _ x: Double, _ y: Double, probability: Double? = nil, other: String? = nil)
        -> ReadFinding
    {
        ReadFinding(
            id: id, label: label, score: 0.456, probability: probability, box: Box(x: x, y: y, width: 100, height: 100),
            alternativeTo: other)
    }

    private var model: Reading {
        Reading(
            id: 1, study: study.id, instance: instance.id, reader: .model(name: "m", version: "1.0", digest: "d", precision: "f32"),
            made: study.received,
            content: Reading.Content(findings: [
                finding("1", "Effusion", 100, 700, probability: 0.83), finding("2", "Pneumonia", 100, 700, probability: 0.3, other: "1"),
                finding("3", "Mass", 800, 100, probability: 0.1), finding("4", "Nodule", 460, 400),
                finding("5", "Cardiomegaly", 400, 500, probability: 0.999),
            ]))
    }

    @Test func theModelsReadingInWords() {
        let text = ReportText(.of("en"))(study: study, instances: [instance], readings: [model])
        #expect(
            text == """
                Chest radiograph, PA
                Study of 2026-11-30

                Findings
                - Effusion or Pneumonia, right lower zone, very likely (0.83)
                - Mass, left upper zone, unlikely (0.10)
                - Nodule, across the midline, middle zone, score 0.46, which is not a probability
                - Cardiomegaly, very likely (0.99)

                Side and zone follow from the place in the image: thirds of its height, and the patient's right on its left.

                Preliminary, by the model m 1.0.

                Research use only, not a diagnosis; a supporting reader, never a replacement for one.

                """)
    }

    @Test func aPersonsReadingInGerman() {
        let person = Reading(
            id: 2, study: study.id, reader: .person("ann"), status: .final, made: Date(timeIntervalSince1970: 86_400),
            content: Reading.Content(findings: [finding("1", "Effusion", 100, 700)], isComplete: true, comment: "<b>alt</b>"))
        let text = ReportText(.of("de-AT"))(study: study, instances: [instance], readings: [model, person])
        #expect(text.contains("- Erguss, rechts im Unterfeld\n") && text.contains("Anmerkung: <b>alt</b>\n"))
        #expect(text.contains("Unterschrieben von ann am 1970-01-02.") && !text.contains("Mass"))
        let one = ReportText(.of("en"))(study: study, instances: [instance], readings: [model, person], reading: 1)
        #expect(one.contains("- Mass"))
    }

    @Test func sidesAreToldOnFrontalImagesOnly() {
        var lateral = instance
        lateral.view = "LL"
        let text = ReportText(.of("en"))(study: study, instances: [lateral], readings: [model])
        var turned = instance
        turned.orientation = ["R", "F"]
        #expect(ReportText(.of("en"))(study: study, instances: [turned], readings: [model]).contains("- Mass, right upper zone"))
        #expect(text.contains("- Mass, upper zone,") && !text.contains("right lower") && !text.contains("left upper"))
    }

    /// A language is whole: the same keys but for names of findings, and as many places for values.
    @Test(arguments: ReportWords.all)
    func everyLanguageHasEveryKey(words: ReportWords) {
        func keys(_ words: ReportWords) -> Set<String> { words.keys.filter { !$0.hasPrefix("label.") } }
        #expect(keys(words) == keys(.of("en")) && !words.keys.isEmpty)
    }

    @Test func aFindingLearntFromFewBoxesSaysSo() {
        var reading = model
        reading.content.findings[0].isExperimental = true
        reading.content.findings[2].isExperimental = true
        let text = ReportText(.of("en"))(study: study, instances: [instance], readings: [reading])
        #expect(text.contains("- Effusion (experimental) or Pneumonia, right lower zone"))
        #expect(text.contains("- Mass (experimental), left upper zone"))
        #expect(ReportText(.of("de"))(study: study, instances: [instance], readings: [reading]).contains("Erguss (experimentell)"))
    }
}
