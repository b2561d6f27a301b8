import Domains
import Findings
import Foundation
import Models
import PleuraTesting
import Radiographs
import Testing

/// Each kind of model against each kind of image, in pictures that say nothing of themselves.
@Suite struct RefusalTests {
    @Test(arguments: Domain.builtIns.map(\.name))
    func aModelTakesItsOwnKindAndRefusesEveryOther(_ name: String) throws {
        let domain = try #require(Domain.builtIn(name))
        let card = try DrawnKinds.card(domain)
        for other in Domain.builtIns.map(\.name) {
            for index in 100..<106 {
                let picture = try DrawnKinds.picture(other, index, decodedFor: domain)
                let refusal = card.objections(to: picture).refusal
                #expect((refusal == nil) == (other == name), "\(name) model, \(other) \(index): \(refusal?.description ?? "taken")")
                guard let refusal else { continue }
                #expect(refusal.code == "outside_use" && refusal.description.hasPrefix("outside use: "))
                #expect(!refusal.description.contains("\n"))
            }
        }
    }

    /// A card that is older than domains warns, as it always did.
    @Test func aCardWithoutADomainWarnsAndDoesNotRefuse() throws {
        var card = try DrawnKinds.card(.chestRadiograph)
        (card.domain, card.appearance) = (nil, nil)
        let slice = try DrawnKinds.picture("ultrasound", 0, decodedFor: .chestRadiograph)
        let objections = card.objections(to: slice)
        #expect(objections.refusal == nil && objections.warnings == [ImageWarning(.notAChest)])
    }

    @Test(arguments: Domain.builtIns.map(\.name))
    func aPictureOfTwoPixelsIsRefused(_ name: String) throws {
        let domain = try #require(Domain.builtIn(name))
        let card = try DrawnKinds.card(domain, count: 6)
        var two = Radiograph(pixels: PixelImage(width: 2, height: 1, bits: 8, samples: [0, 255]))
        if domain.isColour { (two.colour, two.colourfulness) = (ColourPlanes(red: two.pixels, green: two.pixels, blue: two.pixels), 0.5) }
        let refusal = try #require(card.objections(to: ReducedRadiograph(two)).refusal)
        #expect(refusal.description.contains("2 x 1 pixels are too few"), "\(refusal)")
    }

    /// DICOM headers are asked first.
    @Test func aHeaderOfAnotherModalityIsRefused() throws {
        var header = ImageHeader()
        header.modality = "MR"
        let card = try DrawnKinds.card(#require(Domain.builtIn("ultrasound")), count: 6)
        let refusal = try #require(card.objections(to: header).refusal)
        #expect(refusal.description == "outside use: the header says modality MR; the model is for ultrasound pictures of a sector probe")
        let chest = try DrawnKinds.card(.chestRadiograph, count: 6)
        header.claims = HeaderClaims(technique: "modality MR (Magnetic Resonance)")
        #expect(
            chest.objections(to: header).refusal?.description
                == "outside use: the header says modality MR (Magnetic Resonance); the model is for frontal chest radiographs")
    }

    /// A name in the margin is told and left out, wherever the sector is.
    @Test func burntInNamesOfAnUltrasoundFrameAreWarnedOf() throws {
        let domain = try #require(Domain.builtIn("ultrasound"))
        let card = try DrawnKinds.card(domain)
        let frame = try DrawnKinds.picture("ultrasound", 50, decodedFor: domain)
        #expect(card.objections(to: frame).warnings == [ImageWarning(.burntInText)])
        let pixels = frame.image.pixels
        let clean = pixels.sectorAlone()
        #expect(clean.samples[..<(10 * 512)].allSatisfy { $0 == 0 } && pixels.samples[..<(10 * 512)].contains { $0 > 0 })
        #expect(card.objections(to: ReducedRadiograph(Radiograph(pixels: clean))).warnings.isEmpty)
    }

    /// What a card holds of its gate comes back.
    @Test func aCardWithADomainComesBack() throws {
        for domain in Domain.builtIns {
            let card = try DrawnKinds.card(domain, count: 6)
            #expect(try ModelCard(json: card.json()) == card)
        }
    }
}
