import Foundation
import Installation
import Models
import PleuraTesting
import Testing

@Suite struct InstallationReportTests {
    @Test func goodAndDamagedModelsAreListedAndMissingOnesAdvisedOn() throws {
        let folder = try TemporaryFolder()
        let training = CompanionProgram(.training, in: folder.url)
        let empty = InstallationReport(version: "7", store: ModelStore(folders: [folder.url]), training: training)
        #expect(!empty.ready && empty.models.isEmpty && empty.advice.contains { $0.hasPrefix("No usable model was found") })
        #expect(empty.engines.last?.name == "LibTorch" && empty.engines.last?.version == nil)

        try TinyModel.write(to: folder.file("tiny"))
        try FileManager.default.createDirectory(at: folder.file("broken"), withIntermediateDirectories: true)
        let report = InstallationReport(version: "7", store: ModelStore(folders: [folder.url]), training: training)
        #expect(report.models.map(\.name) == ["broken", "tiny"])
        #expect(report.models.first?.error != nil && report.models.last?.version == "1.0.0")
        #expect(report.advice.contains { $0.hasPrefix("Model broken: ") } && !report.advice.contains { $0.hasPrefix("No usable model") })
        let text = InstallationTable.text(report)
        #expect(text.hasPrefix("pleura 7\n\nEngines\n  OpenVINO    ") && text.contains("\n  tiny                1.0.0  "))
    }
}
