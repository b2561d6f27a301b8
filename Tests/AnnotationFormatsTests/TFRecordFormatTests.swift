import AnnotationFormats
import Datasets
import Findings
import Foundation
import Geometry
import Interchange
import PleuraTesting
import Radiographs
import SwiftProtobuf
import TFRecords
import TableFormats
import Testing

@Suite struct TFRecordFormatTests {
    private let format = TFRecordFormat()

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func anyDatasetComesBack(seed: UInt64) throws {
        let root = try TemporaryFolder()
        var maker = RandomDataset(RandomDataset.everything)
        maker.hasImagesWithoutPart = seed % 2 == 0
        maker.imageCount = 30
        let dataset = try maker.make(seed: seed, in: root.file("dataset"))
        var options = ExportOptions()
        options.shards = Int(seed)
        #expect(DatasetExporter(format).lost(of: dataset).isEmpty)
        let back = try roundTrip(dataset, format, options: options, in: root)
        // The images are 96 pixels wide at most: a 2^25th of that.
        expectSame(dataset, back, carrying: format.contents, tolerance: 3e-6)
    }

    @Test func wholePixelsSurviveFloatFractions() throws {
        let root = try TemporaryFolder()
        let maker = RandomDataset(RandomDataset.everything.subtracting([.fractions, .agreement]))
        let dataset = try maker.make(seed: 9, in: root.file("dataset"))
        expectSame(dataset, try roundTrip(dataset, format, in: root), carrying: format.contents.union(.fractions), tolerance: 0)
    }

