import Datasets
import Feedback
import Findings
import Foundation
import Geometry
import Testing

@Suite struct GrownDatasetTests {
    private static let place = Box(x: 10, y: 10, width: 20, height: 20)
    private static let classes = [FindingClass(id: 1, name: "Mass"), FindingClass(id: 2, name: "Nodule")]

    private static func events(_ words: [(FeedbackEvent.Content, FeedbackEvent.Context)]) -> [FeedbackEvent] {
        words.reduce(into: []) { $0.append(FeedbackEvent(after: $0.last, $1.0, $1.1)) }
    }

    private static func facts(_ images: [String]) -> [String: GrownDataset.Facts] {
        Dictionary(uniqueKeysWithValues: images.map { ($0, GrownDataset.Facts(fileName: "\($0).png", width: 100, height: 100)) })
    }

    private static func grown(_ words: [(FeedbackEvent.Content, FeedbackEvent.Context)], locked: Set<String> = []) -> GrownDataset {
        GrownDataset(
            events(words), facts: facts(Array(Set(words.map(\.1.image)))), locked: locked, findingClasses: classes)
    }

    private static func context(
        _ reading: Int64 = 1, _ image: String = "a", _ reader: String = "r1", patient: String = "p", isSigned: Bool = true
    ) -> FeedbackEvent.Context {
        FeedbackEvent.Context(
            time: .distantPast, reader: reader, model: "m", image: image, patient: patient, reading: reading, isSigned: isSigned)
    }

    /// What nobody called complete teaches no background; what was called so does, for every finding.
    @Test func unknownIsNotNegative() throws {
        let grown = Self.grown([
            (.init(.accept, label: "Mass", box: Self.place), Self.context(1, "a")), (.init(.partial), Self.context(1, "a")),
            (.init(.accept, label: "Mass", box: Self.place), Self.context(2, "b")), (.init(.complete), Self.context(2, "b")),
            (.init(.complete), Self.context(3, "c")),
        ])
        let dataset = Dataset(
            directory: URL(fileURLWithPath: "/nowhere"), findingClasses: grown.findingClasses, images: grown.images, folds: [:],
            sources: grown.sources)
        let coverage = try #require(SourceCoverage(dataset))
        #expect(coverage.knowledge(of: grown.images[0]) == [.boxedInPart, .unknown])
        #expect(coverage.knowledge(of: grown.images[1]) == [.complete, .complete])
        #expect(coverage.knowledge(of: grown.images[2]) == [.complete, .complete])
        try dataset.requireSoundSources()
    }

    @Test func aRejectedBoxIsNegativeForThatFindingThere() {
        let grown = Self.grown([
            (.init(.reject, label: "Mass", box: Self.place, score: 0.9), Self.context()), (.init(.partial), Self.context()),
        ])
        #expect(grown.images[0].boxes.isEmpty)
        #expect(grown.images[0].absent == [Annotation(classID: 1, box: Self.place, reader: "r1")])
        #expect(grown.images[0].sources == [GrownDataset.partialSource])
    }

    /// What was called another finding is that finding, and not what the model said.
    @Test func anotherFindingIsBoth() {
        let grown = Self.grown([
            (.init(.relabel, label: "Nodule", box: Self.place, modelLabel: "Mass", modelBox: Self.place), Self.context()),
            (.init(.partial), Self.context()),
        ])
        #expect(grown.images[0].boxes.map(\.classID) == [2] && grown.images[0].absent.map(\.classID) == [1])
    }

    /// One accepts, one rejects: both words stand, and the box counts half.
    @Test func twoReadersAreBothKept() {
        let grown = Self.grown([
            (.init(.accept, label: "Mass", box: Self.place), Self.context(1, "a", "r1")), (.init(.partial), Self.context(1, "a", "r1")),
            (.init(.reject, label: "Mass", box: Self.place), Self.context(2, "a", "r2")), (.init(.partial), Self.context(2, "a", "r2")),
        ])
        #expect(grown.images.count == 1)
        #expect(grown.images[0].boxes == [Annotation(classID: 1, box: Self.place, reader: "r1", agreement: 0.5)])
        #expect(grown.images[0].absent == [Annotation(classID: 1, box: Self.place, reader: "r2")])
    }

