import AnnotationFormats
import Datasets
import DocumentFormats
import Findings
import Foundation
import Geometry
import Interchange
import PleuraTesting
import Testing

@Suite struct CVATFormatTests {
    /// As CVAT 2 writes a task: two decimals, the labels in their order, tags behind the shapes.
    private static let task = """
        <?xml version="1.0" encoding="utf-8"?>
        <annotations>
          <version>1.1</version>
          <meta>
            <task>
              <id>4</id>
              <name>chests</name>
              <size>3</size>
              <mode>annotation</mode>
              <labels>
                <label>
                  <name>Nodule</name>
                  <color>#fa3253</color>
                  <type>any</type>
                  <attributes>
                    <attribute>
                      <name>reader</name>
                      <mutable>False</mutable>
                      <input_type>text</input_type>
                      <default_value></default_value>
                      <values></values>
                    </attribute>
                  </attributes>
                </label>
                <label>
                  <name>Effusion</name>
                  <color>#fa3253</color>
                  <type>rectangle</type>
                  <attributes>
                  </attributes>
                </label>
                <label>
                  <name>Quality</name>
                  <type>tag</type>
                  <attributes>
                  </attributes>
                </label>
              </labels>
            </task>
            <dumped>2024-01-01 00:00:00.000000+00:00</dumped>
          </meta>
          <image id="0" name="a.png" subset="train" task_id="4" width="64" height="48">
            <box label="Effusion" source="manual" occluded="0" xtl="1.50" ytl="2.00" xbr="11.25" ybr="22.00" z_order="0">
            </box>
            <box label="Nodule" source="manual" occluded="0" rotation="90.00" xtl="10.00" ytl="20.00" xbr="30.00" ybr="24.00" z_order="0">
              <attribute name="reader">R 1</attribute>
              <attribute name="agreement">0.5</attribute>
            </box>
            <polygon label="Nodule" source="manual" occluded="0" points="40.00,10.00;50.00,5.00;45.00,20.00" z_order="0">
            </polygon>
            <mask label="Nodule" source="manual" occluded="0" rle="3, 5" left="2" top="3" width="4" height="6" z_order="0">
            </mask>
            <polyline label="Nodule" source="manual" occluded="0" points="1.00,1.00;2.00,2.00" z_order="0">
            </polyline>
            <tag label="Quality" source="manual">
            </tag>
          </image>
          <image id="1" name="ward/b.png" subset="default" width="64" height="48">
            <tag label="No Finding" source="manual">
            </tag>
          </image>
          <image id="2" name="c.png" width="64" height="48">
          </image>
        </annotations>
        """

    private static func file(_ inside: String) -> String { "<annotations><version>1.1</version>\(inside)</annotations>" }

