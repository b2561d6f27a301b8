import Foundation
import PleuraTesting
import Testing

@Suite(.timeLimit(.minutes(20))) struct BadInputTests {
    /// Of every bad file one line with its name and a reason; the good ones done; exit code 1; nothing half-written.
    @Test(arguments: [true, false]) func goodFilesAreDoneAmongBadOnes(asFolder: Bool) throws {
        let work = try TemporaryFolder()
        try TinyModel.write(to: work.file("tiny"))
        let broken = try BrokenFiles(in: work.file("in"))
        #expect(broken.names.count >= 40 && Set(broken.names).count == broken.names.count)
        let good = ["a.png", "m.dcm", "z.jpg", "named-as-jpeg.jpg"]
        try SampleFiles.png().write(to: work.file("in/a.png"))
        try SampleFiles.dicom().write(to: work.file("in/m.dcm"))
        try SampleFiles.jpeg().write(to: work.file("in/z.jpg"))
        // A wrong suffix is no fault: content decides.
        try SampleFiles.png(bits: 16).write(to: work.file("in/named-as-jpeg.jpg"))
        try Data("notes".utf8).write(to: work.file("in/notes.txt"))

        let all = (broken.names + good).sorted()
        let inputs = asFolder ? ["in"] : all.map { "in/" + $0 }
        let result = try ProgramUnderTest.run(
            ["detect"] + inputs + ["--model", work.file("tiny").path, "--json", "-", "--csv", "out/findings.csv", "--out", "out"],
            in: work.url)
        #expect(result.status == 1 && !result.signalled)

        let document = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let images = try #require(document["images"] as? [[String: Any]])
        #expect(images.compactMap { $0["image"] as? String }.sorted() == all.map { "in/" + $0 }.sorted())
        let lines = result.errors.split(separator: "\n").map(String.init)
        for image in images {
            let path = image["image"] as? String ?? ""
            let name = String(path.dropFirst(3))
            let own = lines.filter { $0.hasPrefix("pleura: \(path): ") }
            let findings = (image["findings"] as? [Any])?.count
            if good.contains(name) {
                #expect(own.isEmpty && image["error"] == nil && findings == 1, "\(name)")
            } else {
                #expect(own.count == 1 && findings == 0, "\(name)")
                #expect(own.first == "pleura: \(path): \(image["error"] as? String ?? "")", "\(name)")
            }
        }
        #expect(lines.filter { $0.hasPrefix("pleura: in/") }.count == broken.names.count)
        let written = try Files.names(in: work.file("out"))
        #expect(written == ["a.jpg", "findings.csv", "index.html", "m.jpg", "named-as-jpeg.jpg", "z.jpg"])
    }

    /// Numbers of a header that lead out of all numbers when they are computed with.
    @Test func numbersWithoutEndInAHeaderEndNothing() throws {
        let work = try TemporaryFolder()
        try TinyModel.write(to: work.file("tiny"))
        let numbers = ["1e308", "-1e308", "1e-320", "1e999", "-1e999", "nan", "inf", "3e20", "99999999999999999999", "0", "-0"]
        var names: [String] = []
        for (index, number) in numbers.enumerated() {
            for (kind, bytes) in [
                ("slope", SampleFiles.dicom(slope: number)), ("centre", SampleFiles.dicom(window: (number, "100"))),
                ("width", SampleFiles.dicom(window: ("50", number))), ("both", SampleFiles.dicom(slope: number, window: (number, number))),
            ] {
                names.append("\(kind)\(index).dcm")
                try bytes.write(to: work.file("\(kind)\(index).dcm"))
            }
        }
        let result = try ProgramUnderTest.run(["detect"] + names + ["--model", "./tiny", "--json", "-", "--out", "out"], in: work.url)
        #expect(result.status == 0 && !result.signalled, "\(result.errors)")
        let document = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let images = try #require(document["images"] as? [[String: Any]])
        #expect(images.count == names.count && images.allSatisfy { $0["width"] as? Int == 64 && $0["error"] == nil })
    }

    @Test func reasonsSayWhatIsWrong() throws {
        let work = try TemporaryFolder()
        try TinyModel.write(to: work.file("tiny"))
        _ = try BrokenFiles(in: work.file("in"))
        let result = try ProgramUnderTest.pleura("detect", "in", "missing.png", "*.gif", "--model", "./tiny", "--quiet", in: work.url)
        let reasons = [
            "in/huge.png: too large", "in/huge.jpg: too large", "in/huge.dcm: too large", "in/flat.dcm: damaged",
            "in/no-pixels.dcm: no pixels",
            "in/empty.png: empty", "in/text.jpg: unknown format", "in/pipe.dcm: unreadable", "in/device.png: unreadable",
            "in/dangling.png: unreadable", "in/folder.png: a folder, and it holds no image", "missing.png: unreadable: no such file",
            "*.gif: no file matches",
        ]
        for reason in reasons { #expect(result.errors.contains("pleura: \(reason)"), "\(reason)") }
        #expect(result.status == 1)
    }

    @Test(arguments: ["model.onnx", "label_map.pbtxt", "card.json", "checksums.sha256"], [true, false])
    func aBundleWithAMissingOrAlteredFileIsNamed(file: String, isMissing: Bool) throws {
        let work = try TemporaryFolder()
        try TinyModel.write(to: work.file("good"))
        try TinyModel.write(to: work.file("bad"))
        try SampleFiles.png().write(to: work.file("a.png"))
        let place = work.file("bad/" + file)
        if isMissing {
            try FileManager.default.removeItem(at: place)
        } else {
            var bytes = try Data(contentsOf: place)
            bytes[bytes.count / 2] ^= 4
            try bytes.write(to: place)
        }
        let detect = try ProgramUnderTest.pleura("detect", "a.png", "--model", "./bad", "--json", "out.json", "--out", "out", in: work.url)
        #expect(detect.status == 1 && detect.output.isEmpty)
        #expect(
            detect.errors.hasPrefix("pleura: ./bad: ") && detect.errors.contains(file) && detect.errors.split(separator: "\n").count == 1)
        #expect(try Files.names(in: work.url) == ["a.png", "bad", "good"])

        let verify = try ProgramUnderTest.pleura("model", "verify", "./bad", "./good", in: work.url)
        #expect(verify.status == 1 && verify.errors == detect.errors)
        #expect(verify.output.hasPrefix("./good\tgood\ttiny 1.0.0\t"))
    }
}
