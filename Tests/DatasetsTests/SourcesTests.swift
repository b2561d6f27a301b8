import Basics
import Datasets
import Findings
import Foundation
import Geometry
import PleuraTesting
import Testing

/// What is known of findings on images of several sources, and what is wrong with what the sources say.
@Suite struct SourcesTests {
    static let classes = ["Lung opacity", "Pneumonia", "Nodule", "Hernia"].enumerated().map { FindingClass(id: $0 + 1, name: $1) }
    static let box = Box(x: 1, y: 2, width: 3, height: 4)

    static func image(
        _ name: String = "a.png", sources: [String], labels: [String]? = nil, boxes: [(Int, String?)] = []
    ) -> DatasetImage {
        var image = DatasetImage(
            id: 1, fileName: name, width: 64, height: 64, patient: "p", labels: labels,
            boxes: boxes.map { Annotation(classID: $0.0, box: Self.box, reader: $0.1) })
        image.sources = sources
        return image
    }

    static func dataset(_ sources: [DataSource], _ images: [DatasetImage] = []) -> Dataset {
        Dataset(directory: URL(fileURLWithPath: "/nowhere"), findingClasses: classes, images: images, folds: [:], sources: sources)
    }

    static let all = [
        DataSource(name: "boxes", boxed: ["Nodule", "Pneumonia"], complete: ["Nodule"]),
        DataSource(name: "opacities", boxed: ["Opacity"], complete: ["Lung Opacity"]),
        DataSource(name: "labels", labelled: ["Pneumonia", "Hernia", "Nodule"], complete: ["Hernia"]),
        DataSource(name: "none", labelled: ["Pneumonia"], complete: ["Pneumonia"]),
    ]

    /// Every image that can be made of these sources, labels and boxes, against the rules written out finding by finding.
    @Test func knowledgeIsThatOfTheRules() throws {
        let coverage = try #require(SourceCoverage(Self.dataset(Self.all)))
        let names = ["Lung opacity", "Pneumonia", "Nodule", "Hernia"]
        let parents: [String: String] = ["Pneumonia": "Lung opacity"]
        for mask in 0..<16 {
            for labelMask in -1..<16 {
                for boxMask in 0..<16 {
                    let sources = Self.all.indices.filter { mask >> $0 & 1 == 1 }.map { Self.all[$0] }
                    let labels = labelMask < 0 ? nil : names.indices.filter { labelMask >> $0 & 1 == 1 }.map { names[$0] }
                    let boxes = names.indices.filter { boxMask >> $0 & 1 == 1 }
                    let image = Self.image(sources: sources.map(\.name), labels: labels, boxes: boxes.map { ($0 + 1, nil) })
                    let known = coverage.knowledge(of: image)
                    for (column, name) in names.enumerated() {
                        func holds(_ list: [String]) -> Bool { list.contains(name) || list.contains { parents[$0] == name } }
                        let (isBoxed, isSaid) = (holds(boxes.map { names[$0] }), holds(labels ?? []))
                        let complete = sources.contains { source in
                            switch (source.name, name) {
                            case ("boxes", "Nodule"), ("opacities", "Lung opacity"): true
                            case ("labels", "Hernia"), ("none", "Pneumonia"): labels != nil
                            default: false
                            }
                        }
                        let isLabelled = labels != nil && sources.contains { $0.labelled.contains(name) }
                        let expected: FindingKnowledge =
                            complete && (isBoxed || !isSaid)
                            ? .complete
                            : complete ? .present : isBoxed ? .boxedInPart : isSaid ? .present : isLabelled ? .absent : .unknown
                        #expect(known[column] == expected, "\(name) of \(image.sources), \(labels ?? ["nil"]), \(boxes)")
                    }
                }
            }
        }
    }

