import Basics
import Datasets
import Evaluation
import Findings
import Geometry
import Testing

@Suite struct SubgroupTests {
    private func normal(_ generator: inout SeededGenerator) -> Double { NormalDistribution.quantile(generator.uniform()) }

    /// The figure of a part is that of its images alone, and the gap that of the parts.
    @Test func figuresAreThoseOfTheImagesAlone() throws {
        var generator = SeededGenerator(seed: 22)
        let truths = (0..<300).map { _ in generator.uniform() < 0.4 }
        let scores = truths.map { normal(&generator) + ($0 ? 1 : 0) }
        let views = (0..<300).map { ["PA", "AP", "LL", nil][$0 % 4] }
        let patients = (0..<300).map { "\($0 / 3)" }
        let ranking = try ScoreRanking(scores: scores, truths: truths)
        let comparison = PatientBootstrap(patients: patients, draws: 100)
            .subgroups(attribute: "view", values: views, order: ["PA"]) { ranking.areaUnderROC($0) }
        #expect(comparison.groups.map(\.name) == ["PA", "AP", "LL"] && comparison.unknown == 75)
        func area(_ isIn: (String) -> Bool) throws -> Double? {
            let images = views.indices.filter { views[$0].map(isIn) ?? false }
            return try ScoreRanking(scores: images.map { scores[$0] }, truths: images.map { truths[$0] }).areaUnderROC()
        }
        for group in comparison.groups {
            let inside = try #require(try area { $0 == group.name }), others = try #require(try area { $0 != group.name })
            #expect(isClose(group.figure?.value, inside) && isClose(group.gap?.value, inside - others))
            #expect(group.images == 75 && group.patients == Set(views.indices.filter { views[$0] == group.name }.map { $0 / 3 }).count)
        }
    }

    /// A gap that is there is flagged; where there is none, about one comparison in twenty is.
    @Test func gapsAreFlaggedWhenTheyAreThere() throws {
        var (flagged, byChance) = (0, 0)
        for trial in 0..<200 {
            var generator = SeededGenerator(seed: 60, stream: UInt64(trial))
            let truths = (0..<240).map { _ in generator.uniform() < 0.5 }
            let views = (0..<240).map { $0 % 3 == 0 ? "AP" : "PA" }
            let worse = zip(truths, views).map { normal(&generator) + ($0 ? ($1 == "AP" ? 0.3 : 2) : 0) }
            let same = truths.map { normal(&generator) + ($0 ? 1.5 : 0) }
            let bootstrap = PatientBootstrap(patients: (0..<240).map(String.init), draws: 200, seed: UInt64(trial))
            let (one, other) = (try ScoreRanking(scores: worse, truths: truths), try ScoreRanking(scores: same, truths: truths))
            let gap = bootstrap.subgroups(attribute: "view", values: views) { one.areaUnderROC($0) }
            if gap.flagged.map(\.name) == ["AP", "PA"], (gap.groups[0].gap?.value ?? 0) < 0 { flagged += 1 }
            let none = bootstrap.subgroups(attribute: "view", values: views) { other.areaUnderROC($0) }
            if !none.flagged.isEmpty { byChance += 1 }
        }
        #expect(flagged > 180, "\(flagged) of 200")
        #expect((2...24).contains(byChance), "\(byChance) of 200")
    }

    @Test func onePartHasNoGapAndAnEmptyOneNoFigure() throws {
        let bootstrap = PatientBootstrap(patients: ["a", "b", "c", "d"], draws: 50)
        let one = bootstrap.subgroups(attribute: "sex", values: ["F", "F", nil, "F"]) { Double($0.reduce(0, +)) }
        #expect(one.groups.count == 1 && one.groups[0].gap == nil && one.groups[0].figure?.value == 3 && one.unknown == 1)
        #expect(!one.groups[0].isFlagged)
        let without = bootstrap.subgroups(attribute: "sex", values: ["F", "M", "M", "F"]) { $0[0] + $0[3] == 0 ? nil : 1 }
        #expect(without.groups.map(\.name) == ["F", "M"] && without.groups[1].figure == nil && without.flagged.isEmpty)
        #expect(bootstrap.subgroups(attribute: "sex", values: []) { _ in 1 }.groups.isEmpty)
        // Numbers by value.
        let ordered = bootstrap.subgroups(attribute: "count", values: ["10", "9", "1", "x"]) { _ in 1 }
        #expect(ordered.groups.map(\.name) == ["1", "9", "10", "x"])
    }

    @Test func attributesAreReadFromTheDataset() {
        func image(_ view: String?, _ attributes: [String: String], _ boxes: [Box] = []) -> DatasetImage {
            DatasetImage(
                id: 1, fileName: "a.png", width: 100, height: 100, patient: "p", view: view, attributes: attributes,
                boxes: boxes.map { Annotation(classID: 1, box: $0) })
        }
        let ages = ["17", "018Y", "59.9", "60", "079Y", "80", "129", "006M", "414", "", "old"]
        #expect(
            ages.map { ImageAttribute.age.value(image(nil, ["age": $0])) } == [
                "under 18", "18 to 39", "40 to 59", "60 to 79", "60 to 79", "80 and over", "80 and over", "under 18", nil, nil, nil,
            ])
        #expect(ImageAttribute.view.value(image(" PA", [:])) == "PA" && ImageAttribute.view.value(image(" ", [:])) == nil)
        #expect(ImageAttribute.sex.value(image(nil, ["sex": "F"])) == "F" && ImageAttribute.sex.value(image(nil, [:])) == nil)
        let small = Box(x: 0, y: 0, width: 9, height: 10), large = Box(x: 0, y: 0, width: 30, height: 40)
        #expect(ImageAttribute.boxSize.value(image(nil, [:], [small])) == "under 1 % of the image")
        #expect(ImageAttribute.boxSize.value(image(nil, [:], [small, large])) == "over 5 % of the image")
        #expect(ImageAttribute.boxSize.value(image(nil, [:])) == nil)
        #expect(ImageAttribute.sizeBand(share: 0.01) == "1 to 5 % of the image" && ImageAttribute.sizeBand(share: .nan) == nil)
        let images = [
            image("PA", ["sex": "F", "site": "1", "age": "50", "uid": "1"]),
            image("PA", ["sex": "M", "site": "2", "age": "51", "uid": "2"]),
            image("PA", ["sex": "M", "site": "2", "age": "51", "uid": "3"]),
        ]
        #expect(ImageAttribute.all(in: images, most: 2).map(\.name) == ["sex", "site"])
    }
}
