import AnnotationFormats
import Datasets
import Findings
import Foundation
import Geometry
import Interchange
import PleuraTesting
import TableFormats
import Testing

@Suite struct BoxTableFormatTests {
    @Test func everyColumnIsKept() throws {
        let source = TableSource(root: try TemporaryFolder())
        let table = """
            Image,Label,x,y,w,h,reader,agreement,patient,view,split,image_width,image_height,labels,sex,attribute:Reader,
            one.png,Mass,1,2,3.5,4,Dr. A,0.5,p 1,PA,val,64,48,Mass|a\\|b,F,cat,ignored
            one.png,Nodule,5,6,7,8,,,p 1,PA,Valid,,,,,cat,
            two,,,,,,,,p 2,,holdout,,,No Finding,M,,

            """
        let dataset = try source.dataset(["x.csv": table, "folds.csv": "patient,fold\np 2,4\n"], BoxTableFormat())
        #expect(dataset.findingClasses == [FindingClass(id: 1, name: "Mass"), FindingClass(id: 2, name: "Nodule")])
        #expect(
            dataset.images == [
                DatasetImage(
                    id: 1, fileName: "one.png", width: 64, height: 48, patient: "p 1", view: "PA", part: "validation",
                    labels: ["Mass", "a|b"],
                    attributes: ["sex": "F", "Reader": "cat"],
                    boxes: [
                        Annotation(classID: 1, box: Box(x: 1, y: 2, width: 3.5, height: 4), reader: "Dr. A", agreement: 0.5),
                        Annotation(classID: 2, box: Box(x: 5, y: 6, width: 7, height: 8)),
                    ]),
                DatasetImage(
                    id: 2, fileName: "two.png", width: 64, height: 48, patient: "p 2", part: "holdout", labels: [], attributes: ["sex": "M"]
                ),
            ])
        #expect(dataset.folds == ["p 2": 4])
    }

    @Test(arguments: [
        ("image,label,x,y,w,h", "1,2,3,4"), ("image_id,class,x,y,width,height", "1,2,3,4"),
        ("FileName,finding,xmin,ymin,xmax,ymax", "1,2,4,6"),
        ("file,class_name,x_min,y_min,x_max,y_max", "1,2,4,6"), ("image_path,Class,x0,y0,x1,y1", "1,2,4,6"),
    ])
    func theTitlesOfManyToolsAreKnown(header: String, box: String) throws {
        let source = TableSource(root: try TemporaryFolder())
        for (more, values) in [("", ""), (",reader", ",me")] {
            // VinDr's own columns under another name for the image would be VinDr's.
            let dataset = try source.dataset(["t.csv": "\(header)\(more)\nimages/one.png,Mass,\(box)\(values)\n"], BoxTableFormat())
            #expect(
                dataset.images.map(\.boxes) == [
                    [Annotation(classID: 1, box: Box(x: 1, y: 2, width: 3, height: 4), reader: more.isEmpty ? nil : "me")]
                ])
        }
    }

    @Test func besideCornersWidthAndHeightAreTheImages() throws {
        let source = TableSource(root: try TemporaryFolder())
        let table = "filename,width,height,class,xmin,ymin,xmax,ymax,reader\n"
        #expect(try source.dataset(["t.csv": table + "one.png,64,48,Mass,1,2,3,4,A\n"], BoxTableFormat()).images[0].attributes.isEmpty)
        #expect(
            try source.problems(["t.csv": table + "one.png,64,47,Mass,1,2,3,4,A\n"], BoxTableFormat())
                == ["t.csv, row 2: one.png: the size is not that of its image"])
    }

    @Test func contradictionsAreTold() throws {
        let source = TableSource(root: try TemporaryFolder())
        let table = """
            image,label,x,y,width,height,reader,agreement,patient,view,part,image_width,image_height,labels
            one.png,Mass,1,2,3,4,,0.5,p,PA,train,64,48,Mass
            one.png,Mass,1,2,3,4,,1.5,p,PA,train,64,48,Mass
            one.png,Mass,1,2,3,4,,much,p,PA,train,64,48,Mass
            one.png,Mass,1,2,3,4,,-0.1,p,PA,train,64,48,Mass
            one.png,Mass,1,2,3,4,,,q,PA,train,64,48,Mass
            one.png,Mass,1,2,3,4,,,p,AP,train,64,48,Mass
            one.png,Mass,1,2,3,4,,,p,PA,test,64,48,Mass
            one.png,Mass,1,2,3,4,,,p,PA,train,63,48,Mass
            one.png,Mass,1,2,3,4,,,p,PA,train,64,47,Mass
            one.png,Mass,1,2,3,4,,,p,PA,train,64,48,Nodule
            one.png,Mass,,,,,,,p,PA,train,64,48,Mass
            one.png,,1,2,3,4,,,p,PA,train,64,48,Mass
            one.png,,,,,,,,,,,,,

            """
        let problems = try source.problems(["t.csv": table, "folds.csv": "patient,fold\np,-1\n"], BoxTableFormat())
        let (agreement, above) = ("the agreement is not between 0 and 1", "than in a row above of this image")
        #expect(
            problems == [
                "t.csv, row 3: \(agreement)", "t.csv, row 4: \(agreement)", "t.csv, row 5: \(agreement)",
                "t.csv, row 6: another patient \(above)", "t.csv, row 7: another view \(above)",
                "t.csv, row 8: another part of the split \(above)", "t.csv, row 9: another width \(above)",
                "t.csv, row 10: another height \(above)", "t.csv, row 11: another list of labels \(above)",
                "t.csv, row 12: a finding without a box", "t.csv, row 13: no finding", "folds.csv, row 2: not a patient and a fold",
            ])
        #expect(
            try source.problems(["t.csv": "image,label,x,y,w,h,xmin,ymin,xmax,ymax\n"], BoxTableFormat())
                == ["t.csv has more than one set of columns for the box"])
    }

    @Test func aColumnThatIsOfTheBoxesIsNotedOnce() throws {
        let source = TableSource(root: try TemporaryFolder())
        let table = "image,label,x,y,w,h,area,sex\none.png,Mass,1,2,3,4,12,F\none.png,Mass,1,2,3,5,15,F\none.png,Mass,1,2,3,6,18,F\n"
        let outcome = try source.outcome(source.make(["t.csv": table]), BoxTableFormat())
        #expect(outcome.notes == ["t.csv: the column \"area\" differs between rows of one image; each image keeps its first value"])
        #expect(outcome.dataset.images[0].attributes == ["area": "12", "sex": "F"])
    }

    @Test func attributesWithTheNamesOfColumnsAndLabelsWithBarsComeBack() throws {
        let root = try TemporaryFolder()
        var dataset = try RandomDataset([.emptyImages, .imageLabels, .attributes]).make(seed: 2, in: root.file("set"))
        dataset.images[0].attributes = [
            "reader": "1", "X": "2", "attribute:x": "3", "xmin": "4", "Label": "5", "finding": "6", "a,\"b\"\nc": "d,\"e\"\nf",
        ]
        dataset.images[1].labels = ["a|b", "c\\", "|", "d\\|e", "No finding"]
        let back = try roundTrip(dataset, BoxTableFormat(), in: root)
        expectSame(dataset, back, carrying: BoxTableFormat().contents)
    }

    @Test func skippedRowsMakeNoImageNormal() throws {
        let source = TableSource(root: try TemporaryFolder())
        let table = "image,label,x,y,w,h\none.png,Mass,1,2,nan,4\ntwo.png,Mass,1,2,3,4\ntwo.png,Mass,1,2,3,\n"
        let outcome = try source.outcome(source.make(["t.csv": table]), BoxTableFormat(), skipsInvalid: true)
        #expect(outcome.dataset.images.map(\.fileName) == ["two.png"] && outcome.dataset.boxCount == 1)
        #expect(outcome.problems == ["t.csv, row 2: the box is not four numbers", "t.csv, row 4: the box is not four numbers"])
    }

    @Test(.enabled(if: Repository.realData != nil, "the real radiographs are not on this machine"))
    func theRealTablesOfOtherReadersAreReadWhole() throws {
        let data = try #require(Repository.realData).appendingPathComponent("nih-boxes")
        for table in ["boxes_chestx_det10.csv", "boxes_rsna.csv"] {
            let root = try TemporaryFolder()
            let url = data.appendingPathComponent(table)
            let source = try AnnotationSource(url, imageFolders: [])
            #expect(try AnnotationFormats.recognised(source).name == "csv")
            let rows = try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst().map {
                $0.split(separator: ",")
            }
            let dataset = try DatasetImporter().importDataset(source, format: BoxTableFormat(), to: root.file("dataset")).dataset
            #expect(dataset.boxCount == rows.count && dataset.images.count == Set(rows.map { $0[0] }).count)
            let names = Dictionary(uniqueKeysWithValues: dataset.findingClasses.map { ($0.id, $0.name) })
            let found = dataset.images.flatMap { image in
                image.boxes.map { "\(image.stem) \(names[$0.classID] ?? "") \($0.box.x) \($0.box.height)" }
            }
            #expect(found.sorted() == rows.map { "\($0[0]) \($0[1]) \(Double($0[2]) ?? -1) \(Double($0[5]) ?? -1)" }.sorted())
            // Patients of NIH's names have the folds of the folder.
            #expect(dataset.images.allSatisfy { dataset.fold(of: $0) != nil })
        }
    }
}
