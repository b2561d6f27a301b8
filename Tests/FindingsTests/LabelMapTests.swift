import Findings
import Foundation
import TestSupport
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
        ("", FindingsError.Code.missing), ("item { name: 'a' }", .missing), ("item { id: 1 }", .missing),
        ("item { id: 1 name: ' ' }", .missing),
        ("item { id: 0 name: 'a' }", .outOfRange), ("item { id: -3 name: 'a' }", .outOfRange),
        ("item { id: 1 name: 'a' } item { id: 1 name: 'b' }", .doubled), ("item { id: 1 name: 'a' } item { id: 2 name: 'a' }", .doubled),
        ("item { id: 1 name: 'a'", .damaged), ("{\"id\": 1}", .damaged), ("item { id: 99999999999 name: 'a' }", .damaged),
    ])
    func refusesWithAReason(text: String, code: FindingsError.Code) {
        #expect {
            try LabelMap(pbtxt: text)
        } throws: {
            ($0 as? FindingsError)?.code == code && !"\($0)".contains("\n")
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
        let error = #expect(throws: FindingsError.self) { try LabelMap(pbtxt: text) }
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
        #expect(throws: FindingsError(.unreadable, "the label map cannot be opened for reading")) {
            try LabelMap(contentsOf: URL(fileURLWithPath: "/nonexistent/label_map.pbtxt"))
        }
    }
}
