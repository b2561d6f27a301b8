import Datasets
import Evaluation
import Findings
import Foundation
import Geometry
import PleuraTesting
import Predictions
import Testing

/// Tables of predictions as other tools write them.
@Suite struct PredictionTableTests {
    private static let classes = [FindingClass(id: 1, name: "Nodule"), FindingClass(id: 2, name: "Mass")]
    private static let images = ["1.png", "2.png"].enumerated().map {
        DatasetImage(id: $0 + 1, fileName: $1, width: 200, height: 160, patient: $1)
    }

    private static func read(_ text: String, classes: [FindingClass] = classes) throws -> PredictionFile {
        let root = try TemporaryFolder()
        try Data(text.utf8).write(to: root.file("t.csv"))
        return try PredictionFile.read(root.file("t.csv"), images: images, findingClasses: classes)
    }

    private static let wanted = [
        PredictedBox(place: "row 2", image: "1.png", category: .name("Nodule"), box: Box(x: 5, y: 10, width: 40, height: 30), score: 0.9),
        PredictedBox(place: "row 3", image: "2.png", category: .name("Mass"), box: Box(x: 65, y: 10, width: 40, height: 30), score: 0.8),
    ]

    @Test(arguments: [
        // YOLOv5's results.pandas().xyxy and .xywh with the image's name, in either order, with pandas' index.
        "image_id,xmin,ymin,xmax,ymax,confidence,class,name\n1.png,5,10,45,40,0.9,0,Nodule\n2.png,65,10,105,40,0.8,1,Mass\n",
        ",xmin,ymin,xmax,ymax,confidence,class,name,file\n0,5,10,45,40,0.9,0,Nodule,1.png\n1,65,10,105,40,0.8,1,Mass,2.png\n",
        "image,xcenter,ycenter,width,height,confidence,class,name\n1.png,25,25,40,30,0.9,0,Nodule\n2.png,85,25,40,30,0.8,1,Mass\n",
        "name,class,confidence,image,xmin,ymin,xmax,ymax\nNodule,0,0.9,1.png,5,10,45,40\nMass,1,0.8,2.png,65,10,105,40\n",
        // A number of the image beside its name.
        "image_id,file_name,category_id,category_name,x,y,width,height,score\n2,1.png,9,Nodule,5,10,40,30,0.9\n1,2.png,9,Mass,65,10,40,30,0.8\n",
        // Ultralytics' to_csv, by pandas and by polars.
        "image,name,class,confidence,box\n1.png,Nodule,0,0.9,\"{'x1': 5.0, 'y1': 10.0, 'x2': 45.0, 'y2': 40.0}\"\n"
            + "2.png,Mass,1,0.8,\"{\"\"x1\"\": 65, \"\"y1\"\": 10, \"\"x2\"\": 105, \"\"y2\"\": 4e1}\"\n",
        // Spreadsheets of other countries.
        "image;label;x;y;w;h;score\n1.png;Nodule;5,0;10;40;30;0,9\n2.png;Mass;65;10,0;40;30;0,8\n",
        "image\tlabel\tx\ty\tw\th\tscore\n1.png\tNodule\t5\t10\t40\t30\t0.9\n2.png\tMass\t65\t10\t40\t30\t0.8\n",
        "image|label|x|y|w|h|score\n1.png|Nodule|5|10|40|30|0.9\n2.png|Mass|65|10|40|30|0.8\n",
    ])
    func namesGoBeforeNumbers(table: String) throws {
        let file = try Self.read(table)
        #expect(file.rows == Self.wanted && file.problems.isEmpty, "\(Array(file.problems))")
    }

