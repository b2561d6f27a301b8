import Detection
import Domains
import Findings
import Models
import Phantoms
import PleuraTesting
import Radiographs
import Testing

/// A chest model with a domain, with mending before its gate: a bone whose borders are cut off is still no chest.
@Suite struct ChestGateTests {
    private static let learnt = (0..<80).map { PhantomGenerator(seed: 9, side: 512).phantom($0).pixels }

    @Test func onlyChestsAreTaken() throws {
        let folder = try TemporaryFolder()
        var card = TinyModel.card(threshold: 0.05)
        card.quality = QualityLimits.fit(images: Self.learnt)
        card.domain = .chestRadiograph
        card.appearance = try AppearanceGate.fit(for: .chestRadiograph, images: Self.learnt.map { [card.preprocessing.enhanced($0)] })
        try TinyModel.write(to: folder.file("tiny"), card: card)
        let detector = try Detector(bundle: ModelBundle(directory: folder.file("tiny")))
        for kind in PhantomKind.allCases {
            let generator = PhantomGenerator(seed: 21, side: 512, kind: kind)
            for index in 0..<12 {
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
}
