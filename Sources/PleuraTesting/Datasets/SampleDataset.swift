import Datasets
import Findings
import Foundation
import Geometry

/// A small dataset with all that a report can say of one.
public enum SampleDataset {
    /// A name that would be markup, move a terminal's cursor and turn the direction of text.
    public static let evil = "</style><script>alert(1)</script>\u{1B}[2J\u{202E}"

    /// Three findings, one of them without a box, one with a name that would be markup.
    public static func dataset(_ name: String = "Mass") -> Dataset {
        let images = [
            DatasetImage(
                id: 1, fileName: "a.png", width: 100, height: 200, patient: "one", view: "PA", part: "train", labels: ["Nodule"],
                attributes: ["sex": "F", "age": "41"],
                boxes: [
                    Annotation(classID: 1, box: Box(x: 0, y: 0, width: 50, height: 100), reader: "R1"),
                    Annotation(classID: 2, box: Box(x: 10, y: 20, width: 10, height: 10), reader: "R2"),
                ]),
            DatasetImage(
                id: 2, fileName: "b.png", width: 100, height: 200, patient: "one", view: "AP", part: "train", labels: [],
                attributes: ["sex": "F", "age": "42"]),
            DatasetImage(
                id: 3, fileName: "\(name).png", width: 64, height: 64, patient: "two", view: name, part: "test",
                boxes: [Annotation(classID: 1, box: Box(x: 32, y: 32, width: 32, height: 32), reader: name)]),
        ]
        return Dataset(
            directory: FileManager.default.temporaryDirectory,
            findingClasses: [FindingClass(id: 1, name: name), FindingClass(id: 2, name: "Nodule"), FindingClass(id: 3, name: "Effusion")],
            images: images, folds: ["one": 0, "two": 1])
    }
}
