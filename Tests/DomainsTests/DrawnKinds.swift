import Basics
import Domains
import Findings
import Foundation
import Models
import Phantoms
import PleuraTesting
import Radiographs

/// Drawn pictures of every built-in domain, and models of them that have a gate and no network.
enum DrawnKinds {
    /// A smear: pale ground, pink discs, some with a dark violet nucleus.
    static func smear(_ index: Int, width: Int = 160, height: Int = 120) -> ColourPicture {
        var random = SeededGenerator(seed: 9, stream: UInt64(index))
        let discs = (0..<14).map { _ in
            (
                x: random.uniform(0...Double(width)), y: random.uniform(0...Double(height)), radius: random.uniform(8...14),
                isNuclear: random.uniform() < 0.25
            )
        }
        return ColourPicture(width: width, height: height) { x, y in
            for disc in discs {
                let distance = hypot(Double(x) - disc.x, Double(y) - disc.y) / disc.radius
                if distance < 0.6, disc.isNuclear { return (96, 48, 140) }
                if distance < 1 { return (206, 142, 152) }
            }
            return (228, 214, 218)
        }
    }

    /// A decoded picture of a domain, as the domain's decoder gives it.
    static func picture(_ kind: String, _ index: Int, decodedFor domain: Domain) throws -> ReducedRadiograph {
        guard kind != "blood-smear" else {
            let decoders = domain.decoders(DrawnPictures.decoders)
            return ReducedRadiograph(try decoders.decode(smear(index).png))
        }
        let drawn = PhantomKind.allCases.first { $0.domainName == kind } ?? .chest
        return ReducedRadiograph(Radiograph(pixels: PhantomGenerator(seed: 3, side: 512, kind: drawn).phantom(index).pixels))
    }

    /// A card as a training writes it, its gate learnt from drawn pictures 0 to `count` - 1.
    static func card(_ domain: Domain, count: Int = 32) throws -> ModelCard {
        var card = TinyModel.card()
        let preprocessing = Preprocessing(steps: domain.preprocessing.dropLast() + [.letterbox(width: 64, height: 64, fill: 0)])
        let pictures = try (0..<count).map { try picture(domain.name, $0, decodedFor: domain).radiograph }
        let enhanced = pictures.map { ($0.colour?.planes ?? [$0.pixels]).map(preprocessing.enhanced) }
        card.preprocessing = preprocessing
        card.domain = domain
        card.appearance = try AppearanceGate.fit(for: domain, images: enhanced)
        if domain.gate.kind == .meanImage {
            card.inputGate = try InputGate.fit(images: enhanced.map { $0[0] }, quantile: domain.gate.warningShare)
        }
        return card
    }
}