    @Test func shardsAreNamedBySetAndHoldEveryImageOnce() throws {
        let root = try TemporaryFolder()
        var maker = RandomDataset([.findings, .parts, .fractions])
        maker.imageCount = 17
        maker.hasImagesWithoutPart = true
        let dataset = try maker.make(seed: 3, in: root.file("dataset"))
        var options = ExportOptions()
        options.shards = 3
        for name in ["one", "two"] { try DatasetExporter(format, options: options).write(dataset, to: root.file(name)) }
        let names = try Files.names(in: root.file("one"))
        let sets = ["dataset", "test", "train", "validation"]
        #expect(names == (sets.flatMap { set in (0..<3).map { "\(set).record-0000\($0)-of-00003" } } + ["label_map.pbtxt"]).sorted())
        // The same bytes each time, whatever order a dictionary of this run has.
        for name in names { #expect(try bytes(root, "one/\(name)") == bytes(root, "two/\(name)")) }
        var counts: [String: [Int]] = [:]
        for name in names where name != "label_map.pbtxt" {
            let reader = try TFRecordReader(root.file("one/\(name)"))
            var count = 0
            while try reader.read({ _ in count += 1 }) {}
            counts[String(name.prefix { $0 != "." }), default: []].append(count)
        }
        for set in sets {
            let images = dataset.images.filter { ($0.part ?? "dataset") == set }
            #expect(counts[set]?.reduce(0, +) == images.count)
            #expect((counts[set]?.max() ?? 0) - (counts[set]?.min() ?? 0) <= 1)
        }
    }

    @Test func moreShardsThanImagesMakeNoEmptyFile() throws {
        let root = try TemporaryFolder()
        var maker = RandomDataset([.findings])
        maker.imageCount = 4
        let dataset = try maker.make(seed: 3, in: root.file("dataset"))
        var options = ExportOptions()
        options.shards = 50
        expectSame(dataset, try roundTrip(dataset, format, options: options, in: root), carrying: format.contents, tolerance: 3e-6)
        try DatasetExporter(format, options: options).write(dataset, to: root.file("shards"))
        #expect(try Files.names(in: root.file("shards")).count == 5)
    }

    private func bytes(_ root: TemporaryFolder, _ name: String) throws -> Data { try Data(contentsOf: root.file(name)) }

    // MARK: Faults

    private static let picture = try? PixelImage(width: 8, height: 4, bits: 8, samples: (0..<32).map { UInt16($0) }).png()

    /// Features of a right record, by name.
    private func features() throws -> [String: Pleura_TensorFlow_Feature] {
        func feature(_ change: (inout Pleura_TensorFlow_Feature) -> Void) -> Pleura_TensorFlow_Feature { .with { change(&$0) } }
        let picture = try #require(Self.picture)
        return [
            "image/filename": feature { $0.bytesList.value = [Data("a.png".utf8)] },
            "image/width": feature { $0.int64List.value = [8] }, "image/height": feature { $0.int64List.value = [4] },
            "image/encoded": feature { $0.bytesList.value = [picture] },
            "image/object/bbox/xmin": feature { $0.floatList.value = [0.25, 0] },
            "image/object/bbox/xmax": feature { $0.floatList.value = [0.5, 1] },
            "image/object/bbox/ymin": feature { $0.floatList.value = [0.25, 0.5] },
            "image/object/bbox/ymax": feature { $0.floatList.value = [0.75, 1] },
            "image/object/class/text": feature { $0.bytesList.value = [Data("Mass".utf8), Data("Nodule".utf8)] },
            "image/object/class/label": feature { $0.int64List.value = [1, 2] },
        ]
    }

    /// What reading a right record and then one with this change says.
    private func problems(
        labelMap: String? = "item { id: 1 name: 'Mass' } item { id: 2 name: 'Nodule' }",
        _ change: (inout [String: Pleura_TensorFlow_Feature]) -> Void
    ) throws -> [String] {
        let root = try TemporaryFolder()
        if let labelMap { try Data(labelMap.utf8).write(to: root.file("label_map.pbtxt")) }
        let writer = try TFRecordWriter(root.file("train.record"))
        let right = try features()
        var wrong = right
        wrong["image/filename"]?.bytesList.value = [Data("b.png".utf8)]
        change(&wrong)
        for features in [right, wrong] {
            let example = Pleura_TensorFlow_Example.with { $0.features.feature = features }
            try writer.write(example.serializedBytes() as Data)
        }
        try writer.finish()
        let document = try format.read(AnnotationSource(root.url))
        #expect(document.images.count == (document.problems.isEmpty ? 2 : 1))
        #expect(document.images[0].part == "train")
        let place = "train.record, record 2: "
        #expect(document.problems.allSatisfy { $0.hasPrefix(place) })
        return document.problems.map { String($0.dropFirst(place.count)) }
    }

    @Test func aRightRecordIsRight() throws {
        #expect(try problems { _ in }.isEmpty)
        #expect(try problems(labelMap: nil) { _ in }.isEmpty)
        // What the API does not need may be missing.
        #expect(
            try problems {
                for key in ["image/width", "image/height", "image/object/class/label"] { $0[key] = nil }
            }.isEmpty)
    }

