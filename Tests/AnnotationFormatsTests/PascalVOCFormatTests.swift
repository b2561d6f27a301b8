import AnnotationFormats
import Datasets
import DocumentFormats
import Findings
import Foundation
import Geometry
import Interchange
import PleuraTesting
import Testing

@Suite struct PascalVOCFormatTests {
    /// As labelImg 1.8 writes it: tabs, whole numbers, and the path on the machine of whoever drew the boxes.
    static let labelImg = """
        <annotation>
        \t<folder>images</folder>
        \t<filename>a.png</filename>
        \t<path>/home/reader/images/a.png</path>
        \t<source>
        \t\t<database>Unknown</database>
        \t</source>
        \t<size>
        \t\t<width>64</width>
        \t\t<height>48</height>
        \t\t<depth>1</depth>
        \t</size>
        \t<segmented>0</segmented>
        \t<object>
        \t\t<name>Nodule &amp; Mass</name>
        \t\t<pose>Unspecified</pose>
        \t\t<truncated>0</truncated>
        \t\t<difficult>0</difficult>
        \t\t<bndbox>
        \t\t\t<xmin>3</xmin>
        \t\t\t<ymin>4</ymin>
        \t\t\t<xmax>13</xmax>
        \t\t\t<ymax>24</ymax>
        \t\t</bndbox>
        \t</object>
        \t<object>
        \t\t<name>Effusion</name>
        \t\t<pose>Left</pose>
        \t\t<truncated>1</truncated>
        \t\t<difficult>1</difficult>
        \t\t<bndbox>
        \t\t\t<xmin>30.5</xmin>
        \t\t\t<ymin>0</ymin>
        \t\t\t<xmax>64</xmax>
        \t\t\t<ymax>47.25</ymax>
        \t\t</bndbox>
        \t</object>
        </annotation>
        """

    /// A file of one image; `filename` and one object around `inside`.
    private static func file(_ name: String = "a.png", _ objects: String = "") -> String {
        "<annotation><filename>\(name)</filename>\(objects)</annotation>"
    }
    private static func object(_ name: String, _ edges: String...) -> String {
        let texts = zip(["xmin", "ymin", "xmax", "ymax"], edges).map { "<\($0)>\($1)</\($0)>" }.joined()
        return "<object><name>\(name)</name><bndbox>\(texts)</bndbox></object>"
    }

