import Clinic
import Foundation
import HL7
import PleuraTesting
import SettingsFiles
import Testing

/// What the documents say is what the code does.
@Suite struct DocumentTests {
    private func document(_ name: String) throws -> String {
        try String(contentsOf: Repository.root.appendingPathComponent("Documentation").appendingPathComponent(name), encoding: .utf8)
    }

    /// `pleura dicom conformance` prints what stands in the statement.
    @Test func theConformanceStatementHasTheTablesOfTheCode() throws {
        let text = try document("Conformance.md")
        let begin = try #require(text.range(of: "<!-- tables -->\n"))
        let end = try #require(text.range(of: "<!-- end of tables -->"))
        #expect(
            text[begin.upperBound..<end.lowerBound].trimmingCharacters(in: .newlines)
                == ConformanceTables.text.trimmingCharacters(in: .newlines))
    }

    /// The file with every key is a file, and says what is usual.
    @Test func theSiteFileSaysWhatIsUsual() throws {
        var site = try HL7Site(yaml: document("HL7Site.yaml"))
        #expect(site.receivingApplication == "RIS" && site.receivingFacility == "NORTH")
        #expect(site.results.set.map(\.template) == ["{link}"])
        (site.receivingApplication, site.receivingFacility, site.results.set) = (nil, nil, [])
        let usual = HL7Site()
        #expect(site.orders == usual.orders && site.patients == usual.patients)
        #expect(site.version == usual.version && site.characterSet == usual.characterSet && site.processingID == usual.processingID)
        #expect(site.results.report == usual.results.report && site.results.remove == usual.results.remove)
    }

    /// The example of the page on the clinic is one that is taken.
    @Test func theExampleIsAConfiguration() throws {
        let text = try document("Clinic.md")
        let begin = try #require(text.range(of: "```yaml\n"))
        let end = try #require(text.range(of: "```", range: begin.upperBound..<text.endIndex))
        let table = try SettingsTable(
            yaml: String(text[begin.upperBound..<end.lowerBound]).replacing(", site: ris.yaml", with: ""), folder: URL(fileURLWithPath: "/")
        )
        let clinic = try ClinicConfiguration(try #require(try table.table("clinic")))
        #expect(clinic.destinations.map(\.name) == ["pacs", "ris"] && clinic.node?.peers.count == 1)
    }
}