    @Test func featuresThatAreMissingOrOfAnotherKindAreNamed() throws {
        #expect(try problems { $0["image/encoded"] = nil } == ["image/encoded is missing or empty"])
        #expect(try problems { $0["image/encoded"]?.bytesList.value = [Data()] } == ["image/encoded is missing or empty"])
        #expect(
            try problems { $0["image/object/bbox/xmin"]?.bytesList.value = [Data("0.5".utf8)] } == [
                "image/object/bbox/xmin has bytes, expected floats"
            ])
        #expect(try problems { $0["image/width"]?.floatList.value = [8] } == ["image/width has floats, expected integers"])
        #expect(try problems { $0["image/width"]?.int64List.value = [0] } == ["image/width is not a positive number"])
        #expect(try problems { $0["image/height"]?.int64List.value = [.max] } == ["image/height is not a positive number"])
        #expect(try problems { $0["image/height"]?.int64List.value = [4, 4] } == ["image/height has more than one value"])
        #expect(
            try problems { $0["image/object/class/text"]?.bytesList.value[0] = Data([0xff, 0xfe]) } == [
                "image/object/class/text is not UTF-8 text"
            ])
        #expect(
            try problems {
                $0["image/object/class/text"] = nil
                $0["image/object/class/label"] = nil
            } == ["image/object/class/text and image/object/class/label are missing"])
    }

    @Test func listsOfUnequalLengthAreNamed() throws {
        #expect(
            try problems { $0["image/object/bbox/ymax"]?.floatList.value.removeLast() } == [
                "image/object/bbox/ymax has not as many values as its like"
            ])
        #expect(
            try problems { $0["image/object/bbox/ymax"] = nil } == ["image/object/bbox/ymax has not as many values as its like"])
        #expect(
            try problems { $0["image/object/class/label"]?.int64List.value.append(1) } == [
                "image/object/class/label has not one value a box"
            ])
        #expect(
            try problems { $0["image/object/class/text"]?.bytesList.value.removeLast() } == [
                "image/object/class/text has not one value a box"
            ])
    }

    @Test(arguments: [Float.nan, .infinity, -0.11, 1.11])
    func edgesOutsideTheImageAreNamed(edge: Float) throws {
        for key in ["xmin", "xmax", "ymin", "ymax"] {
            #expect(
                try problems { $0["image/object/bbox/\(key)"]?.floatList.value[1] = edge } == ["box 2: its edges are not between 0 and 1"])
        }
    }

    /// What reading one record for each change says; the label map has the background's item where that is asked for.
    private func document(_ changes: [(inout [String: Pleura_TensorFlow_Feature]) -> Void], background: String = "") throws
        -> AnnotationDocument
    {
        let root = try TemporaryFolder()
        try Data("\(background) item { id: 1 name: 'Mass' } item { id: 2 name: 'Nodule' }".utf8).write(to: root.file("label_map.pbtxt"))
        let writer = try TFRecordWriter(root.file("train.record"))
        for change in changes {
            var features = try features()
            change(&features)
            try writer.write(Pleura_TensorFlow_Example.with { $0.features.feature = features }.serializedBytes() as Data)
        }
        try writer.finish()
        return try format.read(AnnotationSource(root.url))
    }

    private func named(_ name: String) -> (inout [String: Pleura_TensorFlow_Feature]) -> Void {
        { $0["image/filename"] = .with { $0.bytesList.value = [Data(name.utf8)] } }
    }

    @Test func recordsThatNameNoImageAreNamedByTheirPlace() throws {
        let document = try document([
            { $0["image/filename"] = nil }, { $0["image/filename"]?.bytesList.value = [Data()] },
            {
                $0["image/filename"] = nil
                $0["image/source_id"] = .with { $0.bytesList.value = [Data("7".utf8)] }
            },
        ])
        #expect(document.problems.isEmpty)
        #expect(document.images.map(\.name) == ["train.record-000001.png", "train.record-000002.png", "7.png"])
        #expect(document.notes == ["2 records do not name their image: it has the name of the file and the record's number"])
    }

    @Test func pathsOfAnotherMachineAreNoNames() throws {
        let paths = [
            "/home/u/data/a.png", "C:\\data\\b.png", "images\\c.png", "../../d.png", "file:///data/e.png", "gs://bucket/f.png",
            "ward/g.png",
            "/data/train/h.png", "/data/valid/h.png", "/x/plain.png", "plain.png",
        ]
        let document = try document(paths.map(named))
        #expect(document.problems.isEmpty)
        #expect(
            document.images.map(\.name) == [
                "a.png", "b.png", "c.png", "d.png", "e.png", "f.png", "ward/g.png", "data/train/h.png", "data/valid/h.png", "x/plain.png",
                "plain.png",
            ])
        #expect(document.notes == ["9 records name their image by a path of another machine: its end is the image's name"])
    }

    @Test func edgesALittleOverTheImageAreCutOffThere() throws {
        let document = try document([
            {
                $0["image/object/bbox/xmax"]?.floatList.value[1] = 1.0083
                $0["image/object/bbox/ymin"]?.floatList.value[0] = -0.0083
            }, { $0["image/object/bbox/ymax"]?.floatList.value[0] = 1.1 },
        ])
        #expect(document.problems.isEmpty)
        let boxes = document.images.map { $0.boxes.map { $0.box(width: 8, height: 4) } }
        #expect(
            boxes == [
                [Box(x: 2, y: 0, width: 2, height: 3), Box(x: 0, y: 2, width: 8, height: 2)],
                [Box(x: 2, y: 1, width: 2, height: 3), Box(x: 0, y: 2, width: 8, height: 2)],
            ])
        #expect(document.notes == ["3 boxes reach over the edge of their image by up to a tenth of it and were cut off there"])
        #expect(
            try problems {
                $0["image/object/bbox/xmin"]?.floatList.value[1] = 1.02
                $0["image/object/bbox/xmax"]?.floatList.value[1] = 1.08
            } == ["box 2: it is outside its image"])
        #expect(
            try problems {
                for (key, values) in [("xmin", [2, 1]), ("xmax", [4, 6]), ("ymin", [1, 1]), ("ymax", [3, 3])] as [(String, [Float])] {
                    $0["image/object/bbox/\(key)"]?.floatList.value = values
                }
            }
                == [1, 2].map {
                    "box \($0): its edges are not between 0 and 1; they seem to be pixels, expected fractions of the image's size"
                })
    }

    @Test func oneOfTextAndNumberIsEnough() throws {
        let document = try document([
            { $0["image/object/class/text"]?.bytesList.value = [] }, { $0["image/object/class/text"] = nil },
            { $0["image/object/class/label"]?.int64List.value = [] }, { $0["image/object/class/label"] = nil },
        ])
        #expect(document.problems.isEmpty && document.images.allSatisfy { $0.boxes.map(\.label) == ["Mass", "Nodule"] })
    }

    @Test func theBackgroundOfALabelMapIsToldAndNoFinding() throws {
        let item = "item { name: 'none_of_the_above' id: 0 display_name: 'background' }"
        let right = try document([{ _ in }], background: item)
        #expect(right.problems.isEmpty && right.classes == [FindingClass(id: 1, name: "Mass"), FindingClass(id: 2, name: "Nodule")])
        #expect(right.notes == ["the label map's item of id 0 ('none_of_the_above') is the background and no finding"])
        let wrong = try document(
            [
                {
                    $0["image/object/class/text"] = nil
                    $0["image/object/class/label"]?.int64List.value = [0, 2]
                }
            ], background: item)
        #expect(wrong.problems == ["train.record, record 1: box 1: its class is the background, id 0 of the label map"])
    }

    @Test func emptyAndInvertedBoxesAreNamed() throws {
        #expect(try problems { $0["image/object/bbox/xmax"]?.floatList.value[0] = 0.25 } == ["box 1: it is empty or inverted"])
        #expect(
            try problems { $0["image/object/bbox/ymax"]?.floatList.value = [0.1, 0.2] } == [
                "box 1: it is empty or inverted", "box 2: it is empty or inverted",
            ])
    }

    @Test func classesThatDoNotAgreeAreNamed() throws {
        #expect(
            try problems { $0["image/object/class/label"]?.int64List.value = [1, 3] } == [
                "box 2: its class text and class number do not belong together"
            ])
        #expect(
            try problems {
                $0["image/object/class/text"] = nil
                $0["image/object/class/label"]?.int64List.value = [0, 3]
            } == ["box 1: its class number is not in the label map", "box 2: its class number is not in the label map"])
        #expect(
            try problems { $0["image/object/class/text"]?.bytesList.value[0] = Data("Effusion".utf8) } == [
                "box 1: its class text is not in the label map"
            ])
        // Without a label map the first record says which text has which number.
        #expect(
            try problems(labelMap: nil) { $0["image/object/class/label"]?.int64List.value = [2, 1] } == [
                "box 1: its class text and class number do not belong together",
                "box 2: its class text and class number do not belong together",
            ])
        #expect(
            try problems(labelMap: nil) {
                $0["image/object/class/text"]?.bytesList.value[0] = Data("Effusion".utf8)
                $0["image/object/class/label"]?.int64List.value[0] = 0
            } == ["box 1: its class number is not 1 or greater"])
        #expect(
            try problems(labelMap: nil) {
                $0["image/object/class/text"] = nil
                $0["image/object/class/label"]?.int64List.value = [1, 7]
            } == ["box 2: a class without a text, and no label map"])
    }

    @Test func aWrongDigestAFoldWithoutAPatientAndAWrongAgreementAreNamed() throws {
        let zeros = Data(String(repeating: "0", count: 64).utf8)
        #expect(
            try problems { $0["image/key/sha256"] = .with { $0.bytesList.value = [zeros] } } == [
                "image/key/sha256 is not that of the image"
            ])
        #expect(try problems { $0["image/fold"] = .with { $0.int64List.value = [1] } } == ["image/fold without image/patient"])
        #expect(
            try problems { $0["image/object/agreement"] = .with { $0.floatList.value = [-1, 1.5] } } == [
                "box 2: image/object/agreement is not between 0 and 1"
            ])
    }

    @Test func featuresThatAreLeftAsideAreTold() throws {
        let root = try TemporaryFolder()
        let writer = try TFRecordWriter(root.file("a.tfrecord"))
        var features = try features()
        features["image/object/difficult"] = .with { $0.int64List.value = [0, 1] }
        try writer.write(Pleura_TensorFlow_Example.with { $0.features.feature = features }.serializedBytes() as Data)
        try writer.finish()
        let document = try format.read(AnnotationSource(root.url))
        #expect(document.problems.isEmpty)
        #expect(document.notes == ["the feature image/object/difficult of 1 records is left aside"])
        #expect(document.classes == [FindingClass(id: 1, name: "Mass"), FindingClass(id: 2, name: "Nodule")])
    }

    /// Records whose checksums are right and whose content is not: each flipped bit of one, and each end of it.
    @Test func noRecordOfWrongContentStopsTheReading() throws {
        let right: Data = try Pleura_TensorFlow_Example.with { $0.features.feature = try features() }.serializedBytes()
        var variants: [Data] = (0..<right.count).map { right.prefix($0) }
        for index in right.indices {
            for bit in 0..<8 {
                var bytes = right
                bytes[index] ^= 1 << bit
                variants.append(bytes)
            }
        }
        // So few a file that every problem of it is kept.
        for start in stride(from: 0, to: variants.count, by: 400) {
            let some = variants[start..<min(start + 400, variants.count)]
            let root = try TemporaryFolder()
            let file = root.file("a.tfrecord")
            let writer = try TFRecordWriter(file)
            for variant in some { try writer.write(variant) }
            try writer.write(right)
            try writer.finish()
            let document = try format.read(AnnotationSource(root.url))
            // Every record is an image or named in a problem.
            let places = Set(document.images.map(\.place)).union(document.problems.map { String($0.prefix { $0 != ":" }) })
            #expect(places == Set((1...some.count + 1).map { "a.tfrecord, record \($0)" }))
            #expect(document.images.last?.boxes.count == 2)
            // Wherever an image is said to lie, it lies inside its file.
            let size = try Data(contentsOf: file).count
            for image in document.images {
                guard case .embedded(_, let offset, let length) = image.content else {
                    Issue.record("an image that is not in the file")
                    continue
                }
                #expect(offset > 0 && length > 0 && offset + length <= size)
            }
        }
    }

    // MARK: Files

    private func shards(_ root: TemporaryFolder, count: Int) throws -> URL {
        var maker = RandomDataset([.findings])
        maker.imageCount = 12
        let dataset = try maker.make(seed: 5, in: root.file("dataset"))
        var options = ExportOptions()
        options.shards = count
        try DatasetExporter(format, options: options).write(dataset, to: root.file("shards"))
        return root.file("shards")
    }

    @Test func missingShardsAreNamedAndTheOthersRead() throws {
        let root = try TemporaryFolder()
        let folder = try shards(root, count: 6)
        for number in [0, 4] {
            try FileManager.default.removeItem(at: folder.appendingPathComponent("dataset.record-0000\(number)-of-00006"))
        }
        let document = try format.read(AnnotationSource(folder))
        #expect(document.problems == ["dataset.record-00000-of-00006 is missing", "dataset.record-00004-of-00006 is missing"])
        #expect(document.images.count == 8)
        // A name that promises the impossible costs nothing.
        try Data().write(to: folder.appendingPathComponent("x.record-00001-of-999999999"))
        let problems = try format.read(AnnotationSource(folder)).problems
        #expect(problems.contains("x.record-00000-of-999999999 is missing") && problems.count < 30)
    }

    @Test func emptyFilesAreFaultsButForTheLastOfASet() throws {
        let root = try TemporaryFolder()
        let folder = try shards(root, count: 3)
        func empty(_ number: Int) throws { try Data().write(to: folder.appendingPathComponent("dataset.record-0000\(number)-of-00003")) }
        try empty(2)
        var document = try format.read(AnnotationSource(folder))
        #expect(document.problems.isEmpty && document.notes == ["dataset.record-00002-of-00003 has no record"])
        try empty(1)
        try empty(0)
        document = try format.read(AnnotationSource(folder))
        #expect(Array(document.problems) == (0..<3).map { "dataset.record-0000\($0)-of-00003 has no record: the file is empty" })
    }

    @Test func aDamagedShardIsReportedAndNothingIsWritten() throws {
        let root = try TemporaryFolder()
        let folder = try shards(root, count: 2)
        let shard = folder.appendingPathComponent("dataset.record-00001-of-00002")
        var bytes = try Data(contentsOf: shard)
        bytes[200] ^= 4
        try bytes.write(to: shard)
        let error = #expect(throws: DatasetError.self) {
            try DatasetImporter().importDataset(AnnotationSource(folder), format: format, to: root.file("back"))
        }
        #expect(
            error?.problems.first == "dataset.record-00001-of-00002, record 1 at byte 0: the checksum of its data is wrong")
        #expect(!FileManager.default.fileExists(atPath: root.file("back").path))
        var importer = DatasetImporter()
        importer.skipsInvalid = true
        #expect(try importer.importDataset(AnnotationSource(folder), format: format, to: root.file("back")).dataset.images.count == 11)
    }

    @Test(arguments: [
        ("item { name: 'Mass' id: 0 }", "item 1: id 0"), ("item { name: 'Mass' }", "item 1 ('Mass') has no id"),
        ("item { name: 'Mass' id: 1 } item { name: 'Nodule' id: 1 }", "item 2: id 1 occurs twice"),
    ])
    func aWrongLabelMapIsNamedWithItsItem(text: String, reason: String) throws {
        let root = try TemporaryFolder()
        let folder = try shards(root, count: 1)
        try Data(text.utf8).write(to: folder.appendingPathComponent("label_map.pbtxt"))
        let error = #expect(throws: DatasetError.self) { try format.read(AnnotationSource(folder)) }
        #expect(error?.reason.hasPrefix("label_map.pbtxt: ") == true && error?.reason.contains(reason) == true)
    }

    @Test func aFileOfAnyNameAndFoldersWithUsualNamesAreRecognised() throws {
        let root = try TemporaryFolder()
        let folder = try shards(root, count: 1)
        try FileManager.default.moveItem(at: folder.appendingPathComponent("dataset.record-00000-of-00001"), to: root.file("records"))
        #expect(try AnnotationFormats.recognised(AnnotationSource(root.file("records"))).name == "tfrecord")
        #expect(!format.recognises(try AnnotationSource(folder)))
        try Data("no record".utf8).write(to: folder.appendingPathComponent("model-00001-of-00002.safetensors"))
        #expect(!format.recognises(try AnnotationSource(folder)))
        try FileManager.default.copyItem(at: root.file("records"), to: folder.appendingPathComponent("pets_train-00000-of-00001"))
        #expect(format.recognises(try AnnotationSource(folder)))
        #expect(try format.read(AnnotationSource(folder)).images.allSatisfy { $0.part == "train" })
    }

    // MARK: Without unpacking

    @Test func aDatasetInRecordsGivesTheImagesOfItsFiles() throws {
        let root = try TemporaryFolder()
        let dataset = try RandomDataset().make(seed: 8, in: root.file("dataset"))
        var options = ExportOptions()
        options.shards = 2
        try DatasetExporter(format, options: options).write(dataset, to: root.file("shards"))
        let before = try FileManager.default.subpathsOfDirectory(atPath: root.url.path).sorted()
        let opened = try TFRecordDataset.open(records: [root.file("shards")])
        #expect(opened.problems.isEmpty && opened.dataset.embedded.count == dataset.images.count)
        let images = Dictionary(uniqueKeysWithValues: opened.dataset.images.map { ($0.fileName, $0) })
        for image in dataset.images {
            let other = try #require(images[image.fileName])
            #expect(other.patient == image.patient && other.boxes.count == image.boxes.count && other.part == image.part)
            #expect(try opened.dataset.encodedImage(of: other) == Data(contentsOf: dataset.url(of: image)))
            #expect(try dataset.encodedImage(of: image) == Data(contentsOf: dataset.url(of: image)))
        }
        #expect(try FileManager.default.subpathsOfDirectory(atPath: root.url.path).sorted() == before)

        // By name, as pipeline.config has it, with the label map of another place.
        let files = TFRecordDataset.files(matching: root.file("shards").path + "/train.record-?????-of-00002")
        #expect(files.map(\.lastPathComponent) == ["train.record-00000-of-00002", "train.record-00001-of-00002"])
        try FileManager.default.moveItem(at: root.file("shards/label_map.pbtxt"), to: root.file("map.pbtxt"))
        let part = try TFRecordDataset.open(records: files, labelMap: root.file("map.pbtxt")).dataset
        #expect(part.findingClasses == dataset.findingClasses)
        #expect(part.images.map(\.fileName) == dataset.images.filter { $0.part == "train" }.map(\.fileName))
        // One shard of two is not the whole set.
        let error = #expect(throws: DatasetError.self) { try TFRecordDataset.open(records: [files[1]], labelMap: root.file("map.pbtxt")) }
        #expect(error?.problems == ["train.record-00000-of-00002 is missing"])

        // What has files of images gets them written.
        try DatasetExporter(NIHFormat()).write(opened.dataset, to: root.file("nih"))
        for image in dataset.images {
            #expect(try bytes(root, "nih/images/\(image.fileName)") == Data(contentsOf: dataset.url(of: image)))
        }

        // A dataset in records can go into records again.
        try DatasetExporter(format).write(opened.dataset, to: root.file("again"))
        let again = try DatasetImporter().importDataset(AnnotationSource(root.file("again")), format: format, to: root.file("back")).dataset
        expectSame(dataset, again, carrying: format.contents, tolerance: 3e-6)

        try FileHandle(forWritingTo: files[0]).truncate(atOffset: 100)
        #expect(throws: DatasetError.self) { try opened.dataset.encodedImage(of: try #require(images[part.images[0].fileName])) }
        #expect(throws: DatasetError.self) {
            try dataset.encodedImage(of: DatasetImage(id: 99, fileName: "none.png", width: 1, height: 1, patient: ""))
        }
    }
}
