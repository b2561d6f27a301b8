import Basics
import HL7
import Testing

@Suite struct MessageTests {
    @Test func fieldsAreFoundByTheirNumbers() throws {
        let message = try HL7Message(HL7Samples.order.replacing("\u{FC}", with: "ue").replacing("\u{F6}", with: "oe"))
        #expect(message.segments.map(\.name) == ["MSH", "PID", "PV1", "ORC", "OBR", "ZDS"])
        #expect(message["MSH-1"] == "|" && message["MSH-2"] == #"^~\&"# && message["MSH-3"] == "RIS" && message["MSH-18"] == "8859/1")
        #expect(message.type == ("ORM", "O01") && message.controlID == "C0001" && message.version == "2.5.1")
        #expect(
            message["PID-3"] == "4711^^^NORTH&1.2.3&ISO^MR" && message["PID-3.4"] == "NORTH&1.2.3&ISO" && message["PID-3.4.2"] == "1.2.3")
        #expect(message["PID-3(2).1"] == "999" && message["PID-3(3).1"] == nil && message["PID-3.9"] == nil && message["PID-40"] == nil)
        #expect(message["OBR-13"] == "cough & fever" && message.value("OBR", 13)?.raw == #"cough \T\ fever"#)
        #expect(message["PID.5.1.2"] == "von" && message["NTE-1"] == nil && message["PID(2)-3"] == nil)
        #expect(message.segment("OBR")?.fieldCount == 31 && message.segment("MSH")?.fieldCount == 18)
    }

    @Test(arguments: [
        "PID", "PID-", "PID-0", "PID-3.", "pid-3", "PID-3(0)", "PID-3(1", "PID-3.1.1.1", "3ID-3", "PIDX-3", "PID-3 ", "", "PID-999999",
    ])
    func whatIsNoPathIsRefused(_ path: String) {
        #expect(throws: HL7Error(.badPath, "")) { try HL7Path(path) }
    }

    @Test(arguments: ["PID-3", "OBX(2)-5", "PID-3(2).4.1", "ZDS-1.1"]) func pathsAreWrittenAsTheyAreRead(_ path: String) throws {
        #expect(try HL7Path(path).description == path)
    }

    @Test(arguments: ["\r", "\n", "\r\n", "\r\n\r\n", "\r\r"]) func lineEndsOfAllKinds(_ end: String) throws {
        let lines = [#"MSH|^~\&|A"#, "PID|1||x", "OBX|1|TX"]
        for tail in ["", end] {
            let message = try HL7Message(lines.joined(separator: end) + tail)
            #expect(message.segments.map(\.name) == ["MSH", "PID", "OBX"])
            #expect(message["MSH-3"] == "A" && message["PID-3"] == "x" && message["OBX-2"] == "TX")
        }
    }

    @Test func aLineFeedWithinATextIsOfTheText() throws {
        let message = try HL7Message("MSH|^~\\&|A\rOBX|1|TX|||first\nOBX|second|third\rNTE|1")
        #expect(message.segments.map(\.name) == ["MSH", "OBX", "NTE"])
        #expect(message["OBX-5"] == "first\nOBX" && message["OBX-6"] == "second")
    }

    @Test func delimitersAreThoseThatTheMessageDeclares() throws {
        let message = try HL7Message("MSH*:!?%#*A:B*C\rPID*1**a%b:c!d:?F??S??T??R??E??P?^~&|\\")
        #expect(message.delimiters.truncation == UInt8(ascii: "#"))
        #expect(message["MSH-3.2"] == "B" && message["MSH-2"] == ":!?%#")
        #expect(message["PID-3.1.2"] == "b" && message["PID-3.2"] == "c" && message["PID-3(2).2"] == #"*:%!?#^~&|\"#)
    }

    @Test func shortDelimiters() throws {
        let message = try HL7Message("MSH|^~|A\rPID|1||a\\T\\&b^c~d")
        #expect(message["PID-3.1"] == "a\\T\\&b" && message["PID-3.2"] == "c" && message["PID-3(2)"] == "d")
        #expect(try HL7Message("MSH|^|A\rPID|1||a^b~c")["PID-3(2)"] == "c")
    }

    @Test func nullIsNotEmpty() throws {
        let message = try HL7Message("MSH|^~\\&|A\rPID|1|\"\"||\"\"^x|\"\"\"\"")
        #expect(message.value("PID", 2)?.isNull == true && message["PID-2"] == nil)
        #expect(message.value("PID", 3)?.isNull == false && message.value("PID", 3)?.isEmpty == true && message["PID-3"] == nil)
        #expect(message.value("PID", 4, 1)?.isNull == true && message.value("PID", 4)?.isNull == false && message["PID-5"] == "\"\"\"\"")
        #expect(message.value("PID", 6) == nil)
    }

    @Test(arguments: [
        (#"a\F\b\S\c\T\d\R\e\E\f"#, #"a|b^c&d~e\f"#), (#"\H\loud\N\ quiet"#, "loud quiet"),
        (#"one\.br\two\.sp2\three"#, "one\ntwo\n\nthree"),
        (#"\.in+4\\.ti-2\\.fi\\.nf\x\.sk3\y\.ce\z"#, "x   y\nz"), (#"\X41\\X0D0a\\X4a4B\"#, "A\r\nJK"),
        // What is not known stays as it is.
        (#"\C2842\\M244228\\Zfoo\"#, #"\C2842\\M244228\\Zfoo\"#), (#"\X4\\X4G\\Q\"#, #"\X4\\X4G\\Q\"#), (#"C:\temp\F\x"#, #"C:\temp|x"#),
        (#"ends with \"#, #"ends with \"#), (#"\\"#, #"\\"#), (#"\E\F\E\"#, #"\F\"#), (#"\.br"#, #"\.br"#),
        (#"\.sp99999\"#, #"\.sp99999\"#),
        // An escape sequence does not reach over a delimiter.
        (#"a\^b\F\c"#, #"a\^b|c"#),
    ]) func escapeSequences(_ raw: String, _ text: String) throws {
        let message = try HL7Message("MSH|^~\\&|A\rOBX|1|TX|||\(raw)")
        #expect(message["OBX-5"] == text)
        #expect(message.value("OBX", 5)?.raw == raw)
    }

    @Test func groupsOfSegments() throws {
        let message = try HL7Message(HL7Samples.imagingOrder)
        let groups = message.groups(startingAt: ["ORC", "OBR"], continuing: ["OBR": ["ORC"]])
        #expect(groups.map { $0.segments.map(\.name) } == [["ORC", "TQ1", "OBR", "IPC"], ["ORC", "TQ1", "OBR", "IPC"]])
        #expect(groups.map { $0["IPC-1"] } == ["ACC1", "ACC2"])
        let bare = try HL7Message("MSH|^~\\&|A\rOBR|1\rOBX|1\rORC|NW\rOBR|2\rOBR|3")
        #expect(bare.groups(startingAt: ["ORC", "OBR"], continuing: ["OBR": ["ORC"]]).map(\.count) == [2, 2, 1])
    }

    @Test(arguments: [
        ("", HL7Error.Code.notHL7, "there is no MSH"), ("PID|1", .notHL7, "there is no MSH"), ("MSH", .notHL7, "ends within MSH"),
        ("MSH|", .notHL7, "ends within MSH"), ("MSH|^~\\&^|A", .notHL7, "MSH-2"), ("MSH||A", .notHL7, "MSH-2"),
        ("MSHA^~\\&A", .notHL7, "MSH-1"),
        ("MSH|^~\\&|A\rSECRET NAME", .malformed, "line 2"), ("MSH|^~\\&|A\rpid|1", .malformed, "line 2"),
        ("MSH|^~\\&|A\rPI|1", .malformed, "line 2"),
        ("MSH|^~\\&|A\rMSH|^~\\&|A", .malformed, "second MSH"), ("FHS|^~\\&|A\rBHS|^~\\&", .unsupported, "batches"),
        ("MSH|^~\\&|A\nSECRET", .malformed, "line 2"), ("MSH\r|^~\\&|", .notHL7, "no delimiters"), ("MSHX^", .notHL7, "MSH-1"),
    ]) func whatIsNoMessageIsRefusedWithAReason(_ text: String, _ code: HL7Error.Code, _ words: String) {
        let error = #expect(throws: HL7Error.self) { try HL7Message(text) }
        #expect(error?.code == code && error?.reason.contains(words) == true, "\(error.map(String.init(describing:)) ?? "none")")
        #expect(error?.description.contains("SECRET") == false)
    }

    @Test func limits() throws {
        let limits = HL7Limits(mostBytes: 1_000, mostSegments: 5, mostFields: 20)
        func read(_ tail: String) throws { _ = try HL7Message("MSH|^~\\&|A" + tail, HL7Reading(limits: limits)) }
        try read(String(repeating: "\rPID", count: 4))
        for tail in [
            String(repeating: "\rPID", count: 5), "\rPID" + String(repeating: "|", count: 20), String(repeating: "x", count: 1_000),
        ] {
            #expect(throws: HL7Error(.tooLarge, "")) { try read(tail) }
        }
    }

    @Test func nothingIsShownByAccident() throws {
        let message = try HL7Message("MSH|^~\\&|A|B|C|D|2026||ORM^O01|1|P|2.5\rPID|1||SECRET\rOBR|1|SECRET\r")
        let order = try #require(try OrderReader().orders(in: message).first)
        let values: [Any] = [
            message, message.segments, message.value("PID", 3) as Any, message.group, order, MLLPEvent.message(message.bytes),
            HL7FieldText("SECRET"),
        ]
        for value in values {
            var text = "\(value) \(String(reflecting: value))"
            dump(value, to: &text)
            #expect(!text.contains("SECRET") && !text.contains("83, 69"))
        }
    }

    @Test func marksAndBlanksBeforeTheMessage() throws {
        #expect(try HL7Message("\u{FEFF}MSH|^~\\&|A")["MSH-3"] == "A")
        #expect(try HL7Message("\r\n \tMSH|^~\\&|A\r \r\r")["MSH-3"] == "A")
    }

    @Test func aMessageIsWrittenAsJSON() throws {
        let message = try HL7Message("MSH|^~\\&|A\rZZ1|a\\F\\\"^b&\u{1}~c||\"\"")
        #expect(
            message.jsonDescription
                == #"{"segments":[{"name":"MSH","fields":[[[["|"]]],[[["^~\\&"]]],[[["A"]]]],"texts":[[[["|"]]],[[["^~\\&"]]],[[["A"]]]]},"#
                + #"{"name":"ZZ1","fields":[[[["a\\F\\\""],["b","\u0001"]],[["c"]]],[[[""]]],[[["\"\""]]]],"#
                + #""texts":[[[["a|\""],["b","\u0001"]],[["c"]]],[[[""]]],[[["\"\""]]]]}]}"#)
    }
}
