import Foundation
import PleuraTesting
import Radiographs
import Testing

/// No output takes the place of a file that Pleura did not write, nor of an input; and its own pictures are no radiographs.
@Suite(.timeLimit(.minutes(20))) struct OwnOutputTests {
    private let work: TemporaryFolder

    init() throws {
        work = try TemporaryFolder()
        try TinyModel.write(to: work.file("tiny"))
        try Files.write(SampleFiles.dicom(), to: work.file("study/chest.dcm"))
    }

    private func pleura(_ line: String) throws -> Shell.Result {
        try ProgramUnderTest.run(line.split(separator: " ").map(String.init), in: work.url)
    }
    private func names(_ folder: String) throws -> [String] {
        try Files.names(in: work.file(folder))
    }
    private func mine(_ name: String) throws -> Data {
        let bytes = Data("mine".utf8)
        try Files.write(bytes, to: work.file(name))
        return bytes
    }

    @Test func theUsersPictureStaysAndThePicturesOfARunAreNotSearched() throws {
        let jpeg = try SampleFiles.jpeg()
        try jpeg.write(to: work.file("study/chest.jpg"))
        let first = try pleura("detect study/chest.dcm --model ./tiny --out study")
        #expect(first.status == 0, "\(first.errors)")
        #expect(try Data(contentsOf: work.file("study/chest.jpg")) == jpeg)
        #expect(try names("study") == ["chest-2.jpg", "chest.dcm", "chest.jpg", "index.html"])
        // A second run over the folder: the user's two images, and told once what was passed over.
        let second = try pleura("detect study --model ./tiny --out study --csv found.csv")
        #expect(second.status == 0 && second.errors.contains("pleura: 1 picture that Pleura drew was skipped\n"), "\(second.errors)")
        let rows = try String(contentsOf: work.file("found.csv"), encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
        #expect(Set(rows.map { $0.prefix { $0 != "," } }) == ["study/chest.dcm", "study/chest.jpg"])
        #expect(try names("study") == ["chest-2.jpg", "chest-3.jpg", "chest.dcm", "chest.jpg", "index.html"])
        #expect(try Data(contentsOf: work.file("study/chest.jpg")) == jpeg)
    }

    /// The mark is inside the picture: it goes where a copy goes.
    @Test func anOwnPictureNamedDirectlyIsRefusedWhateverItIsCalled() throws {
        _ = try pleura("detect study/chest.dcm --model ./tiny --out out --quiet")
        try FileManager.default.createDirectory(at: work.file("copies"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: work.file("out/chest.jpg"), to: work.file("copies/radiograph.png"))
        let named = try pleura("detect copies/radiograph.png study/chest.dcm --model ./tiny --quiet")
        #expect(named.status == 1)
        #expect(named.errors == "pleura: copies/radiograph.png: a picture that Pleura drew, not a radiograph\n")
        let searched = try pleura("detect copies --model ./tiny --quiet")
        #expect(searched.status == 1 && searched.errors == "pleura: copies: the folder holds no image but pictures that Pleura drew\n")
        // A sheet is drawn for people as well; phantoms are drawn to be read.
        _ = try pleura("phantom --sheet copies/sheet.png --count 2 --size 512")
        _ = try pleura("phantom --count 1 --size 512 --out phantoms --quiet")
        let mixed = try pleura("detect copies phantoms/images --model ./tiny --json found.json")
        #expect(mixed.errors.contains("pleura: 2 pictures that Pleura drew were skipped\n"))
        #expect(try String(contentsOf: work.file("found.json"), encoding: .utf8).contains("phantom_00001.png"))
        // Nor does an import take one for an image without findings.
        let imported = try pleura("dataset import phantoms --normal copies --out set")
        #expect(imported.status == 1 && imported.errors.contains("a picture that Pleura drew"), "\(imported.errors)")
    }

    @Test func whatARunWroteIsReplacedByTheNext() throws {
        try SampleFiles.png().write(to: work.file("a.png"))
        for threshold in ["0.6", "0.4"] {
            let run = try pleura(
                "detect a.png --model ./tiny --threshold \(threshold) --json out/a.json --csv out/a.csv --out out --quiet")
            #expect(run.status == 0, "\(run.errors)")
        }
        let rows = try String(contentsOf: work.file("out/a.csv"), encoding: .utf8).split(whereSeparator: \.isNewline)
        #expect(rows.count == 1 + 16)
        #expect(try names("out") == ["a.csv", "a.jpg", "a.json", "index.html"])
    }

    /// Every option of every command that names a file.
    @Test(arguments: [
        "detect study/chest.dcm --model ./tiny --json FILE", "detect study/chest.dcm --model ./tiny --csv FILE",
        "detect study/chest.dcm --model ./tiny --coco FILE --dataset set", "evaluate --dataset set --model ./tiny --draws 0 --json FILE",
        "dataset stats set --html FILE", "dataset stats set --json FILE", "dataset check set --json FILE", "dataset show set --out FILE",
        "dataset show set --out new.html --json FILE", "dataset split set --folds 2 --json FILE",
        "dataset export set --format yolo --out new --json FILE", "dataset import set --out new --json FILE",
        "dataset merge set --out new --json FILE", "dataset propose set --model ./tiny --out new --json FILE",
        "dataset fetch nih --dry-run --out new --json FILE", "phantom --sheet FILE --size 512 --count 1",
        "phantom --count 1 --out new --json FILE", "model list --json FILE", "model show ./tiny --json FILE",
        "model verify ./tiny --json FILE", "model fetch --json FILE", "model ensemble ./tiny ./tiny --out new --json FILE",
        "model quantize ./tiny --dataset set --out new --json FILE", "doctor --json FILE", "train --presets --json FILE",
        "train --dataset set --plan --json FILE", "train --dataset set --run new --json FILE",
        "experiment --log new.csv --table t.md --json FILE", "volume study/chest.dcm --json FILE", "volume study/chest.dcm --nifti FILE",
        "volume study/chest.dcm --lungs FILE", "volume study/chest.dcm --candidates FILE",
        "dataset nodules --drawn 1 --out new --json FILE",
        "evaluate --ct --dataset set/truths.csv --predictions set/marks.csv --json FILE",
    ])
    func aFileOfTheUsersStays(line: String) throws {
        try CellDataset().write(to: work.file("set"))
        let bytes = try mine("mine.txt")
        try FileManager.default.createSymbolicLink(atPath: work.file("link.txt").path, withDestinationPath: "mine.txt")
        for name in ["mine.txt", "link.txt", "study/../mine.txt"] {
            let result = try pleura(line.replacingOccurrences(of: "FILE", with: name))
            #expect(result.status == 3, "\(result.errors)")
            #expect(result.output.isEmpty && result.errors.split(separator: "\n").count == 1, "\(result.errors)")
            #expect(result.errors.contains("in the way: ") && result.errors.contains("a file is there that Pleura did not write"))
        }
        #expect(try Data(contentsOf: work.file("mine.txt")) == bytes)
        // Nothing was done for it.
        for name in ["new", "new.html", "new.csv"] { #expect(!FileManager.default.fileExists(atPath: work.file(name).path), "\(name)") }
    }

    /// Every option that names a folder.
    @Test(arguments: [
        ("detect study/chest.dcm --model ./tiny --out DIR", "index.html"),
        ("evaluate --dataset set --model ./tiny --draws 0 --report DIR", "index.html"),
        ("evaluate --dataset set --model ./tiny --draws 0 --report DIR", "evaluation.json"),
        ("evaluate --dataset set --compare ./tiny ./tiny --draws 20 --report DIR", "comparison.json"),
        ("phantom --count 1 --size 512 --out DIR", "annotations.json"), ("phantom --count 1 --size 512 --out DIR", "folds.csv"),
        ("phantom --count 1 --size 512 --out DIR", "images/phantom_00001.png"),
        ("phantom --ct --count 1 --matrix 64 --slice-spacing 10 --out DIR", "nodules.csv"),
        ("model ensemble ./tiny ./tiny --out DIR", "card.json"),
        ("model ensemble ./tiny ./tiny --out DIR", "checksums.sha256"), ("model quantize ./tiny --dataset set --out DIR", "card.json"),
        ("dataset merge set --out DIR", "annotations.json"), ("dataset export set --format voc --out DIR", "notes"),
        ("dataset import set --out DIR", "notes"), ("train --dataset set --run DIR --steps 1", "results.csv"),
        ("train --dataset set --run DIR --steps 1", "labels.png"), ("train --dataset set --run DIR --steps 1 --fold 0,1", "scores.json"),
    ])
    func aFileOfTheUsersInAFolderStays(line: String, file: String) throws {
        try CellDataset().write(to: work.file("set"))
        let bytes = try mine("dir/\(file)")
        let before = try FileManager.default.subpathsOfDirectory(atPath: work.file("dir").path).sorted()
        let result = try pleura(line.replacingOccurrences(of: "DIR", with: "dir"))
        #expect([1, 2, 3].contains(result.status) && !result.signalled && !result.errors.isEmpty, "\(result.errors)")
        #expect(try Data(contentsOf: work.file("dir/\(file)")) == bytes)
        #expect(try FileManager.default.subpathsOfDirectory(atPath: work.file("dir").path).sorted() == before)
    }

    /// A table that is no log of experiments, and a text without the marks of one.
    @Test func theLogOfExperimentsIsOnlyWrittenOverALog() throws {
        let (table, text) = (Data("a,b\n1,2\n".utf8), try mine("t.md"))
        try table.write(to: work.file("log.csv"))
        for line in ["experiment --log log.csv --table t.md", "experiment --log new.csv --table t.md"] {
            let result = try pleura(line)
            #expect([1, 3].contains(result.status) && result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        }
        #expect(try Data(contentsOf: work.file("log.csv")) == table && Data(contentsOf: work.file("t.md")) == text)
    }

    /// Whatever a run found and wrote, the next one may write anew.
    @Test func anEarlierRunsReportsAreReplaced() throws {
        try CellDataset().write(to: work.file("set"))
        let line = "detect set/images --model ./tiny --threshold 0.001 --dataset set --json a.json --csv a.csv --coco c.json --out page"
        let files = ["a.json", "a.csv", "c.json"]
        #expect(try pleura(line).status == 0)
        let first = try files.map { try Data(contentsOf: work.file($0)) }
        #expect(first.allSatisfy { $0.count > 100 }, "there must be findings to know them by")
        let again = try pleura(line)
        #expect(again.status == 0, "\(again.errors)")
        #expect(try files.map { try Data(contentsOf: work.file($0)) } == first)
    }

    @Test func anInputIsNoOutput() throws {
        try CellDataset().write(to: work.file("set"))
        _ = try pleura("detect set/images --model ./tiny --coco found.json --dataset set --quiet --threshold 0.001")
        let found = try Data(contentsOf: work.file("found.json"))
        try FileManager.default.linkItem(at: work.file("found.json"), to: work.file("hard.json"))
        for name in ["found.json", "./found.json", "hard.json", "set/../found.json"] {
            let result = try pleura("evaluate --dataset set --predictions found.json --draws 0 --json \(name)")
            #expect(result.status == 3 && result.errors == "pleura: in the way: --json \(name): it is one of the inputs\n")
        }
        #expect(try Data(contentsOf: work.file("found.json")) == found)
        let shared = try pleura("detect study/chest.dcm --model ./tiny --out out --json out/INDEX.html")
        #expect(shared.status == 3 && shared.errors.contains("--json out/INDEX.html: --out goes there too"))
    }

    /// What lies beside a bundle's own files stays when the bundle is written anew.
    @Test func aBundleWrittenAgainKeepsWhatLiesBesideIt() throws {
        for _ in 0..<2 {
            #expect(try pleura("model ensemble ./tiny ./tiny --out both").status == 0)
            _ = try mine("both/NOTE.txt")
        }
        #expect(try names("both") == ["NOTE.txt", "card.json", "checksums.sha256", "ensemble.json", "label_map.pbtxt"])
    }
}
