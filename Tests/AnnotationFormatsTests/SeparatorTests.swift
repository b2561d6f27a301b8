import AnnotationFormats
import Datasets
import Findings
import Foundation
import Geometry
import Interchange
import PleuraTesting
import TableFormats
import Testing

/// Tables as spreadsheets of other countries save them.
@Suite struct SeparatorTests {
    private static let separators = [",", ";", "\t", "|"]

    private static func table(_ kind: TableKind, _ separator: String) -> String {
        let rows = [kind.header, kind.row("one.png", ["1", "2", "3", "4"]), kind.row("two.png", ["5", "6", "7", "8"])]
        return rows.map { $0.replacingOccurrences(of: ",", with: separator) + "\r\n" }.joined()
    }

    @Test(arguments: TableKind.all, separators)
    func whatPartsTheHeaderPartsTheRows(kind: TableKind, separator: String) throws {
        let source = TableSource(root: try TemporaryFolder())
        let wanted = try source.dataset([kind.file: Self.table(kind, ",")], kind.format)
        let text = Self.table(kind, separator)
        for text in [text, "\u{FEFF}" + text, "sep=\(separator)\r\n" + text] {
            let dataset = try source.dataset([kind.file: text], kind.format)
            #expect(dataset.images == wanted.images && dataset.findingClasses == wanted.findingClasses)
            #expect(dataset.boxCount == 2)
        }
    }

    @Test(arguments: TableKind.all, [String.Encoding.utf16, .utf16BigEndian, .utf32, .windowsCP1252])
    func anyEncodingIsRead(kind: TableKind, encoding: String.Encoding) throws {
        let source = TableSource(root: try TemporaryFolder())
        let folder = try source.make([:])
        let text = Self.table(kind, "\t").replacingOccurrences(of: "Mass", with: "Erguß").replacingOccurrences(
            of: "Nodule/Erguß", with: "Erguß")
        try #require(text.data(using: encoding)).write(to: folder.appendingPathComponent(kind.file))
        let outcome = try source.outcome(folder, kind.format)
        let name = kind.format.name == "rsna" ? "Lung Opacity" : "Erguß"
        #expect(outcome.dataset.findingClasses.map(\.name) == [name] && outcome.dataset.boxCount == 2)
        let isGuessed = encoding == .windowsCP1252 && name == "Erguß"
        #expect(outcome.notes == (isGuessed ? ["\(kind.file) is not UTF-8: it was read as Windows-1252 (Latin-1)"] : []))
    }

    @Test func aDecimalCommaIsOneWhereCommasPartNothing() throws {
        let source = TableSource(root: try TemporaryFolder())
        let table = "image;label;x;y;w;h;agreement\none.png;Mass;1,5;2;3,25;4;0,5\n"
        let box = try source.dataset(["t.csv": table], BoxTableFormat()).images[0].boxes[0]
        #expect(box == Annotation(classID: 1, box: Box(x: 1.5, y: 2, width: 3.25, height: 4), agreement: 0.5))
        // Of thousands and decimals nobody knows which is which, and within commas a comma is none.
        for (text, row) in [
            ("image;label;x;y;w;h\none.png;Mass;1.000,5;2;3;4\n", 2), ("image,label,x,y,w,h\none.png,Mass,\"1,5\",2,3,4\n", 2),
        ] {
            #expect(try source.problems(["t.csv": text], BoxTableFormat()) == ["t.csv, row \(row): the box is not four numbers"])
        }
    }

    @Test func rowsAreCountedWithTheLineOfTheSeparator() throws {
        let source = TableSource(root: try TemporaryFolder())
        let text = "sep=;\nimage;label;x;y;w;h\none.png;Mass;1;2;3\n\"one.png\";\"Ma;ss\";1;2;3;4\n"
        #expect(try source.problems(["t.csv": text], BoxTableFormat()) == ["t.csv, row 3: fewer fields than the header"])
        let right = text.replacingOccurrences(of: "one.png;Mass;1;2;3\n", with: "")
        #expect(try source.dataset(["t.csv": right], BoxTableFormat()).findingClasses.map(\.name) == ["Ma;ss"])
    }

    @Test func foldsAndTheArchivesOwnListsToo() throws {
        let source = TableSource(root: try TemporaryFolder())
        let files = [
            "BBox_List_2017.csv": "Image Index;Finding Label;Bbox [x,y,w,h];;;;;;\n00000013_001.png;Mass;1,5;2;3;4;;;\n",
            "Data_Entry_2017.csv": "Image Index\tFinding Labels\tPatient ID\tView Position\n00000013_001.png\tMass\t13\tPA\n",
            "folds.csv": "patient;fold\n00000013;3\n",
        ]
        let dataset = try source.outcome(source.make(files, images: ["images/00000013_001.png"]), NIHFormat()).dataset
        #expect(dataset.images.map(\.view) == ["PA"] && dataset.images[0].boxes[0].box.x == 1.5 && dataset.folds == ["00000013": 3])
    }

    @Test func whatIsLeftOutOfFoldsIsTheRowAlone() throws {
        let source = TableSource(root: try TemporaryFolder())
        let files = ["t.csv": "image,label,x,y,w,h,patient\none.png,Mass,1,2,3,4,p\n", "folds.csv": "patient,fold\nq,x\np,2\np,3\n"]
        let outcome = try source.outcome(source.make(files), BoxTableFormat(), skipsInvalid: true)
        #expect(
            outcome.problems == ["folds.csv, row 2: not a patient and a fold", "folds.csv, row 4: a patient who is in another fold above"])
        #expect(outcome.dataset.folds == ["p": 2])
    }

    /// YOLOv5's tables of results, as boxes that somebody corrected.
    @Test func aNameBesideTheNumberOfAClassIsTheFinding() throws {
        let source = TableSource(root: try TemporaryFolder())
        let rows = "one.png,1,2,4,6,0.9,0,Nodule\ntwo.png,1,2,4,6,0.9,1,Mass\n"
        for header in ["image_id,xmin,ymin,xmax,ymax,confidence,class,name", "image,x1,y1,x2,y2,confidence,class,class_name"] {
            let dataset = try source.dataset(["t.csv": "\(header)\n\(rows)"], BoxTableFormat())
            #expect(
                dataset.findingClasses.map(\.name) == ["Mass", "Nodule"] && dataset.images.map { $0.boxes.map(\.classID) } == [[2], [1]])
        }
        // Beside a label a name is a column like any other: it may be a person's.
        let table = "image,label,name,x,y,w,h\none.png,1,Somebody,1,2,3,4\n"
        let dataset = try source.dataset(["t.csv": table], BoxTableFormat())
        #expect(dataset.findingClasses.map(\.name) == ["1"] && dataset.images[0].attributes == ["name": "Somebody"])
        // An id beside the name of the image.
        let beside = "image,file_name,label,x,y,w,h\n17,one.png,Mass,1,2,3,4\n"
        #expect(try source.dataset(["t.csv": beside], BoxTableFormat()).images.map(\.fileName) == ["one.png"])
    }
}
