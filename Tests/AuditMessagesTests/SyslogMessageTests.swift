import AuditMessages
import Foundation
import Testing

@Suite("Syslog messages") struct SyslogMessageTests {
    private let audit = SampleEvents.context(namesPatients: false).applicationActivity(.start, at: SampleEvents.time)

    @Test func wholeHead() {
        let message = SyslogMessage(audit, hostName: "ai.example", application: "pleura-serve", process: "4711")
        let expected =
            Data("<85>1 2026-03-01T07:08:09.010Z ai.example pleura-serve 4711 DICOM+RFC3881 - ".utf8) + Data([0xEF, 0xBB, 0xBF]) + audit.xml
        #expect(message.bytes == expected)
    }

    @Test func withoutMarkAndAsWarning() {
        let message = SyslogMessage(
            audit, hostName: "ai", application: "p", process: "1", severity: .warning, startsWithMark: false)
        #expect(message.bytes == Data("<84>1 2026-03-01T07:08:09.010Z ai p 1 DICOM+RFC3881 - ".utf8) + audit.xml)
    }

    /// RFC 5424, 6: printable ASCII, cut to length, `-` for nothing.
    @Test(arguments: [
        ("", "-"), ("a b", "a_b"), ("größe\n", "gr__e_"), (String(repeating: "x", count: 300), String(repeating: "x", count: 48)),
        ("\u{7F}~!", "_~!"),
    ]) func fields(application: String, field: String) throws {
        let message = SyslogMessage(audit, hostName: "h", application: application, process: "1")
        let head = String(decoding: message.bytes.prefix { $0 < 0x80 }, as: UTF8.self).split(separator: " ")
        #expect(head.count == 7)
        #expect(String(head[3]) == field)
    }

    /// The grammar of RFC 5424, 6.
    @Test func grammar() throws {
        for (_, audit) in SampleEvents.all() {
            let message = SyslogMessage(audit, hostName: "ai.example", application: "pleura-serve", process: "4711")
            let text = String(decoding: message.bytes, as: UTF8.self)
            let grammar =
                /<(\d{1,3})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z) ([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) - \x{FEFF}(<\?xml.*)/
            let match = try #require(text.wholeMatch(of: grammar))
            #expect(match.1 == "85")
            #expect(Data(match.8.utf8) == audit.xml)
        }
    }
}
