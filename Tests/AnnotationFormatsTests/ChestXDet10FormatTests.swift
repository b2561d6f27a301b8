import AnnotationFormats
import Datasets
import DocumentFormats
import Findings
import Foundation
import Geometry
import Interchange
import PleuraTesting
import Testing

@Suite struct ChestXDet10FormatTests {
    @Test func filesAreThePartsAndEmptyListsAreNormal() throws {
        let sample = try AnnotationSample(
            images: ["train_data/a.png", "train_data/b.png", "test_data/c.png"],
            files: [
                // The sample of the dataset's own page, on a smaller image.
                "train.json":
                    #"[{"file_name": "a.png", "syms": ["Fibrosis", "Mass"], "boxes": [[6, 7, 29, 39], [12, 6, 47, 48]]},"#
                    + #" {"file_name": "b.png", "syms": [], "boxes": []}]"#,
                "test.json":
                    #"[{"file_name": "c.png", "syms": ["Mass"], "boxes": [[1, 2, 3.5, 4]], "polygons": [[[1, 2], [3, 4], [1, 4]]]}]"#,
            ])
        let outcome = try sample.outcome(expecting: "chestxdet")
        #expect(outcome.dataset.findingClasses.map(\.name) == ["Fibrosis", "Mass"])
        #expect(outcome.dataset.images.map(\.fileName) == ["c.png", "a.png", "b.png"])
        #expect(outcome.dataset.images.map(\.part) == ["test", "train", "train"])
        #expect(
            outcome.dataset.images.map { $0.boxes.map(\.box) } == [
                [Box(x: 1, y: 2, width: 2.5, height: 2)],
                [Box(x: 6, y: 7, width: 23, height: 32), Box(x: 12, y: 6, width: 35, height: 42)],
                [],
            ])
        #expect(outcome.notes == ["the outlines on 1 images are not carried"])
        #expect(try sample.outcome("train.json", expecting: "chestxdet").dataset.images.count == 2)
    }

    @Test func everyProblemIsSaidByImageAndBox() throws {
        let text = """
            [{"file_name": "a.png", "syms": ["x", "x", "", "x", "x", "x"],
              "boxes": [[1, 2, 3], [1, 2, "three", 4], [1, 2, 3, 4], [9, 2, 3, 4], [1, 2, 1e400, 4], [60, 2, 90, 4]]},
             {"file_name": "a.png", "syms": ["x"], "boxes": [[1, 2, 3, 4]]},
             {"syms": [], "boxes": []}, {"file_name": "b.png", "syms": ["x"], "boxes": []}, 7,
             {"file_name": "../../etc/passwd", "syms": [], "boxes": []}, {"file_name": "d.png", "syms": "x", "boxes": []}]
            """
        #expect(
            try AnnotationSample.problems(ChestXDet10Format(), "train.json", text) == [
                "train.json, image 1, box 1: not four numbers", "train.json, image 1, box 2: it is of the wrong kind",
                "train.json, image 1, box 3: no finding",
                "train.json, image 1, box 5: it has a number that is too large or a text that is damaged",
                "train.json, image 3: it has no \"file_name\"",
                "train.json, image 4: 1 findings and 0 boxes", "train.json, image 5: it is of the wrong kind",
                "train.json, image 7: its \"syms\" is not what it should be",
                "train.json, image 6: the image's name is not a path inside a folder",
                "train.json, image 1, box 4: the box is empty, inverted or not numbers",
                "train.json, image 1, box 6: a box that is not on its image",
            ])
    }

    @Test(arguments: [
        ("", "train.json: the file is empty"), ("[{\n]", "train.json, line 2: not JSON"), ("{}", "train.json: it is of the wrong kind"),
        ("[]", "the source names no image"),
    ])
    func aFileOfAnotherKindIsAnError(text: String, problem: String) throws {
        #expect(try AnnotationSample.problems(ChestXDet10Format(), "train.json", text) == [problem])
    }

    @Test func deepNestingIsAnErrorAndNoCrash() throws {
        let problems = try AnnotationSample.problems(ChestXDet10Format(), "train.json", String(repeating: "[", count: 100_000))
        #expect(problems.count == 1 && problems[0].hasSuffix("not JSON"))
    }
}
