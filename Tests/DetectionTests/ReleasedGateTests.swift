import Detection
import Findings
import Foundation
import Models
import Phantoms
import PleuraTesting
import Radiographs
import Testing

/// The released chest model, with mending before its gate: a bone whose borders are cut off is still no chest.
@Suite struct ReleasedGateTests {
    private static let detector = Result {
        try Detector(bundle: ModelBundle(directory: Repository.root.appendingPathComponent("Models/nih8-fast")))
    }

    @Test(arguments: PhantomKind.allCases)
    func onlyChestsAreTaken(_ kind: PhantomKind) throws {
        let detector = try Self.detector.get()
        let generator = PhantomGenerator(seed: 21, side: 512, kind: kind)
        for index in 0..<24 {
            let picture = Radiograph(pixels: generator.phantom(index).pixels)
            guard kind != .chest else {
                _ = try detector.prepare(picture, from: .generated("chest"))
                continue
            }
            let refusal = #expect(throws: ImageFailure.self, "\(kind) \(index)") {
                try detector.prepare(picture, from: .generated("other"))
            }
            #expect(refusal?.code == "outside_use")
        }
    }
}
