import Basics
import Foundation
import Testing

@Suite struct PlainTextTests {
    @Test(arguments: [
        (0, "0 B"), (1_023, "1023 B"), (1_536, "1.5 KiB"), (45 << 20, "45.0 MiB"), (5 << 40, "5.0 TiB"), (5 << 50, "5120.0 TiB"),
    ])
    func bytesAreInBinaryUnits(count: Int, text: String) { #expect(ByteCount.text(count) == text) }

    @Test func columnsStandLeft() {
        #expect(PlainColumns.lines([["a", "bb", "c"], ["aaa", "b", ""]]) == ["a    bb  c", "aaa  b"])
        #expect(PlainColumns.lines([]) == [])
    }

    @Test func theWayFromAFolderToAnother() {
        let (here, there) = (URL(fileURLWithPath: "/nowhere/a/b"), URL(fileURLWithPath: "/nowhere/c"))
        #expect(RelativePath.from(here, to: there) == "../../c" && RelativePath.from(there, to: here) == "../a/b")
    }
}
