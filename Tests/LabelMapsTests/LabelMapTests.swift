import Findings
import Foundation
import LabelMaps
import PleuraTesting
import Testing

@Suite struct LabelMapTests {
    @Test func readsWhatTheObjectDetectionAPIWrites() throws {
        // Both spellings of the format that are about in the field: quotes of either kind, a colon or none before a brace, comments.
        let text = """
            # eight findings
            item {
              id: 2
              name: 'Cardiomegaly'
            }
            item: { name: "Pleural effusion" id: 1 display_name: "Effusion" }
            item { id: 5 display_name: "Nodule" }
            """
        let map = try LabelMap(pbtxt: text)
        #expect(
            map.classes == [
                FindingClass(id: 2, name: "Cardiomegaly"), FindingClass(id: 1, name: "Pleural effusion"),
                FindingClass(id: 5, name: "Nodule"),
            ])
        #expect(map[id: 5]?.name == "Nodule")
        #expect(map[name: "Cardiomegaly"]?.id == 2)
        #expect(map[id: 3] == nil)
        #expect(map.index(ofID: 1) == 1)
    }

    @Test func whatIsWrittenReadsBackEqual() throws {
        let map = try LabelMap([
            FindingClass(id: 7, name: "Infiltrat \"rechts\" — ä"), FindingClass(id: 1, name: "a\\b\nc"), FindingClass(id: 3, name: "Masse"),
        ])
        #expect(try LabelMap(pbtxt: map.pbtxt) == map)
        let folder = try TemporaryFolder()
        try Data(map.pbtxt.utf8).write(to: folder.file("label_map.pbtxt"))
        #expect(try LabelMap(contentsOf: folder.file("label_map.pbtxt")) == map)
    }

    @Test func isWrittenInTheUsualForm() throws {
        let map = try LabelMap([FindingClass(id: 1, name: "Mass")])
        #expect(map.pbtxt == "item {\n  name: \"Mass\"\n  id: 1\n}\n")
    }

    @Test(arguments: [
        ("", LabelMapError.Code.missing), ("item { name: 'a' }", .missing), ("item { id: 1 }", .missing),
        ("item { id: 1 name: ' ' }", .missing),
        ("item { id: 0 name: 'a' }", .outOfRange), ("item { id: -3 name: 'a' }", .outOfRange),
        ("item { id: 1 name: 'a' } item { id: 1 name: 'b' }", .doubled), ("item { id: 1 name: 'a' } item { id: 2 name: 'a' }", .doubled),
        ("item { id: 1 name: 'a'", .damaged), ("{\"id\": 1}", .damaged), ("item { id: 99999999999 name: 'a' }", .damaged),
    ])
    func refusesWithAReason(text: String, code: LabelMapError.Code) {
        #expect {
            try LabelMap(pbtxt: text)
        } throws: {
            ($0 as? LabelMapError)?.code == code && !"\($0)".contains("\n")
        }
    }

    /// The item is counted from 1, as a person counts them in the file.
    @Test(arguments: [
        ("item { id: 1 name: 'a' } item { id: 0 name: 'b' }", "item 2: id 0 of 'b' is the background's; ids begin at 1"),
        ("item { id: 1 name: 'a' } item { name: 'b' }", "item 2 ('b') has no id"),
        ("item { id: 1 name: 'a' } item { id: 2 }", "item 2 has no name"),
        ("item { id: 1 name: 'a' } item { id: 2 name: 'b' } item { id: 1 name: 'c' }", "item 3: id 1 occurs twice"),
        ("item { id: 1 name: 'a' } item { id: 2 name: 'b' } item { id: 3 name: 'a' }", "item 3: the name 'a' occurs twice"),
    ])
    func saysWhichItemIsWrong(text: String, reason: String) {
        let error = #expect(throws: LabelMapError.self) { try LabelMap(pbtxt: text) }
        #expect(error?.reason == reason)
    }

    /// As label maps of 2017 look: one item a line or a word a line, commas and semicolons, single quotes, escapes, a display name beside
    /// a knowledge-graph id, and a comment behind a value.
    @Test func readsOldLabelMaps() throws {
        let text =
            "item {\r\n  id: 1 # the first\r\n  name: 'aneurysm\\'s'\r\n}\r\n"
            + "item{name:'/m/0b2334',id:2;display_name:\"Mass\"}\n\n# none\nitem\n{\nid\n:\n3\nname: 'No' 'dule'\n}"
        #expect(
            try LabelMap(pbtxt: text).classes == [
                FindingClass(id: 1, name: "aneurysm's"), FindingClass(id: 2, name: "/m/0b2334"), FindingClass(id: 3, name: "Nodule"),
            ])
    }

    @Test func aMissingFileIsUnreadable() {
        #expect(throws: LabelMapError(.unreadable, "the label map cannot be opened for reading")) {
            try LabelMap(contentsOf: URL(fileURLWithPath: "/nonexistent/label_map.pbtxt"))
        }
    }

    /// The Object Detection API reserves id 0 for the background and allows an item for it.
    @Test(arguments: [
        "item { name: 'none_of_the_above' id: 0 display_name: 'background' }", "item { id: 0 name: 'background' }",
        "item { id: 0 display_name: 'Background' }", "item { id: 0 name: '???' }",
    ])
    func theBackgroundIsNoClass(item: String) throws {
        for text in [
            "\(item) item { id: 2 name: 'Mass' } item { id: 1 name: 'Nodule' }",
            "item { id: 2 name: 'Mass' } item { id: 1 name: 'Nodule' } \(item)",
        ] {
            let map = try LabelMap(pbtxt: text)
            #expect(map.classes == [FindingClass(id: 2, name: "Mass"), FindingClass(id: 1, name: "Nodule")])
            #expect(map.background != nil)
        }
        #expect(throws: LabelMapError(.missing, "the label map has no item")) { try LabelMap(pbtxt: item) }
        let error = #expect(throws: LabelMapError.self) { try LabelMap(pbtxt: "\(item) item { id: 1 name: 'a' } item { id: 1 name: 'b' }") }
        #expect(error?.reason == "item 3: id 1 occurs twice")
    }

    /// The line, what is there, and what should be.
    @Test(arguments: [
        ("item {\n id: 1\n name: ‘Nodule’\n}\n", "line 3: ‘ found, expected a text in straight quotation marks after name"),
        ("item { name: 'Nodule' label: 1 display_name: 'Nodule' }", "line 1: the word \"label\" found, expected name, id, display_name"),
        ("item {\n  id: 1\n  label: 'Mass'\n}", "line 3: the word \"label\" found, expected name, id, display_name"),
        ("item {\n  id: 'one'\n}", "line 2: a text found, expected a whole number after id"),
        ("item {\n  id: 99999999999\n}", "line 2: the number 99999999999 found, expected a whole number after id"),
        ("item {\n  id: 1\n  name: Mass\n}", "line 3: the word \"Mass\" found, expected a text in straight quotation marks after name"),
        ("item {\n  id 1\n}", "line 2: the number 1 found, expected : after id"),
        ("item {\n  id: 1\n  name: 'Mass\n}", "line 3: a quotation mark that is not closed on its line"),
        ("item {\n  id: 1\n  name: 'Mass'\n", "line 4: the end of the file found, expected } at the end of an item"),
        ("{\"1\": \"Nodule\"}", "line 1: { found, expected item { id: 1 name: 'Mass' }"),
        ("[{\"id\": 1}]", "line 1: [ found, expected item { id: 1 name: 'Mass' }"),
        ("item {\n  id:\u{A0}1\n}", "line 2: \u{A0} found, expected a whole number after id"),
        ("1: Nodule", "line 1: the number 1 found, expected item { id: 1 name: 'Mass' }"),
        ("# a map\nitems { id: 1 }", "line 2: the word \"items\" found, expected item { id: 1 name: 'Mass' }"),
    ])
    func saysTheLineOfAFault(text: String, reason: String) {
        let error = #expect(throws: LabelMapError.self) { try LabelMap(pbtxt: text) }
        #expect(error?.reason == reason)
    }

    /// What the Object Detection API's own maps have besides: LVIS' counts, key points.
    @Test func fieldsThatNothingNeedsAreLeftAside() throws {
        let text = """
            item { id: 1 name: "Mass" frequency: COMMON instance_count: 12 ancestor_ids: 3 ancestor_ids: 4
              keypoints { id: 0 label: "apex" } keypoints { id: 1 label: "base" } }
            """
        #expect(try LabelMap(pbtxt: text).classes == [FindingClass(id: 1, name: "Mass")])
    }

    @Test(arguments: [String.Encoding.utf16, .utf16LittleEndian, .utf32, .windowsCP1252])
    func anyEncodingOfAFileIsRead(encoding: String.Encoding) throws {
        let folder = try TemporaryFolder()
        let bytes = try #require("item { id: 1 name: 'Erguß' }".data(using: encoding))
        try bytes.write(to: folder.file("map.pbtxt"))
        #expect(try LabelMap(contentsOf: folder.file("map.pbtxt")).classes == [FindingClass(id: 1, name: "Erguß")])
    }

    @Test(arguments: [
        (#"item { id: 1 name: 'Card\iomegaly' }"#, #"line 1: \i found in a text, expected \\ for a backslash"#),
        ("item {\n id: 1\n name: \"C:\\Users\" }", #"line 3: \U found in a text, expected \\ for a backslash"#),
        (#"item { id: 1 name: 'M\xzz' }"#, #"line 1: \x found in a text, expected \\ for a backslash"#),
        ("item {\n id: 1 name: 'M\\xff' }", "line 2: a text that Protocol Buffers cannot read, expected UTF-8"),
    ])
    func anEscapeThatIsNoneIsToldWithItsLine(_ text: String, reason: String) {
        #expect(#expect(throws: LabelMapError.self) { try LabelMap(pbtxt: text) }?.reason == reason)
    }

    @Test func escapesAreRead() throws {
        #expect(try LabelMap(pbtxt: #"item { id: 1 name: 'a\\b\'c\x41\101' }"#).classes == [FindingClass(id: 1, name: #"a\b'cAA"#)])
    }

    /// Whatever becomes of a label map's bytes, it is a map with ids from 1 and names, or one line that says where it stops being one.
    @Test func damagedMapsAreRefusedWithTheirPlace() throws {
        let right = Data(
            "# findings\nitem {\n  id: 2\n  name: 'Cardiomegaly'\n}\nitem: { name: \"Pleural effusion\" id: 1 display_name: \"Effusion\" }\n"
                .utf8)
        let tokens = [
            "item", "{", "}", ":", "'", "\"", "id", "name", "label", "0", "-1", "99999999999", "\\", "#", "[", "<", "\u{2018}", "\n",
        ]
        var mutator = Mutator(seed: 20, tokens: tokens.map { Data($0.utf8) })
        let folder = try TemporaryFolder()
        for _ in 0..<Fuzzing.rounds(usual: 2_000) {
            let bytes = mutator.mutate(right)
            try bytes.write(to: folder.file("map.pbtxt"))
            do {
                let map = try LabelMap(contentsOf: folder.file("map.pbtxt"))
                #expect(!map.classes.isEmpty && map.classes.allSatisfy { $0.id > 0 && !$0.name.isEmpty })
            } catch {
                let reason = (error as? LabelMapError)?.reason ?? ""
                let hasPlace = reason.hasPrefix("line ") || reason.hasPrefix("item ") || reason == "the label map has no item"
                #expect(hasPlace && !reason.contains("\n"), "\(reason): \(bytes.base64EncodedString())")
            }
        }
    }
}