    @Test func numbersOfFindingsAreIDsOrPlacesByTheirTitleAndValues() throws {
        func categories(_ title: String, _ values: [Int]) throws -> [PredictedBox.Category] {
            let rows = values.map { "1.png,\($0),5,10,40,30,0.9\n" }.joined()
            return try Self.read("image,\(title),x,y,width,height,score\n\(rows)").rows.map(\.category)
        }
        #expect(try categories("category_id", [1, 2]) == [.id(1), .id(2)])
        #expect(try categories("category_id", [0, 1]) == [.index(0), .index(1)])
        #expect(try categories("class_id", [0, 1]) == [.index(0), .index(1)])
        #expect(try categories("class_id", [1, 2]) == [.id(1), .id(2)])
        #expect(try categories("class", [0, 1]) == [.index(0), .index(1)])
        #expect(try categories("class", [2, 1]) == [.id(2), .id(1)])
        let error = #expect(throws: EvaluationError.self) { try categories("class", [1, 1]) }
        #expect(error?.reason.contains("could be ids of the label map, from 1, or places in it, from 0") == true)
        // Findings that are called by numbers.
        let numbered = [FindingClass(id: 1, name: "0"), FindingClass(id: 2, name: "1")]
        #expect(
            try Self.read("image,label,x,y,width,height,score\n1.png,1,5,10,40,30,0.9\n", classes: numbered).rows.map(\.category) == [
                .name("1")
            ])
    }

    @Test func aTableThatLacksAColumnSaysHowItWasRead() {
        func reason(_ text: String) -> String? { #expect(throws: EvaluationError.self) { try Self.read(text) }?.reason }
        #expect(
            reason("picture;label;x;y;w;h;score\n")
                == "the table has no column of images (image, image_id, file_name, path): row 1, whose 7 fields are parted by semicolons, names none"
        )
        #expect(
            reason("image,label,left,top,size\n")
                == "the table has no column of scores (score, confidence, conf, probability): row 1, whose 5 fields are parted by commas, names none"
        )
        #expect(reason("image,label,left,top,score\n")?.contains("no columns of boxes") == true)
    }

    /// Whatever becomes of results' bytes, every row is about something, or one line says where it is not.
    @Test(arguments: ["coco.json", "found.json", "table.csv", "strings.csv", "yolo"])
    func damagedResultsAreReadOrRefusedWithTheirPlace(kind: String) throws {
        let sources = [
            "coco.json": "[{\"image_id\": 1, \"file_name\": \"1.png\", \"category_id\": 1, \"bbox\": [1, 2, 3.5, 4], \"score\": 0.5},\n"
                + "{\"image_id\": \"2\", \"category_id\": 2, \"bbox\": [1, 2, 3, 4], \"score\": 1e-3}]\n",
            "found.json":
                "{\"schema\": 1, \"images\": [{\"image\": \"1.png\", \"width\": 200, \"findings\": [{\"id\": \"1\", \"label\": \"Mass\", "
                + "\"score\": 0.5, \"box\": [1, 2, 3, 4]}]},\n{\"image\": \"2.png\", \"findings\": [], \"error\": \"x\"}]}\n",
            "table.csv": "image_id,label,x,y,width,height,score\n1,Mass,1,2,3,4,0.5\n\"2\",Nodule,1.5,2,3,4,0.25\n",
            "strings.csv": "image_id,PredictionString\n1,0 0.5 1 2 3 4 1 0.25 5 6 7 8\n2,14 1 0 0 1 1\n",
            "yolo": "0 0.5 0.5 0.25 0.25 0.9\n1 0.25 0.25 0.1 0.1 0.8\n",
        ]
        let right = Data(try #require(sources[kind]).utf8)
        let root = try TemporaryFolder()
        let url = root.file(kind)
        var target = url
        if kind == "yolo" {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            try Data("Nodule\nMass\n".utf8).write(to: url.appendingPathComponent("classes.txt"))
            target = url.appendingPathComponent("1.txt")
        }
        let tokens = [
            "\"", "{", "}", "[", "]", ",", ":", ";", "\t", "\n", "\r", "NaN", "Infinity", "-1", "1e400", "null", "true", "image_id",
            "\\u0000", "\u{FEFF}",
            "99999999999999999999", "[[[[[[[[", "{\"a\":",
        ]
        var mutator = Mutator(seed: 21, tokens: tokens.map { Data($0.utf8) }, headSize: 80)
        let place = /(entry|image|row|file|line) [0-9]+/
        for _ in 0..<Fuzzing.rounds(usual: 500) {
            let bytes = mutator.mutate(right)
            try bytes.write(to: target)
            do {
                let file = try PredictionFile.read(url, images: Self.images, findingClasses: Self.classes)
                for problem in file.problems
                where !problem.hasPrefix("the numbers of the findings") && !problem.hasPrefix("the table is not UTF-8") {
                    #expect(problem.contains(place) && !problem.contains("\n"), "\(problem): \(bytes.base64EncodedString())")
                }
                #expect(file.rows.allSatisfy { $0.place.contains(place) })
            } catch {
                let reason = (error as? EvaluationError)?.reason ?? ""
                // A whole file that is of no kind has no place within it.
                let isWhole = ["empty", "no column", "neither", "not COCO's results", "could be", "UTF-16"].contains { reason.contains($0) }
                #expect((isWhole || reason.contains(place)) && !reason.contains("\n"), "\(reason): \(bytes.base64EncodedString())")
            }
        }
    }
}
