import Console
import Foundation
import Outputs
import Testing

@Suite struct CommandReportTests {
    private struct Values: Encodable {
        var count = 2
        var share = 0.5
        var missing: String?
    }

    @Test func whatACommandSaysStandsBesideItsName() throws {
        #expect(
            try String(decoding: CommandReport.json("dataset split", Values()), as: UTF8.self) == """
                {
                  "command" : "dataset split",
                  "count" : 2,
                  "notice" : "research use only, not a diagnosis; a supporting reader, never a replacement for one",
                  "schema" : 1,
                  "share" : 0.5
                }

                """)
    }

    @Test func aNumberThatJSONHasNotIsAnError() {
        #expect(throws: ReportError(.cannotEncode, "a number is not finite")) {
            _ = try CommandReport.json("x", Values(share: .infinity))
        }
    }
}
