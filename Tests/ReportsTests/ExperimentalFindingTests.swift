import Findings
import Foundation
import Geometry
import Outputs
import PleuraTesting
import Reports
import Testing

/// A finding that a model has learnt from few boxes says so wherever it is named.
@Suite struct ExperimentalFindingTests {
    private static func images(_ isExperimental: Bool) -> [ImageFindings] {
        let rare = FindingClass(id: 3, name: "Fibrosis", isExperimental: isExperimental)
        return [
            ImageFindings(
                reference: ImageReference(.file("a.png")), width: 10, height: 10,
                findings: [rare, FindingClass(id: 1, name: "Mass")].enumerated().map {
                    Finding(id: "\($0 + 1)", findingClass: $1, score: 0.5, geometry: .box(Box(x: 1, y: 2, width: 3, height: 4)))
                })
        ]
    }

    @Test func theTableSaysItInWords() {
        let rows = FindingsTable.text(Self.images(true)).split(separator: "\n")
        #expect(rows[1].contains("Fibrosis (experimental)") && !rows[2].contains("experimental"))
        #expect(!FindingsTable.text(Self.images(false)).contains("experimental"))
    }

    @Test func theJSONHasAFieldAndTheNameStays() throws {
        let json = try FindingsJSON.document(model: SampleFindings.model, images: Self.images(true))
        let document = try #require(JSONSerialization.jsonObject(with: json) as? [String: Any])
        let findings = try #require((document["images"] as? [[String: Any]])?.first?["findings"] as? [[String: Any]])
        #expect(findings.map { $0["label"] as? String } == ["Fibrosis", "Mass"])
        #expect(findings.map { $0["experimental"] as? Bool } == [true, nil])
    }

    @Test func theCSVHasAColumnWhereSomethingIsExperimental() throws {
        let root = try TemporaryFolder()
        let table = FindingsCSV.table(Self.images(true))
        #expect(
            String(decoding: table, as: UTF8.self).replacingOccurrences(of: "\r\n", with: "\n") == """
                path,frame,label,score,x,y,width,height,id,alternative_to,experimental
                a.png,,Fibrosis,0.5,1,2,3,4,1,,true
                a.png,,Mass,0.5,1,2,3,4,2,,false

                """)
        // The next run may replace it.
        try Files.write(table, to: root.file("findings.csv"))
        #expect(OwnFile.isOurs(root.file("findings.csv").path))
        #expect(!String(decoding: FindingsCSV.table(Self.images(false)), as: UTF8.self).contains("experimental"))
    }
}
