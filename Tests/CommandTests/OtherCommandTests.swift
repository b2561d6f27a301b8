import Foundation
import Models
import PleuraTesting
import Radiographs
import Testing

@Suite(.timeLimit(.minutes(20))) struct OtherCommandTests {
    @Test func modelShowPrintsTheCardAndListFindsModelsByFolder() throws {
        let work = try TemporaryFolder()
        try TinyModel.write(to: work.file("Models/tiny"))
        let show = try ProgramUnderTest.pleura("model", "show", "tiny", in: work.url)
        #expect(try show.output == String(decoding: TinyModel.card().json(), as: UTF8.self) && show.status == 0)
        let list = try ProgramUnderTest.pleura("model", "list", in: work.url)
        #expect(list.output.contains("tiny\t1.0.0\t64 px\tBright and dark cells.\n"))
    }

    @Test func doctorSaysWhatIsThere() throws {
        let work = try TemporaryFolder()
        try TinyModel.write(to: work.file("Models/tiny"))
        let result = try ProgramUnderTest.pleura("doctor", "--json", in: work.url)
        #expect(result.status == 0)
        let report = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let engines = try #require(report["engines"] as? [[String: Any]])
        let versions = Dictionary(
            uniqueKeysWithValues: engines.compactMap { engine in
                (engine["name"] as? String).map { ($0, engine["version"] as? String) }
            })
        #expect(versions["OpenVINO"]??.hasPrefix("2026.") == true)
        let pinned = try Shell.run("pkg-config --modversion cairo; pkg-config --modversion libpng; pkg-config --modversion libopenjp2")
            .output
        let wanted = pinned.split(separator: "\n").map(String.init)
        #expect([versions["Cairo"], versions["libpng"], versions["OpenJPEG"]].map { $0 ?? nil } == wanted)
        // The processor's flags as the shell finds them.
        let features = try #require((report["processor"] as? [String: Any])?["features"] as? [String: Bool])
        #expect(features.keys.sorted() == ["amx_bf16", "avx2", "avx512_bf16", "avx512_vnni", "avx512f"])
        for (name, isThere) in features {
            #expect(try (Shell.run("grep -m1 '^flags' /proc/cpuinfo | grep -qw \(name)").status == 0) == isThere, "\(name)")
        }
        let models = try #require(report["models"] as? [[String: Any]])
        #expect(models.contains { $0["name"] as? String == "tiny" && $0["error"] == nil })
    }

    @Test func phantomsAreADatasetThatDetectReads() throws {
        let work = try TemporaryFolder()
        try TinyModel.write(to: work.file("tiny"))
        for name in ["one", "two"] {
            let made = try ProgramUnderTest.pleura("phantom", "--count", "3", "--out", name, "--size", "512", "--seed", "7", in: work.url)
            #expect(made.status == 0 && made.output.isEmpty)
        }
        #expect(
            try Shell.run("cd '\(work.url.path)' && diff -r one two && ls one").output
                == "annotations.json\nfolds.csv\nimages\nlabel_map.pbtxt\n")
        let detect = try ProgramUnderTest.pleura(
            "detect", "one", "--model", "./tiny", "--threshold", "0.01", "--coco", "results.json", "--dataset", "one", in: work.url)
        #expect(detect.status == 0)
        let results = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: work.file("results.json"))) as? [[String: Any]])
        #expect(Set(results.compactMap { $0["image_id"] as? Int }) == [1, 2, 3])
        #expect(try ProgramUnderTest.pleura("phantom", "--count", "0", "--out", "x", in: work.url).status == 2)
    }

    @Test func phantomsAreWrittenAsDICOMAndAsASheet() throws {
        let work = try TemporaryFolder()
        try TinyModel.write(to: work.file("tiny"))
        let made = try ProgramUnderTest.pleura(
            "phantom", "--count", "3", "--out", "drawn", "--size", "512", "--format", "dicom", in: work.url)
        #expect(made.status == 0 && made.output.isEmpty)
        let files = try Files.names(in: work.file("drawn/images"))
        #expect(files == ["phantom_00001.dcm", "phantom_00002.dcm", "phantom_00003.dcm"])
        let detect = try ProgramUnderTest.pleura("detect", "drawn/images", "--model", "./tiny", "--json", "found.json", in: work.url)
        #expect(detect.status == 0)
        let found = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: work.file("found.json"))) as? [String: Any])
        let images = try #require(found["images"] as? [[String: Any]])
        #expect(images.count == 3 && images.allSatisfy { ($0["sop_instance_uid"] as? String)?.hasPrefix("2.25.") == true })

        let sheet = try ProgramUnderTest.pleura("phantom", "--sheet", "sheet.png", "--count", "5", "--size", "512", in: work.url)
        #expect(sheet.status == 0)
        let picture = try DecoderRegistry(decoders: [PNGDecoder()]).decode(path: work.file("sheet.png").path)
        #expect(picture.pixels.width == 1_024 && picture.pixels.height == 512)
        #expect(try ProgramUnderTest.pleura("phantom", "--sheet", "s.png", "--out", "x", in: work.url).status == 2)
        #expect(try ProgramUnderTest.pleura("phantom", "--count", "3", in: work.url).status == 2)
    }
}
