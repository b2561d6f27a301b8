import Foundation
import ResultObjects
import Results
import Testing

/// Texts in any script come through, or the bytes do; never something else (PS3.3 C.12.1.1.2).
@Suite struct CharacterSetTests {
    private func report(_ name: String) throws -> ResultObject {
        let sample = try SourceSamples.named(name)
        let maker = ResultObjects(options: ResultObjectOptions(kinds: [.structuredReport]))
        return try #require(
            try maker.make(SampleResults.result([sample], text: "Herz groß"), sources: SampleResults.sources([sample])).first)
    }

    @Test(arguments: [
        ("latin1", "Müller^Jörg"), ("unicode", "Ελένη^Παπαδοπούλου"), ("greek", "Διονυσιος"),
        ("japanese", "Yamada^Tarou=山田^太郎=やまだ^たろう"), ("korean", "Hong^Gildong=洪^吉洞"), ("chinese", "Wang^XiaoDong=王^小东"),
        // Misspelt, named twice, unknown, not named at all, or none of the set that is named.
        ("misspelt", "Müller"), ("doubled", "Müller"), ("unknownset", "Müller"), ("unnamed", "Müller"), ("unnamedunicode", "Müller^Jörg"),
        ("lyingunicode", "Müller"),
    ])
    func textsBecomeUnicode(_ name: String, _ expected: String) throws {
        let bytes = try report(name).bytes
        let reading = try ResultReading(bytes)
        #expect(reading.patient.name == expected)
        #expect(bytes.range(of: Data("ISO_IR 192".utf8)) != nil && reading.texts.contains("Herz groß"))
    }

    /// What cannot be converted is copied byte by byte under its own set, and our words become ASCII.
    @Test func bytesAreCopiedWhereNothingElseIsSure() throws {
        let bytes = try report("brokenjapanese").bytes
        let copied = Data(Array("Yamada^Tarou=".utf8) + [0x1B, 0x24, 0x42, 0x3B, 0x33, 0x45, 0x1B, 0x28, 0x42])
        #expect(bytes.range(of: copied) != nil && bytes.range(of: Data("\\ISO 2022 IR 87".utf8)) != nil)
        #expect(bytes.range(of: Data("ISO_IR 192".utf8)) == nil)
        #expect(try ResultReading(bytes).texts.contains("Herz gross"))
    }

    @Test func whatIsTooLongLosesItsEndOrIsLeftOut() throws {
        let patient = try ResultReading(report("overlong").bytes).patient
        #expect(patient.name == String(repeating: "Overlong", count: 8) && patient.id == nil)
        let bad = try ResultReading(report("badvalues").bytes)
        #expect(bad.patient.id == nil && bad.patient.birthDate == nil && bad.patient.sex == nil && bad.patient.name == "Doe^Jane")
        let old = try ResultReading(report("olddates").bytes)
        #expect(old.patient.birthDate == "1961-02-13")
    }
}