    @Test func aBoxShowsItsParentsAndLeavesItsKindsOpen() throws {
        let coverage = try #require(SourceCoverage(Self.dataset(Self.all)))
        #expect(coverage.present(of: Annotation(classID: 2, box: Self.box)) == [1, 0])
        #expect(coverage.present(of: Annotation(classID: 3, box: Self.box)) == [2])
        #expect(coverage.open(by: Annotation(classID: 1, box: Self.box)) == [1])
        #expect(coverage.open(by: Annotation(classID: 2, box: Self.box)).isEmpty)
        #expect(SourceCoverage(Self.dataset([])) == nil)
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let root = try TemporaryFolder()
        var set = Self.dataset(
            Self.all, [Self.image(sources: ["boxes", "labels"], labels: ["Nodule"], boxes: [(3, "boxes")])])
        set.images[0].unknown = [Annotation(classID: 2, box: Box(x: 5, y: 6, width: 7.25, height: 8), reader: "opacities")]
        set.ontology = try FindingOntology(
            json: Data(#"{"findings": [{"name": "Scoliosis", "synonyms": ["Bent spine"]}]}"#.utf8), file: "ontology.json")
        let written = try set.write(to: root.file("set"))
        let read = try Dataset.read(directory: root.file("set"))
        #expect(read == written && read.sources == Self.all && read.images[0].unknown == set.images[0].unknown)
        #expect(read.ontology.areSame("bent_spine", "Scoliosis"))
        // A copy keeps them.
        try Files.write(Data("no picture".utf8), to: root.file("set").appendingPathComponent("images/a.png"))
        let copy = try read.write(copyTo: root.file("copy"))
        #expect(copy.sources == Self.all && copy.images == read.images && copy.canonicalBytes == read.canonicalBytes)
    }

    @Test func theDigestKnowsTheSources() {
        let plain = Self.dataset([], [Self.image(sources: ["boxes"], labels: [], boxes: [(3, nil)])])
        var other = plain
        other.images[0].labels = nil
        #expect(plain.canonicalBytes == other.canonicalBytes, "without sources the digest is as it was")
        let one = Self.dataset(Self.all, plain.images)
        for change in [
            { (set: inout Dataset) in set.sources[0].complete = [] }, { $0.images[0].labels = ["Nodule"] },
            { $0.images[0].sources = ["labels"] }, { $0.images[0].unknown = [Annotation(classID: 2, box: Self.box)] }, { $0.sources = [] },
        ] {
            var changed = one
            change(&changed)
            #expect(changed.canonicalBytes != one.canonicalBytes)
        }
    }

    // MARK: What is wrong

    @Test func aFindingThatNoSourceIsCompleteForIsRefusedWithTheWayOut() throws {
        var sources = Self.all
        sources[2].complete = []
        let review = try #require(Self.dataset(sources).sourceReview)
        #expect(
            Array(review.faults) == [
                "sources.json: no source is complete for Hernia, so nothing says where it is not; name it under \"complete\" of a source "
                    + "that boxes or labels it wherever it is, or take it out of label_map.pbtxt"
            ])
        #expect(throws: DatasetError.self) { try Self.dataset(sources).requireSoundSources() }
        try Self.dataset(Self.all).requireSoundSources()
        #expect(Self.dataset([]).sourceReview == nil)
    }

    @Test func contradictionsNameImageFindingAndBothSources() throws {
        let images = [
            Self.image("x.png", sources: ["boxes", "labels"], labels: ["Hernia"], boxes: [(3, nil), (3, nil)]),
            // Said by the label, by its kind's label, or by nobody.
            Self.image("y.png", sources: ["boxes", "labels"], labels: ["Nodule"], boxes: [(3, "boxes")]),
            Self.image("z.png", sources: ["opacities", "labels"], labels: [], boxes: [(1, nil)]),
        ]
        let review = try #require(Self.dataset(Self.all, images).sourceReview)
        let found = try #require(review.contradictions.first)
        #expect(review.contradictions.count == 1)
        #expect((found.image, found.finding, found.boxedBy, found.labelledBy) == ("x.png", "Nodule", "boxes", "labels"))
        #expect(found.text == "Nodule is boxed by boxes and labelled absent by labels; the box is taken")
        #expect(review.faults.isEmpty)
    }

    @Test func namesThatNothingKnowsAreToldWithTheNearest() throws {
        var sources = Self.all
        sources[0].boxed.append("Noduel")
        let images = [
            Self.image(sources: ["boxs"]), Self.image(sources: ["labels"], labels: ["Pneumonai"]), Self.image(sources: []),
        ]
        let review = try #require(Self.dataset(sources, images).sourceReview)
        #expect(
            Array(review.faults) == [
                "sources.json, source boxes: \"Noduel\" is in no ontology; the nearest name is \"Nodule\"",
                "annotations.json, image 1: its source \"boxs\" is not in sources.json; the nearest is \"boxes\"",
            ])
        #expect(review.strangers == ["\"Pneumonai\" is in no ontology; the nearest name is \"Pneumonia\""])
        #expect(review.imagesWithoutSource == 1)
    }

