import Domains
import Foundation
import Models
import Radiographs
import RunRecords
import TrainingExamples
import TrainingSettings

extension TrainingRun {
    /// What tells other images, learnt from the training's own: a mean image, ranges of measures, or neither.
    struct Gates {
        var meanImage: InputGate?
        var appearance: AppearanceGate?
        var quality: QualityLimits?
    }

    /// Pictures that the gates are learnt from at most.
    private static let gatePictures = 512

    /// - Throws: `ModelError` where the pictures show nothing, so that they are no use to a training either.
    func gates(_ store: ExampleStore) throws -> Gates {
        guard domain.gate.kind != .none else { return Gates() }
        let appearance = try AppearanceGate.fit(for: domain, images: store.samplePlanes(limit: Self.gatePictures))
        guard domain.gate.kind == .meanImage else { return Gates(appearance: appearance) }
        let pictures = store.sample(limit: Self.gatePictures)
        return Gates(
            meanImage: try InputGate.fit(images: pictures, quantile: domain.gate.warningShare), appearance: appearance,
            // Pictures in colour have other limits, and none are learnt.
            quality: domain.isColour ? nil : QualityLimits.fit(images: pictures, share: domain.gate.warningShare))
    }

    /// The settings with the domain's steps where a preset has the usual ones. Who set other steps keeps them, but for the sector: what lies
    /// outside it is never learnt.
    /// - Throws: `TrainingError` where a setting does not go with the domain.
    func fitted(_ settings: TrainingConfiguration) throws -> TrainingConfiguration {
        var settings = settings
        if settings.preprocessing == TrainingConfiguration(name: settings.name).preprocessing {
            settings.preprocessing = domain.preprocessing
        } else if domain.burntInText == .sector, !settings.preprocessing.contains(.sector) {
            settings.preprocessing.insert(.sector, at: 0)
        }
        guard !domain.isColour || settings.augmentation.copyPaste.probability == 0 else {
            throw TrainingError(
                .configuration,
                "augmentation.copy_paste.probability is above 0; findings are put into grey images alone, and the domain "
                    + "\(domain.name) is in colour")
        }
        return settings
    }

    /// Pixels that an image's shorter side has at least to be learnt from. Of chests, of which small ones always were, any.
    var shortestSide: Int { domain == .chestRadiograph ? 0 : domain.gate.shortestSide }

    /// Keeps the domain beside the settings; the chest's needs no file.
    func writeDomain(to run: RunFolder) throws {
        guard domain != .chestRadiograph else { return }
        try run.write(Data(DomainFile.text(of: domain).utf8), to: run.domainFile)
    }

    /// The domain that a run was begun with.
    /// - Throws: `DomainError` where its file is damaged.
    package static func domain(of run: RunFolder) throws -> Domain {
        guard FileManager.default.fileExists(atPath: run.domainFile.path) else { return .chestRadiograph }
        return try DomainFile.read(run.domainFile.path)
    }
}