    /// A reader's later reading takes the place of the earlier; a draft that was not signed is none.
    @Test func theLatestSignedWordHolds() {
        let moved = Box(x: 12, y: 10, width: 20, height: 20)
        let grown = Self.grown([
            (.init(.accept, label: "Mass", box: Self.place), Self.context(1)), (.init(.partial), Self.context(1)),
            (.init(.move, label: "Mass", box: moved, modelBox: Self.place), Self.context(2)), (.init(.complete), Self.context(2)),
            (.init(.reject, label: "Mass", box: Self.place), Self.context(3, isSigned: false)),
            (.init(.partial), Self.context(3, isSigned: false)),
        ])
        #expect(grown.images[0].boxes.map(\.box) == [moved] && grown.images[0].absent.isEmpty)
        #expect(grown.account.completeImages == 1)
    }

    @Test func patientsOfTheLockedSetNeverEnter() {
        let grown = Self.grown(
            [
                (.init(.complete), Self.context(1, "a", patient: "locked")), (.init(.complete), Self.context(2, "b", patient: "free")),
            ], locked: ["locked"])
        #expect(grown.images.map(\.patient) == ["free"])
        #expect(grown.account.leftOut == ["patient of the locked set": 1])
    }

    /// Who rejects everything, boxes whole images or says the opposite of what was said before is told, and counts less; nothing of it is dropped.
    @Test func strangeReadersAreToldAndWeighedDown() {
        var words: [(FeedbackEvent.Content, FeedbackEvent.Context)] = []
        for index in 0..<30 {
            let image = "i\(index)"
            words.append((.init(.reject, label: "Mass", box: Self.place), Self.context(Int64(index), image, "rejects", patient: image)))
            words.append((.init(.complete), Self.context(Int64(index), image, "rejects", patient: image)))
            let whole = Box(x: 0, y: 0, width: 99, height: 99)
            words.append((.init(.missed, label: "Nodule", box: whole), Self.context(Int64(index), image, "whole", patient: image)))
            words.append((.init(.partial), Self.context(Int64(index), image, "whole", patient: image)))
            words.append((.init(.accept, label: "Mass", box: Self.place), Self.context(Int64(index), image, "torn", patient: image)))
            words.append((.init(.reject, label: "Mass", box: Self.place), Self.context(Int64(index) + 100, image, "torn", patient: image)))
            words.append((.init(.accept, label: "Mass", box: Self.place), Self.context(Int64(index), image, "fine", patient: image)))
            words.append((.init(.partial), Self.context(Int64(index), image, "fine", patient: image)))
        }
        let grown = Self.grown(words)
        let conduct = Dictionary(uniqueKeysWithValues: grown.account.readers.map { ($0.reader, $0) })
        #expect(conduct["rejects"]?.remarks == [.rejectsEverything])
        #expect(conduct["whole"]?.remarks == [.boxesWholeImages])
        #expect(conduct["torn"]?.remarks == [.contradicts])
        #expect(conduct["fine"]?.remarks == [] && conduct["fine"]?.text == nil)
        #expect(grown.images.count == 30 && grown.account.boxes == 60 && grown.account.absentPlaces == 60)
        let weights = grown.images[0].boxes.reduce(into: [String: Double]()) { $0[$1.reader ?? ""] = $1.agreement ?? 1 }
        // Two of three who spoke of the place reject what the fine one accepts; whose boxes are whole images count a quarter, half of it for
        // the reader who called the image complete without one.
        #expect(weights["fine"] == 1.0 / 3 && weights["whole"] == 0.125)
    }
}
