import Findings
import Foundation
import PleuraTesting
import Testing

/// `pleura dataset …` as a person types it, on phantoms.
@Suite(.timeLimit(.minutes(20))) struct DatasetCommandTests {
    private static func phantoms(_ work: TemporaryFolder, count: Int = 12) throws {
        let made = try ProgramUnderTest.pleura("phantom", "--count", "\(count)", "--size", "512", "--out", "set", in: work.url)
        try #require(made.status == 0)
    }

    private static func json(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private static func count(_ part: String, in text: String) -> Int { text.components(separatedBy: part).count - 1 }

    @Test func everyFormatGoesOutAndComesBackAndSaysWhatItLeavesOut() throws {
        let work = try TemporaryFolder()
        try Self.phantoms(work)
        let before = try Self.json(String(contentsOf: work.file("set/annotations.json"), encoding: .utf8))
        let boxes = try #require(before["annotations"] as? [Any]).count
        for format in [
            "nih", "od-csv", "rsna", "vindr", "csv", "cvat", "voc", "chestxdet", "labelstudio", "coco", "yolo", "tfrecord",
        ] {
            let out = try ProgramUnderTest.pleura("dataset", "export", "set", "--format", format, "--out", "out-\(format)", in: work.url)
            #expect(out.status == 0 && out.output.isEmpty, "\(format): \(out.errors)")
            // Folds are in all phantoms, and few formats know them.
            let says = out.errors.contains("does not carry folds")
            #expect(says == !["nih", "csv", "coco", "tfrecord"].contains(format), "\(format): \(out.errors)")
            let back = try ProgramUnderTest.pleura("dataset", "import", "out-\(format)", "--out", "back-\(format)", in: work.url)
            #expect(back.status == 0, "\(format): \(back.errors)")
            let after = try Self.json(String(contentsOf: work.file("back-\(format)/annotations.json"), encoding: .utf8))
            #expect((after["annotations"] as? [Any])?.count == boxes, "\(format)")
        }
        #expect(try ProgramUnderTest.pleura("dataset", "export", "set", "--format", "none", "--out", "x", in: work.url).status == 2)
        // A target that holds something stays as it is.
        let again = try ProgramUnderTest.pleura("dataset", "export", "set", "--format", "voc", "--out", "out-voc", in: work.url)
        #expect(again.status == 1 && again.errors.contains("exists already"))
    }

    @Test func aSplitKeepsPatientsTogetherAndALeakIsFound() throws {
        let work = try TemporaryFolder()
        try Self.phantoms(work)
        let split = try ProgramUnderTest.pleura(
            "dataset", "split", "set", "--train", "0.5", "--validation", "0.25", "--test", "0.25", in: work.url)
        #expect(split.status == 0 && split.output.contains("TRAIN"))
        #expect(try ProgramUnderTest.pleura("dataset", "check", "set", "--quiet", in: work.url).status == 0)

        // One patient more in another part, one picture more under another name, one box more outside.
        var document = try Self.json(String(contentsOf: work.file("set/annotations.json"), encoding: .utf8))
        var images = try #require(document["images"] as? [[String: Any]])
        let parts = images.compactMap { $0["part"] as? String }
        let other = try #require(parts.indices.first { parts[$0] != parts[0] })
        images[other]["patient"] = images[0]["patient"]
        document["images"] = images
        var annotations = try #require(document["annotations"] as? [[String: Any]])
        annotations[0]["bbox"] = [600, 600, 50, 50]
        document["annotations"] = annotations
        try JSONSerialization.data(withJSONObject: document).write(to: work.file("set/annotations.json"))
        let names = images.compactMap { $0["file_name"] as? String }
        let copy = work.file("set/images/\(names[5])")
        try FileManager.default.removeItem(at: copy)
        try FileManager.default.copyItem(at: work.file("set/images/\(names[4])"), to: copy)
        let check = try ProgramUnderTest.pleura("dataset", "check", "set", "--quiet", "--json", "-", in: work.url)
        #expect(check.status == 1)
        let kinds = try #require(try Self.json(check.output)["problems"] as? [[String: Any]]).compactMap { $0["kind"] as? String }
        #expect(Set(kinds).count >= 3, "\(kinds)")
    }

    @Test func statisticsAndSamplesArePages() throws {
        let work = try TemporaryFolder()
        try Self.phantoms(work)
        let stats = try ProgramUnderTest.pleura("dataset", "stats", "set", "--html", "stats.html", "--json", "stats.json", in: work.url)
        #expect(stats.status == 0 && stats.output.contains("FINDING"))
        let show = try ProgramUnderTest.pleura(
            "dataset", "show", "set", "--out", "show.html", "--count", "4", "--quiet", "--json", "-", in: work.url)
        #expect(show.status == 0)
        for page in ["stats.html", "show.html"] {
            let text = try String(contentsOf: work.file(page), encoding: .utf8)
            #expect(text.contains("research use only") && text.hasSuffix("</html>\n"), "\(page)")
            #expect(!text.contains("src=\"http") && !text.contains("href=\"http"), "\(page) needs nothing from elsewhere")
        }
        // What the dataset's file says, counted here.
        let document = try Self.json(String(contentsOf: work.file("set/annotations.json"), encoding: .utf8))
        let images = try #require(document["images"] as? [[String: Any]])
        let boxes = try #require(document["annotations"] as? [[String: Any]])
        let patients = Set(images.compactMap { $0["patient"] as? String })
        let statistics = try Self.json(String(contentsOf: work.file("stats.json"), encoding: .utf8))
        #expect(images.count == 12 && !boxes.isEmpty)
        #expect(statistics["images"] as? Int == images.count)
        #expect(statistics["boxes"] as? Int == boxes.count)
        #expect(statistics["patients"] as? Int == patients.count)
        let page = try String(contentsOf: work.file("stats.html"), encoding: .utf8)
        for (name, count) in [("images", images.count), ("patients", patients.count), ("boxes", boxes.count)] {
            #expect(page.contains("<dt>\(name)</dt><dd>\(count)</dd>"), "\(name)")
        }
        // The images drawn by lot, each with its name, its picture and all its boxes.
        let drawn = try #require(try Self.json(show.output)["images"] as? [String])
        let samples = try String(contentsOf: work.file("show.html"), encoding: .utf8)
        #expect(drawn.count == 4 && Self.count("<article", in: samples) == 4)
        #expect(Self.count("src=\"data:image/jpeg;base64,", in: samples) == 4)
        let identifiers = images.filter { drawn.contains($0["file_name"] as? String ?? "") }.compactMap { $0["id"] as? Int }
        #expect(Self.count("<g class=\"mark ", in: samples) == boxes.filter { identifiers.contains($0["image_id"] as? Int ?? 0) }.count)
        for name in drawn { #expect(samples.contains("<bdi>\(name)</bdi>"), "\(name)") }
        // A picture that cannot be read is told, and the page is there.
        for image in try Files.names(in: work.file("set/images")) {
            try Data("no picture".utf8).write(to: work.file("set/images/\(image)"))
        }
        let broken = try ProgramUnderTest.pleura("dataset", "show", "set", "--out", "broken.html", "--count", "2", "--quiet", in: work.url)
        #expect(broken.status == 1)
        let tiles = try String(contentsOf: work.file("broken.html"), encoding: .utf8)
        #expect(Self.count("<b>Could not be read:</b>", in: tiles) == 2 && tiles.hasSuffix("</html>\n"))
    }

    @Test func readersAreMerged() throws {
        let work = try TemporaryFolder()
        try Self.phantoms(work, count: 1)
        let picture = try #require(try Files.names(in: work.file("set/images")).first)
        let stem = (picture as NSString).deletingPathExtension
        try """
        image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max
        \(stem),Nodule,0,R1,100,100,140,140
        \(stem),Nodule,0,R2,104,104,144,144
        \(stem),No finding,14,R3,,,,

        """.write(to: work.file("train.csv"), atomically: true, encoding: .utf8)
        let read = try ProgramUnderTest.pleura("dataset", "import", "train.csv", "--images", "set/images", "--out", "read", in: work.url)
        #expect(read.status == 0 && read.errors.contains("1 images, 2 boxes"))
        let merged = try ProgramUnderTest.pleura("dataset", "merge", "read", "--out", "merged", in: work.url)
        #expect(merged.status == 0 && merged.errors.contains("2 boxes merged into 1"))
        let document = try Self.json(String(contentsOf: work.file("merged/annotations.json"), encoding: .utf8))
        let box = try #require((document["annotations"] as? [[String: Any]])?.first)
        #expect(box["bbox"] as? [Double] == [102, 102, 40, 40])
        // Two of three readers: the third looked and drew nothing.
        #expect(abs((box["agreement"] as? Double ?? 0) - 2.0 / 3) < 1e-12)
    }

    @Test func badSourcesAreOneLineEachAndLeaveNothing() throws {
        let work = try TemporaryFolder()
        try Self.phantoms(work, count: 1)
        let xml = """
            <annotation><filename>../../etc/passwd</filename><size><width>1</width><height>1</height></size>
            <object><name>a</name><bndbox><xmin>0</xmin><ymin>0</ymin><xmax>1</xmax><ymax>1</ymax></bndbox></object></annotation>
            """
        try FileManager.default.createDirectory(at: work.file("voc"), withIntermediateDirectories: true)
        try xml.write(to: work.file("voc/a.xml"), atomically: true, encoding: .utf8)
        let traversal = try ProgramUnderTest.pleura("dataset", "import", "voc", "--out", "x", in: work.url)
        #expect(traversal.status == 1 && traversal.errors.contains("not a path inside a folder") && !traversal.errors.contains("passwd"))
        #expect(try ProgramUnderTest.pleura("dataset", "import", "nowhere", "--out", "x", in: work.url).status == 3)
        #expect(try ProgramUnderTest.pleura("dataset", "import", "set", "--format", "word", "--out", "x", in: work.url).status == 2)
        #expect(!FileManager.default.fileExists(atPath: work.file("x").path))
        let plan = try ProgramUnderTest.pleura("dataset", "fetch", "nih-boxes", "--out", "nih", "--dry-run", in: work.url)
        #expect(plan.status == 0 && plan.output.contains("images_12.tar.gz"))
        #expect(!FileManager.default.fileExists(atPath: work.file("nih").path))
    }
}
