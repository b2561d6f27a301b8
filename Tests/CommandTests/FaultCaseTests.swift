import Foundation
import PleuraTesting
import Radiographs
import Testing

/// Inputs that went wrong in use, each with what should come of it. Where they are not on this machine, the tests are skipped.
@Suite(.enabled(if: Repository.cases != nil, "the inputs that went wrong are not on this machine")) struct FaultCaseTests {
    private static func input(_ name: String) throws -> String { try #require(Repository.cases).appendingPathComponent(name).path }

    private static func json(_ file: URL) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    }

    /// What an import makes of a case.
    private struct Imported {
        let work: TemporaryFolder
        let result: Shell.Result
        /// Boxes as `[x, y, width, height]` by the image's file name; images without one have an empty list.
        let boxes: [String: [[Double]]]
        let classes: [String]

        init(_ name: String, _ options: String...) throws {
            work = try TemporaryFolder()
            result = try ProgramUnderTest.run(
                ["dataset", "import", try FaultCaseTests.input(name), "--out", "dataset"] + options, in: work.url)
            let file = work.file("dataset/annotations.json")
            guard FileManager.default.fileExists(atPath: file.path) else {
                (boxes, classes) = ([:], [])
                return
            }
            let document = try FaultCaseTests.json(file)
            let images = try #require(document["images"] as? [[String: Any]])
            let annotations = try #require(document["annotations"] as? [[String: Any]])
            var boxes: [String: [[Double]]] = [:]
            for image in images {
                let own = annotations.filter { $0["image_id"] as? Int == image["id"] as? Int }
                boxes[try #require(image["file_name"] as? String)] = own.compactMap {
                    ($0["bbox"] as? [Double])?.map { ($0 * 100).rounded() / 100 }
                }
            }
            self.boxes = boxes
            classes = (document["categories"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
        }
    }

    private static func detect(_ name: String, _ options: String...) throws -> (result: Shell.Result, images: [[String: Any]]) {
        let work = try TemporaryFolder()
        let result = try ProgramUnderTest.run(["detect", try input(name), "--json", "out.json"] + options, in: work.url)
        return (result, try json(work.file("out.json"))["images"] as? [[String: Any]] ?? [])
    }

    @Test(arguments: [[], ["--format", "voc"]]) func f01_numbersInFileNamesAreNotOurIds(_ options: [String]) throws {
        let work = try TemporaryFolder()
        let read = try ProgramUnderTest.run(
            ["dataset", "import", try Self.input("f01-numeric-names/voc"), "--out", "dataset"] + options, in: work.url)
        #expect(read.status == 0, "\(read.errors)")
        let scored = try ProgramUnderTest.pleura(
            "evaluate", "--dataset", "dataset", "--predictions", try Self.input("f01-numeric-names/predictions.json"), "--json",
            "scores.json", in: work.url)
        #expect(scored.status == 0, "\(scored.errors)")
        #expect((try Self.json(work.file("scores.json"))["map50"] as? [String: Double])?["value"] == 1)
    }

    @Test func f02_aCompressedIconIsNotThePicture() throws {
        let (result, images) = try Self.detect("f02-icon/icon.dcm")
        #expect(result.status == 0, "\(result.errors)")
        #expect(images.count == 1 && images[0]["error"] is NSNull || images[0]["error"] == nil)
    }

    @Test func f03_anImageThatLostItsOnlyBoxIsNotNormal() throws {
        let strings = try Imported("f03-skip-invalid/coco_bbox_strings", "--skip-invalid")
        let outline = try Imported("f03-skip-invalid/coco_no_bbox_segm", "--skip-invalid")
        #expect(strings.boxes["a.png"] == [[10, 10, 30, 20]] || strings.boxes["a.png"] == nil, "\(strings.boxes)")
        #expect(outline.boxes["a.png"] == [[10, 10, 30, 20]], "\(outline.boxes)")
        #expect(outline.boxes["b.png"] == [])
    }

    @Test func f04_noBoxLandsOnAFileItsPathDoesNotFit() throws {
        let whole = try Imported("f04-other-folder")
        #expect(whole.result.status == 1 && whole.boxes.isEmpty)
        #expect(whole.result.errors.contains("b.csv, row 3: its image is not there"))
        let rest = try Imported("f04-other-folder", "--skip-invalid")
        #expect(rest.result.status == 1 && rest.boxes == ["train/1.png": [[20, 30, 40, 50]]])
    }

    @Test func f05_noOutputReplacesAFileOfTheUser() throws {
        let work = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: Self.input("f05-own-files"), toPath: work.file("study").path)
        let (picture, before) = (work.file("study/chest.jpg"), try Data(contentsOf: work.file("study/chest.jpg")))
        for _ in 0..<2 {
            let result = try ProgramUnderTest.pleura("detect", "study/chest.dcm", "--out", "study", in: work.url)
            #expect(result.status == 0, "\(result.errors)")
            #expect(try Data(contentsOf: picture) == before)
        }
        // What an earlier run drew is not taken for a radiograph.
        _ = try ProgramUnderTest.pleura("detect", "study", "--json", "all.json", in: work.url)
        let images = try Self.json(work.file("all.json"))["images"] as? [[String: Any]] ?? []
        #expect(Set(images.compactMap { ($0["image"] as? NSString)?.lastPathComponent }) == ["chest.dcm", "chest.jpg"])
    }

    @Test func f07_oneThatCannotBeDecodedEndsNothing() throws {
        let whole = try Imported("f07-undecodable")
        #expect(whole.result.status == 1 && whole.boxes.isEmpty)
        #expect(whole.result.errors.contains("p2.dcm"))
        let rest = try Imported("f07-undecodable", "--skip-invalid")
        #expect(rest.result.status == 1 && rest.boxes == ["p1.png": [[20, 30, 40, 50]]])
    }

    @Test func f08_picturesUseTheirWholeRange() throws {
        let deep = try Imported("f08-twelve-bits")
        #expect(deep.result.status == 0 && deep.result.errors.contains("0 to 4095 became 0 to 65535"))
        let registry = DecoderRegistry(decoders: [PNGDecoder()])
        let picture = try registry.decode(path: deep.work.file("dataset/images/a.png").path).pixels
        #expect(picture.bits == 16 && picture.samples.max() ?? 0 > 60_000)
        let exported = try ProgramUnderTest.pleura(
            "dataset", "export", "dataset", "--format", "yolo", "--bit-depth", "8", "--out", "yolo", in: deep.work.url)
        #expect(exported.status == 0)
        let flat = try registry.decode(path: deep.work.file("yolo/images/train/a.png").path).pixels
        #expect(flat.bits == 8 && flat.samples == picture.samples.map { UInt16((Double($0) * 255 / 65535).rounded()) })
    }

    @Test func f10_filesWithoutASuffixAreImages() throws {
        let work = try TemporaryFolder()
        try "image,label,x,y,width,height\nIM0001,N,2,3,4,5\n".write(to: work.file("b.csv"), atomically: true, encoding: .utf8)
        let folder = try Self.input("f10-uid-names")
        let result = try ProgramUnderTest.pleura(
            "dataset", "import", "b.csv", "--images", folder, "--normal", folder, "--out", "dataset", in: work.url)
        #expect(result.status == 0, "\(result.errors)")
        let names = try Files.names(in: work.file("dataset/images"))
        #expect(names == ["1.2.276.0.1.101.png", "IM0001.png"])
    }

    @Test(arguments: ["modality_mg.dcm", "view_lateral.dcm"]) func f11_theHeaderSpeaks(_ name: String) throws {
        let (result, images) = try Self.detect("f11-gate/" + name)
        #expect(result.status == 0)
        let warnings = images.first?["warnings"] as? [String] ?? []
        #expect(warnings.contains { $0.lowercased().contains("header") }, "\(warnings)")
    }

    @Test func f12_anEmptyLookUpTableIsIgnoredAndTold() throws {
        let (result, images) = try Self.detect("f12-empty-modality-lut/modlut_empty.dcm")
        #expect(result.status == 0, "\(result.errors)")
        #expect((images.first?["warnings"] as? [String])?.contains { $0.contains("Modality LUT") } == true)
    }

    @Test(arguments: [("tf_no_filename", 0), ("tf_full_path", 0), ("tf_one_over_1", 0), ("map_none_of_above", 0)])
    func f15_whatTheObjectDetectionAPITrainsOnIsRead(_ name: String, _ status: Int32) throws {
        let read = try Imported("f15-records/" + name)
        #expect(read.result.status == status, "\(read.result.errors)")
        #expect(read.boxes.values.contains { !$0.isEmpty } && !read.classes.contains("none_of_the_above"), "\(read.boxes)")
    }

    @Test func f16_aHeadingIsNoFinding() throws {
        let read = try Imported("f16-roboflow/coco_roboflow_same_name")
        #expect(read.result.status == 0, "\(read.result.errors)")
        #expect(read.boxes == ["a.png": [[10, 10, 30, 20]], "b.png": [[10, 10, 30, 20]]] && read.classes == ["nodule"])
    }

    @Test(arguments: ["coco_path_absolute", "coco_path_windows", "od_path", "voc_windows_path"])
    func f17_pathsOfAnotherMachineAreHealed(_ name: String) throws {
        let read = try Imported("f17-foreign-paths/" + name)
        #expect(read.result.status == 0, "\(read.result.errors)")
        #expect(read.boxes["a.png"]?.count == 1 && read.result.errors.contains(" matched to "))
    }

    @Test func f19_theTableOfYOLOv5IsRead() throws {
        let work = try TemporaryFolder()
        let read = try ProgramUnderTest.pleura(
            "dataset", "import", try Self.input("f19-yolov5-table/dataset-source"), "--out", "dataset", in: work.url)
        #expect(read.status == 0, "\(read.errors)")
        let scored = try ProgramUnderTest.pleura(
            "evaluate", "--dataset", "dataset", "--predictions", try Self.input("f19-yolov5-table/csv_torch.csv"), "--json", "scores.json",
            in: work.url)
        #expect(scored.status == 0, "\(scored.errors)")
    }

    @Test func f20_whatIsClearIsReadAndElseTheLineIsTold() throws {
        let semicolons = try Imported("f20-reasons/od_semicolon")
        #expect(semicolons.result.status == 0 && semicolons.boxes == ["a.png": [[10, 10, 30, 20]]])
        for name in ["map_curly", "map_label_field"] {
            let read = try Imported("f20-reasons/" + name)
            let line = #"label_map\.pbtxt.*line \d+"#
            #expect(
                read.result.status == 0 || read.result.errors.range(of: line, options: .regularExpression) != nil, "\(read.result.errors)")
        }
        let video = try Imported("f20-reasons/cvat_track")
        #expect(video.result.status == 0 || video.result.errors.contains("track"), "\(video.result.errors)")
    }

    @Test func f23_foldsOfThePatientsThereAre() throws {
        let read = try Imported("f23-folds", "--folds", "4")
        #expect(read.result.status == 0 && read.result.errors.contains("8 patients, 4 folds"))
        let folds = try String(contentsOf: read.work.file("dataset/folds.csv"), encoding: .utf8)
            .split(separator: "\n").dropFirst().compactMap { $0.split(separator: ",").last }
        #expect(folds.sorted() == ["0", "0", "1", "1", "2", "2", "3", "3"])
    }

    @Test func f25_wordsAndDeedsAgree() throws {
        let read = try Imported("f25-left-out/coco_ids_repeat", "--skip-invalid")
        let isLeftOut = read.result.errors.contains("left out")
        #expect(isLeftOut ? read.boxes.values.reduce(0) { $0 + $1.count } == 1 : read.boxes.values.allSatisfy { $0.count == 1 })
        #expect(read.result.status == (isLeftOut ? 1 : 0))
    }

    @Test func f27_picturesThatAreGoneAreNamed() throws {
        let work = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: Self.input("f27-lost-pictures/coco_plain"), toPath: work.file("source").path)
        #expect(try ProgramUnderTest.pleura("dataset", "import", "source", "--out", "dataset", in: work.url).status == 0)
        try FileManager.default.removeItem(at: work.file("source/a.png"))
        let exported = try ProgramUnderTest.pleura("dataset", "export", "dataset", "--format", "yolo", "--out", "yolo", in: work.url)
        #expect(exported.status == 1 && exported.errors.contains("a.png is not there"))
        #expect(!FileManager.default.fileExists(atPath: work.file("yolo").path))
    }
}
