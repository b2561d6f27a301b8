import Foundation
import Models
import PleuraTesting
import Testing

@Suite struct PatientDigestsTests {
    /// The text is what the system's own programs make of the patients.
    @Test func theTextIsThatOfOtherPrograms() throws {
        let patients = ["13", "27", "patient one", "13"]
        let line = """
            for p in 13 27 'patient one'; do printf 'salt\\n%s' "$p" | sha256sum | cut -c1-8; done | sort \
            | perl -ne 'chomp; print pack("H*", $_)' | base64
            """
        let expected = try Shell.run(line)
        try #require(expected.status == 0, "\(expected.errors)")
        let digests = PatientDigests(of: patients, salt: "salt")
        #expect(digests.text + "\n" == expected.output)
        #expect(digests.count == 3)
    }

    @Test func aPatientIsKnownAgainAfterWriting() throws {
        let patients = (0..<2_000).map { "patient \($0)" }
        let digests = try #require(PatientDigests(text: PatientDigests(of: patients, salt: "a").text, salt: "a"))
        #expect(patients.allSatisfy(digests.contains))
        #expect((2_000..<4_000).allSatisfy { !digests.contains("patient \($0)") })
        let other = try #require(PatientDigests(text: digests.text, salt: "b"))
        #expect(patients.allSatisfy { !other.contains($0) })
    }

    @Test(arguments: ["?", "AAA=", "AAAAAAA="]) func whatIsNoListIsNone(_ text: String) {
        #expect(PatientDigests(text: text, salt: "") == nil)
    }

    @Test func nobodyIsAListToo() { #expect(PatientDigests(text: "", salt: "")?.count == 0) }
}