    @Test func aTaskOfCVATIsReadAsItStands() throws {
        let sample = try AnnotationSample(
            images: ["images/a.png", "images/ward/b.png", "images/c.png"], files: ["annotations.xml": Self.task])
        let outcome = try sample.outcome(expecting: "cvat")
        let dataset = outcome.dataset
        // In CVAT's order; a label for tags only is no finding of a box.
        #expect(dataset.findingClasses == [FindingClass(id: 1, name: "Nodule"), FindingClass(id: 2, name: "Effusion")])
        #expect(dataset.images.map(\.fileName) == ["a.png", "ward/b.png", "c.png"])
        #expect(dataset.images.map(\.part) == ["train", nil, nil])
        #expect(dataset.images.map(\.labels) == [["Quality"], [], nil])
        let boxes = try #require(dataset.images.first?.boxes)
        #expect(boxes.count == 4)
        #expect(boxes[0] == Annotation(classID: 2, box: Box(x: 1.5, y: 2, width: 9.75, height: 20)))
        // 20 x 4 about (20, 22), turned by a right angle.
        #expect(boxes[1].reader == "R 1" && boxes[1].agreement == 0.5)
        for (value, expected) in zip([boxes[1].box.x, boxes[1].box.y, boxes[1].box.width, boxes[1].box.height], [18.0, 12, 4, 20]) {
            #expect(abs(value - expected) < 1e-9)
        }
        #expect(boxes[2].box == Box(x: 40, y: 5, width: 10, height: 15))
        #expect(boxes[3].box == Box(x: 2, y: 3, width: 4, height: 6))
        #expect(
            outcome.notes == [
                "3 turned boxes, polygons, masks or ellipses have the upright box around them",
                "1 lines, points, cuboids or skeletons are not carried",
            ])
    }

    @Test(arguments: [(30.0, 3.0), (-45, 10), (180, 2), (317, 6)])
    func aTurnedBoxIsRefittedAroundAllOfIt(degrees: Double, height: Double) throws {
        let text = Self.file(
            "<image name=\"a.png\"><box label=\"x\" rotation=\"\(degrees)\" xtl=\"24\" ytl=\"20\" xbr=\"40\" ybr=\"\(20 + height)\"/></image>"
        )
        let sample = try AnnotationSample(images: ["a.png"], files: ["annotations.xml": text])
        let box = try #require(sample.outcome(expecting: "cvat").dataset.images.first?.boxes.first?.box)
        // Brute force: points all along the turned outline.
        let angle = degrees * .pi / 180
        var (x0, y0, x1, y1) = (Double.infinity, Double.infinity, -Double.infinity, -Double.infinity)
        for step in 0...1000 {
            let along = Double(step) / 1000 - 0.5
            for point in [(along * 16, -height / 2), (along * 16, height / 2), (-8, along * height), (8, along * height)] {
                let x = 32 + point.0 * cos(angle) - point.1 * sin(angle)
                let y = 20 + height / 2 + point.0 * sin(angle) + point.1 * cos(angle)
                (x0, y0, x1, y1) = (min(x0, x), min(y0, y), max(x1, x), max(y1, y))
            }
        }
        for (value, expected) in zip([box.x, box.y, box.maxX, box.maxY], [x0, y0, x1, y1]) { #expect(abs(value - expected) < 1e-9) }
    }

    @Test func everyProblemIsSaidByImageAndShape() throws {
        let text = Self.file(
            """
            <meta><task><labels><label><name>x</name></label><label><color>#f</color></label></labels></task></meta>
            <image id="0" name="a.png" width="64" height="48">
            <box label="x" xtl="1" ytl="2" xbr="NaN" ybr="4"/><box xtl="1" ytl="2" xbr="3"/>
            <box label="x" xtl="9" ytl="2" xbr="3" ybr="4"/><box label="x" xtl="1" ytl="2" xbr="1e400" ybr="4"/>
            <polygon label="x" points="1,1;2,b;3,3"/><polygon label="x" points="1,1;2,2"/>
            <box label="x" xtl="1" ytl="2" xbr="3" ybr="4"><attribute name="agreement">2</attribute></box>
            <box label="unlisted" xtl="1" ytl="2" xbr="3" ybr="4"/><tag/>
            </image>
            <image id="1" width="64" height="48"/>
            <image id="2" name="a.png"/>
            <image id="3" name="../../etc/passwd"/>
            <image id="4" name="b.png" width="-1" height="4.5"/>
            """)
        #expect(
            try AnnotationSample.problems(CVATFormat(), "annotations.xml", text) == [
                "annotations.xml, label 2: no name", "annotations.xml, image 1, box 1: its xbr is not a number",
                "annotations.xml, image 1, box 2: no label", "annotations.xml, image 1, box 2: no ybr",
                "annotations.xml, image 1, box 4: its xbr is not a number",
                "annotations.xml, image 1, box 5: its agreement is not between 0 and 1",
                "annotations.xml, image 1, polygon 1: its points are not three or more pairs of numbers",
                "annotations.xml, image 1, polygon 2: its points are not three or more pairs of numbers",
                "annotations.xml, image 1, tag 1: no label", "annotations.xml, image 2: no name",
                "annotations.xml, image 3: its name occurs twice",
                "annotations.xml, image 5: its width is not a whole number above 0",
                "annotations.xml, image 5: its height is not a whole number above 0",
                "annotations.xml, image 4: the image's name is not a path inside a folder",
                "annotations.xml, image 5: its image is not there",
                "annotations.xml, image 1, box 3: the box is empty, inverted or not numbers",
                "annotations.xml, image 1, box 6: the finding is not in the label map",
            ])
    }

    @Test(arguments: [
        ("", "annotations.xml: the file is empty"), ("<annotations><image>", "annotations.xml, line 1: not XML"),
        ("<annotations>\n<image name='a'/>\n</image></annotations>", "annotations.xml, line 3: not XML"),
        ("<annotation/>", "annotations.xml: no <annotations>"),
        (
            "<!DOCTYPE x [<!ENTITY a \"b\">]><annotations/>",
            "annotations.xml: a document type or entity declaration; such files are not read"
        ),
        ("<annotations/>", "the source names no image"),
    ])
    func aFileOfAnotherKindIsAnError(text: String, problem: String) throws {
        #expect(try AnnotationSample.problems(CVATFormat(), "annotations.xml", text) == [problem])
    }

    // MARK: Videos

    private static func track(_ shapes: String) -> String { "<track id=\"0\" label=\"x\">\(shapes)</track>" }
    private static func shape(_ frame: Int, outside: Int = 0, left: Int = 1) -> String {
        "<box frame=\"\(frame)\" outside=\"\(outside)\" keyframe=\"1\" xtl=\"\(left)\" ytl=\"2\" xbr=\"9\" ybr=\"9\"/>"
    }

    @Test func tracksLieOnTheImagesOfTheirFrames() throws {
        let images = ["a", "b", "c", "d"].enumerated().map { "<image id=\"\($0)\" name=\"\($1).png\" width=\"64\" height=\"48\"/>" }
            .joined()
        let tracks =
            Self.track(Self.shape(0) + Self.shape(1, left: 2) + Self.shape(2, outside: 1))
            + Self.track(Self.shape(1, left: 3) + Self.shape(3, outside: 1))
        let sample = try AnnotationSample(
            images: ["a.png", "b.png", "c.png", "d.png"], files: ["annotations.xml": Self.file(images + tracks)])
        let outcome = try sample.outcome(expecting: "cvat")
        // On c.png the second track goes on and nobody drew it, so it is no normal image.
        #expect(outcome.dataset.images.map(\.fileName) == ["a.png", "b.png", "d.png"])
        #expect(outcome.dataset.images.map { $0.boxes.map(\.box.x) } == [[1], [2, 3], []])
        #expect(outcome.notes == ["1 boxes between the drawn frames of a track are not there"])
    }

    @Test func framesAreFoundByTheNamesThatCVATGivesThem() throws {
        let text = Self.file(Self.track(Self.shape(2) + Self.shape(11) + Self.shape(12, outside: 1)))
        let sample = try AnnotationSample(images: ["images/frame_000002.png", "images/frame_000011.png"], files: ["annotations.xml": text])
        let dataset = try sample.outcome(expecting: "cvat").dataset
        #expect(dataset.images.map(\.fileName) == ["frame_000002.png", "frame_000011.png"] && dataset.boxCount == 2)
    }

    @Test func framesThatNobodyCanFindAreToldWithTheWayOut() throws {
        #expect(
            try AnnotationSample.problems(CVATFormat(), "annotations.xml", Self.file(Self.track(Self.shape(0)))) == [
                "annotations.xml: 1 tracks of a video without an <image> for its frames; export it as \"CVAT for images 1.1\", "
                    + "or lay the frames beside it as frame_000000.png and so on"
            ])
        let image = "<image id=\"0\" name=\"a.png\"/>"
        let shapes = Self.shape(0) + Self.shape(5) + "<box xtl=\"1\"/><box frame=\"0\" xtl=\"1\" ytl=\"x\" xbr=\"3\" ybr=\"4\"/>"
        #expect(
            try AnnotationSample.problems(CVATFormat(), "annotations.xml", Self.file(image + Self.track(shapes))) == [
                "annotations.xml, track 1, shape 2: no <image> has the number of its frame; export it as \"CVAT for images 1.1\"",
                "annotations.xml, track 1, shape 3: its frame is not a whole number from 0",
                "annotations.xml, track 1, shape 4: its ytl is not a number",
            ])
    }
}
