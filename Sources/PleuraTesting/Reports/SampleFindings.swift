import Findings
import Geometry
import Reports

/// What the reports and pages of the tests are of: every kind of image a run can have.
public enum SampleFindings {
    public static let model = ModelIdentity(name: "sample", version: "1.2.0", digest: "00ff", precision: "f32")
    public static let classes = [
        FindingClass(id: 1, name: "Atelectasis"), FindingClass(id: 2, name: "Cardiomegaly"), FindingClass(id: 5, name: "Mass"),
    ]
    /// A name that would run a script, were it taken for markup.
    public static let evil = "evil/</script><img src=x onerror=\"alert('1')\">&`\u{202E}gpj.png"

    public static let images = [
        ImageFindings(
            reference: ImageReference(
                .file("in/chest, one.dcm"), frame: 2, studyInstanceUID: "1.2", seriesInstanceUID: "1.2.3", sopInstanceUID: "1.2.3.4"),
            width: 2_000, height: 2_500,
            findings: [
                Finding(
                    id: "1", findingClass: classes[1], score: 0.987_654_3,
                    geometry: .box(Box(x: 100.126, y: 200, width: 1_500.5, height: 900.333_3))),
                Finding(id: "2", findingClass: classes[2], score: 0.5, geometry: .box(Box(x: 0, y: 0.004, width: 10, height: 10))),
                Finding(
                    id: "3", findingClass: classes[0], score: 0.4, geometry: .box(Box(x: 110, y: 210, width: 1_490, height: 890)),
                    alternativeTo: "1"),
            ],
            imageScores: ["Mass": 0.5, "Cardiomegaly": 0.987_654_3]),
        ImageFindings(reference: ImageReference(.file("in/empty.png")), width: 1_024, height: 1_024, warnings: [ImageWarning(.notAChest)]),
        ImageFindings(
            reference: ImageReference(.file("in/cut \"off\".jpg")),
            error: ImageFailure(code: "truncated", "truncated: the data ends too early")),
        ImageFindings(
            reference: ImageReference(.file(evil)), width: 300, height: 300,
            findings: [
                Finding(
                    id: "1", findingClass: FindingClass(id: 3, name: "<b>\"Effusion\"</b>,\nleft"), score: 0.25,
                    geometry: .box(Box(x: 1, y: 2, width: 3, height: 4)))
            ], warnings: [ImageWarning(.emptyElement, "<script>alert(2)</script>")]),
    ]
}