    @Test func aFileOfLabelImgIsReadAsItStands() throws {
        let sample = try AnnotationSample(images: ["images/a.png", "images/b.png"], files: ["a.xml": Self.labelImg])
        let outcome = try sample.outcome(expecting: "voc")
        let dataset = outcome.dataset
        #expect(dataset.findingClasses == [FindingClass(id: 1, name: "Effusion"), FindingClass(id: 2, name: "Nodule & Mass")])
        #expect(dataset.images.map(\.fileName) == ["a.png"])
        // Edges from 0: width is xmax - xmin.
        #expect(
            dataset.images.first?.boxes == [
                Annotation(classID: 2, box: Box(x: 3, y: 4, width: 10, height: 20)),
                Annotation(classID: 1, box: Box(x: 30.5, y: 0, width: 33.5, height: 47.25)),
            ])
        #expect(outcome.notes == ["1 boxes are marked truncated or difficult, which is not carried"])
        #expect(try sample.outcome("a.xml", expecting: "voc").dataset.images == dataset.images)
    }

    @Test func theDevkitsFoldersSayTheParts() throws {
        let box = Self.object("cat", "1", "1", "9", "9")
        let sample = try AnnotationSample(
            images: ["JPEGImages/a.png", "JPEGImages/b 1.png", "JPEGImages/c.png", "JPEGImages/d.png"],
            files: [
                "Annotations/a.xml": Self.file("a.jpg", box), "Annotations/b 1.xml": Self.file("b 1.png"),
                "Annotations/c.xml": Self.file("c.png", box), "Annotations/d.xml": Self.file("d.png", box),
                "ImageSets/Main/train.txt": "a\nb 1\r\n", "ImageSets/Main/val.txt": "c\nmissing\n",
                "ImageSets/Main/trainval.txt": "a\nb 1\nc\n", "ImageSets/Main/cat_train.txt": "a  1\nb 1 -1\n",
                "ImageSets/Segmentation/test.txt": "d\n",
            ])
        let outcome = try sample.outcome(expecting: "voc")
        #expect(outcome.dataset.images.map(\.fileName) == ["a.png", "b 1.png", "c.png", "d.png"])
        #expect(outcome.dataset.images.map(\.part) == ["train", "train", "val", nil])
        #expect(outcome.notes == ["1 entries of the image sets have no annotation file and were left out"])
        try sample.write(Data("a\n".utf8), to: "ImageSets/Main/test.txt")
        #expect(try sample.problems(PascalVOCFormat()).contains("ImageSets/Main/train.txt, line 1: an image that another part has too"))
    }

    @Test func imagesOfTheSameNameAreThoseBesideTheirFiles() throws {
        let sample = try AnnotationSample(
            images: ["train/1.png", "test/1.png"],
            files: [
                "train/1.xml": Self.file("1.png", Self.object("cat", "1", "1", "9", "9")),
                "test/1.xml": Self.file("1.png", Self.object("cat", "2", "2", "9", "9")),
            ])
        let dataset = try sample.outcome(expecting: "voc").dataset
        #expect(dataset.images.map(\.fileName) == ["test/1.png", "train/1.png"])
        #expect(dataset.images.map { $0.boxes.first?.box.x } == [2, 1])
    }

    @Test func whatIsMissingIsSaidByFileAndObject() throws {
        let sample = try AnnotationSample(
            images: ["images/a.png"],
            files: [
                "Annotations/1.xml": Self.file(
                    "a.png",
                    Self.object("", "1", "2", "3", "4") + Self.object("x", "nan", "2", "3") + Self.object("x", "5", "2", "3", "9")
                        + "<object></object>" + Self.object("x", "1e400", "2", "0x", "4") + Self.object("x", "60", "2", "90", "9")
                        + "<object><name>x</name></object>" + Self.object("y", "1", "2", "3", "4")),
                "Annotations/2.xml": Self.file("../../etc/passwd"), "Annotations/3.xml": Self.file("/etc/passwd"),
                "Annotations/4.xml": Self.file("nowhere.png"), "Annotations/5.xml": "<annotation><filename>a.png</filename>",
                "Annotations/6.xml": "", "Annotations/7.xml": "{\"images\": []}", "Annotations/8.xml": "<html><body/></html>",
                "Annotations/9.xml":
                    "<annotation><filename>a.png</filename><size><width>many</width><height>48</height></size></annotation>",
            ])
        let problems = try sample.problems(PascalVOCFormat())
        #expect(
            problems == [
                "Annotations/1.xml, object 1: no name", "Annotations/1.xml, object 2: its xmin is not a number",
                "Annotations/1.xml, object 2: no ymax", "Annotations/1.xml, object 4: no name", "Annotations/1.xml, object 4: no bndbox",
                "Annotations/1.xml, object 5: its xmin is not a number", "Annotations/1.xml, object 5: its xmax is not a number",
                "Annotations/1.xml, object 7: no bndbox", "Annotations/5.xml, line 1: not XML", "Annotations/6.xml: the file is empty",
                "Annotations/7.xml, line 1: not XML", "Annotations/8.xml: no <annotation>",
                "Annotations/9.xml: the image's width is not a whole number",
                "Annotations/2.xml: the image's name is not a path inside a folder",
                "Annotations/3.xml: the image's name is not a path inside a folder", "Annotations/4.xml: its image is not there",
                "Annotations/1.xml, object 3: the box is empty, inverted or not numbers",
                "Annotations/1.xml, object 6: a box that is not on its image",
            ])
    }

    @Test func theSizeMustBeThatOfTheImage() throws {
        let text = "<annotation><filename>a.png</filename><size><width>64</width><height>64</height></size></annotation>"
        #expect(try AnnotationSample.problems(PascalVOCFormat(), "a.xml", text) == ["a.xml: a.png: the size is not that of its image"])
    }

    @Test(arguments: [
        // A billion laughs, short enough for a test; an entity of another file; a document type alone; parameter entities.
        "<!DOCTYPE lolz [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]><annotation><filename>&b;</filename></annotation>",
        "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY p SYSTEM \"file:///etc/passwd\">]><annotation><filename>&p;</filename></annotation>",
        "<!-- before --><!DOCTYPE annotation SYSTEM \"http://127.0.0.1/a.dtd\"><annotation/>",
        "<annotation/><!ENTITY % p \"q\">", "<annotation><filename>a.png</filename></annotation><!doctype x>",
    ])
    func aDocumentTypeIsRefused(text: String) throws {
        #expect(
            try AnnotationSample.problems(PascalVOCFormat(), "a.xml", text)
                == ["a.xml: a document type or entity declaration; such files are not read"])
    }

    @Test func entitiesThatNobodyDeclaredAreNoText() throws {
        let problems = try AnnotationSample.problems(PascalVOCFormat(), "a.xml", Self.file("&secret;"))
        #expect(problems == ["a.xml, line 1: not XML"])
    }

    @Test func encodingsThatAreNoneOfTheKnownOnesAreRefused() throws {
        let name = "Röntgen.png"
        let body = "<annotation><filename>\(name)</filename>\(Self.object("cat", "1", "1", "9", "9"))</annotation>"
        func sample(_ bytes: Data) throws -> AnnotationSample {
            let sample = try AnnotationSample(images: ["images/\(name)"])
            try sample.write(bytes, to: "a.xml")
            return sample
        }
        let latin = try #require("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n\(body)".data(using: .isoLatin1))
        #expect(try sample(latin).outcome(expecting: "voc").dataset.images.map(\.fileName) == [name])
        let marked = Data([0xEF, 0xBB, 0xBF]) + Data("<?xml version='1.0' encoding='UTF-8' ?>\(body)".utf8)
        #expect(try sample(marked).outcome(expecting: "voc").dataset.images.map(\.fileName) == [name])
        for encoding in [String.Encoding.utf16, .utf16BigEndian, .utf16LittleEndian, .utf32] {
            let wide = try #require("<?xml version='1.0' encoding='utf-16'?>\(body)".data(using: encoding))
            #expect(try sample(wide).outcome(expecting: "voc").dataset.images.map(\.fileName) == [name])
        }
        // UTF-16 hides a document type from a search for its bytes, UTF-7 from one for its letters.
        let wide = try #require("<!DOCTYPE x>\(body)".data(using: .utf16))
        #expect(
            try sample(wide).problems(PascalVOCFormat()) == ["a.xml: a document type or entity declaration; such files are not read"])
        let seven = Data("<?xml version=\"1.0\" encoding=\"UTF-7\"?>+ADwAIQ-DOCTYPE x>\(body)".utf8)
        #expect(try sample(seven).problems(PascalVOCFormat()) == ["a.xml: the encoding is none of UTF-8, UTF-16, Latin-1 and Windows-1252"])
        let undeclared = try #require(body.data(using: .isoLatin1))
        #expect(try sample(undeclared).outcome(expecting: "voc").dataset.images.map(\.fileName) == [name])
        let wrong = Data("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".utf8) + undeclared
        #expect(try sample(wrong).problems(PascalVOCFormat()) == ["a.xml: line 2 is not UTF-8 text"])
    }

    @Test func deepNestingIsAnErrorAndNoCrash() throws {
        let deep = String(repeating: "<object>", count: 100_000) + String(repeating: "</object>", count: 100_000)
        let problems = try AnnotationSample.problems(PascalVOCFormat(), "a.xml", "<annotation>\(deep)</annotation>")
        #expect(problems == ["a.xml, line 1: elements inside more than 64 others"])
    }

    /// Several files are parsed at a time; each must keep what is its own.
    @Test func tenThousandFilesAreReadEachAsItIs() throws {
        let root = try TemporaryFolder()
        let folder = root.file("Annotations")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for number in 0..<10_000 {
            let objects = (0..<number % 4).map { Self.object("f\($0)", "\(number)", "1", "\(number + 5 + $0).5", "9") }.joined()
            let text = Self.file("\(number).png", objects + (number % 1000 == 999 ? "<object/>" : ""))
            try text.write(to: folder.appendingPathComponent("\(number).xml"), atomically: false, encoding: .utf8)
        }
        let document = try PascalVOCFormat().read(AnnotationSource(root.url))
        #expect(document.problems.count == 20)
        #expect(document.images.count == 10_000)
        for image in document.images {
            let number = try #require(Int(image.name.dropLast(4)))
            #expect(image.place == "Annotations/\(number).xml")
            #expect(image.boxes.map(\.label) == (0..<number % 4).map { "f\($0)" })
            let boxes = (0..<number % 4).map { Box(x: Double(number), y: 1, width: 5.5 + Double($0), height: 8) }
            #expect(image.boxes.map(\.geometry) == boxes.map { .pixels($0) })
        }
    }

    @Test func anExportIsTheDevkitsFoldersWithImagesBeside() throws {
        let sample = try AnnotationSample(images: ["images/a.png"], files: ["a.xml": Self.labelImg])
        var dataset = try sample.outcome(expecting: "voc").dataset
        dataset.images[0].part = "train"
        var options = ExportOptions()
        options.roundsToPixels = true
        try DatasetExporter(PascalVOCFormat(), options: options).write(dataset, to: sample.root.file("export"))
        let export = sample.root.file("export")
        #expect(try String(contentsOf: export.appendingPathComponent("ImageSets/Main/train.txt"), encoding: .utf8) == "a\n")
        let text = try String(contentsOf: export.appendingPathComponent("Annotations/a.xml"), encoding: .utf8)
        // All that labelImg writes but the path, the flags that are not carried, and decimals, which whole pixels were asked for.
        let expected = Self.labelImg.replacingOccurrences(of: "\t<path>/home/reader/images/a.png</path>\n", with: "")
            .replacingOccurrences(of: "Left", with: "Unspecified").replacingOccurrences(of: "truncated>1", with: "truncated>0")
            .replacingOccurrences(of: "difficult>1", with: "difficult>0").replacingOccurrences(of: "30.5", with: "31")
            .replacingOccurrences(of: "47.25", with: "47")
        #expect(text == expected + "\n")
        #expect(FileManager.default.contents(atPath: export.appendingPathComponent("images/a.png").path)?.isEmpty == false)
    }
}
