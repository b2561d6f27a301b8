import Basics
import Findings
import Geometry
import Testing

@Suite struct AlternativesTests {
    private let strong = Detection(box: Box(x: 10, y: 10, width: 100, height: 100), classIndex: 0, score: 0.9)
    private let twin = Detection(box: Box(x: 12, y: 11, width: 100, height: 100), classIndex: 1, score: 0.8)
    private let neighbour = Detection(box: Box(x: 10, y: 60, width: 100, height: 100), classIndex: 1, score: 0.7)

    @Test func oneAbnormalityUnderTwoLabelsIsOnePlace() {
        #expect(Alternatives()([strong, twin, neighbour]) == [nil, 0, nil])
        #expect(Alternatives(intersectionOverUnion: 1)([strong, twin, neighbour]) == [nil, nil, nil])
        #expect(Alternatives()([]) == [])
    }

    @Test func theSameClassIsNeverAnotherReading() {
        var again = twin
        again.classIndex = strong.classIndex
        #expect(Alternatives()([strong, again]) == [nil, nil])
    }

    /// A reading is of a finding that stands for itself, never of another reading.
    @Test(arguments: 0..<40) func equalsTheDefinition(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let detections = (0..<80).map { index in
            Detection(
                box: Box(
                    x: random.uniform(0...30), y: random.uniform(0...30), width: random.uniform(20...60), height: random.uniform(20...60)),
                classIndex: Int(random.next() % 4), score: 1 - Double(index) / 100)
        }
        let threshold = [0.4, 0.6, 0.8][Int(seed % 3)]
        let found = Alternatives(intersectionOverUnion: threshold)(detections)
        for (position, surer) in found.enumerated() {
            func shares(_ other: Int) -> Bool {
                found[other] == nil && detections[other].classIndex != detections[position].classIndex
                    && detections[other].box.intersectionOverUnion(detections[position].box) > threshold
            }
            #expect(surer == (0..<position).first(where: shares))
        }
        #expect(found.contains { $0 != nil } && found.contains { $0 == nil })
    }
}

@Suite struct KeptFindingsTests {
    private func finding(_ id: String, _ name: String, _ score: Double, x: Double, alternativeTo: String? = nil) -> Finding {
        Finding(
            id: id, findingClass: FindingClass(id: name.count, name: name), score: score,
            geometry: .box(Box(x: x, y: 0, width: 100, height: 100)), alternativeTo: alternativeTo)
    }

    @Test func otherReadingsAreListedBehindTheSurerOne() {
        let image = ImageFindings(
            reference: ImageReference(.file("a.png")),
            findings: [
                finding("1", "Mass", 0.9, x: 0), finding("2", "Nodule", 0.8, x: 300),
                finding("3", "Effusion", 0.7, x: 4, alternativeTo: "1"),
                finding("4", "Pneumonia", 0.6, x: 9, alternativeTo: "gone"), finding("5", "Atelectasis", 0.5, x: 2, alternativeTo: "1"),
            ])
        #expect(image.listed.map(\.id) == ["1", "3", "5", "2", "4"])
    }

    @Test func whatStaysIsNumberedAnewAndReadAnew() {
        let image = ImageFindings(
            reference: ImageReference(.file("a.png")), width: 500, height: 500,
            findings: [
                finding("1", "Mass", 0.9, x: 0), finding("2", "Nodule", 0.8, x: 2, alternativeTo: "1"),
                finding("3", "Effusion", 0.7, x: 4, alternativeTo: "1"), finding("4", "Mass", 0.6, x: 300),
            ])
        let all = image.keeping({ _ in true }, alternatives: Alternatives())
        #expect(all == image)
        // Without the surest reading of the place the next one stands for it.
        let rest = image.keeping({ $0.score < 0.85 }, alternatives: Alternatives())
        #expect(rest.findings.map(\.id) == ["1", "2", "3"])
        #expect(rest.findings.map(\.findingClass.name) == ["Nodule", "Effusion", "Mass"])
        #expect(rest.findings.map(\.alternativeTo) == [nil, "1", nil])
    }
}