    @Test(arguments: [
        (#"[]"#, "sources.json is not an object with a list \"sources\""),
        (#"{"sources": [{"name": "a", "complet": []}]}"#, "source 1: the key \"complet\" is not known; the nearest is \"complete\""),
        (#"{"sources": [{"boxed": []}]}"#, "sources.json, source 1: it has no name"),
        (#"{"sources": [{"name": "a|b"}]}"#, "a name must have neither | nor line ends"),
        (#"{"sources": [{"name": "a"}, {"name": "a"}]}"#, "source 2 (a)"),
        (#"{"sources": [{"name": "a", "boxed": [1]}]}"#, "sources.json, source 1 (a), boxed is not a list of names"),
    ])
    func aFaultySourcesFileIsToldWithFileSourceAndKey(_ json: String, _ reason: String) {
        #expect {
            _ = try SourcesFile(json: Data(json.utf8), file: "sources.json")
        } throws: { error in
            let told = (error as? DatasetError)?.problems.joined(separator: "\n") ?? ""
            return told.contains(reason.replacingOccurrences(of: "source 2 (a)", with: "source 2"))
        }
    }

    @Test func completeMayBeTrue() throws {
        let json = #"{"sources": [{"name": "a", "boxed": ["Mass"], "labelled": ["Mass", "Nodule"], "complete": true}]}"#
        #expect(try SourcesFile(json: Data(json.utf8), file: "f").sources[0].complete == ["Mass", "Nodule"])
    }

    @Test func theCarriedFilesAreSound() throws {
        for name in SourcesFile.carried.keys {
            let file = try SourcesFile(named: name)
            let classes = try #require(file.findings).enumerated().map { FindingClass(id: $0 + 1, name: $1) }
            let set = Dataset(
                directory: URL(fileURLWithPath: "/nowhere"), findingClasses: classes, images: [], folds: [:], sources: file.sources)
            try set.requireSoundSources()
            #expect(try SourcesFile(json: SourcesFile(sources: file.sources).json, file: name).sources == file.sources)
        }
        #expect(try SourcesFile(named: "nih14").findings?.count == 14)
    }

    /// A source that does not box a finding has no vote on it.
    @Test func mergedBoxesAgreeAmongThoseWhoDrawTheFinding() {
        let sources = [
            DataSource(name: "one", boxed: ["Nodule", "Hernia"]), DataSource(name: "two", boxed: ["Hernia"]),
        ]
        let image = Self.image(sources: ["one", "two"], boxes: [(3, "one"), (4, "two")])
        let merged = ReaderMerging()(Self.dataset(sources, [image])).images[0].boxes
        #expect(merged.first { $0.classID == 3 }?.agreement == 1)
        #expect(merged.first { $0.classID == 4 }?.agreement == 0.5)
    }
}
