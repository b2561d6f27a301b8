import Basics
import Detection
import Foundation
import Inference
import Models

/// What `pleura doctor` found.
struct DoctorReport: Encodable {
    struct Engine: Encodable {
        var name: String
        /// What it is for.
        var purpose: String
        var version: String?
        /// Whether a site can do without it.
        var needed: Bool
        /// What to do where it is missing.
        var advice: String?
    }
    struct Model: Encodable {
        var name: String
        var path: String
        var version: String?
        var digest: String?
        var error: String?
    }

    var pleura: String
    var engines: [Engine]
    var processor: Processor
    var models: [Model]
    /// What was measured of the models, now or earlier.
    var choices: [EngineChoice]
    /// Sentences, most important first.
    var advice: [String]
    /// Whether `pleura detect` can work.
    var ready: Bool

    static func make() -> DoctorReport {
        let engines = [openVINO()] + libraries() + [training()]
        let models = ModelStore.standard.directories().map(model)
        var advice = engines.compactMap(\.advice)
        if !models.contains(where: { $0.error == nil }) {
            advice.append(
                "No usable model was found: name one by --model DIR, or put its folder into Models beside the program or above it.")
        }
        for case let (name, error?) in models.map({ ($0.name, $0.error) }) {
            advice.append("Model \(name): \(error); fetch or make it again.")
        }
        let processor = Processor.current
        if !processor.hasBFloat16 {
            advice.append("The processor has no bf16 arithmetic: --precision bf16 would not be faster here.")
        }
        let isReady = engines.allSatisfy { !$0.needed || $0.version != nil } && models.contains { $0.error == nil }
        return DoctorReport(
            pleura: Pleura.version, engines: engines, processor: processor, models: models,
            choices: models.compactMap { $0.digest.flatMap(EngineChoice.kept) }, advice: advice, ready: isReady)
    }

    private static func openVINO() -> Engine {
        var engine = Engine(name: "OpenVINO", purpose: "runs a model", needed: true)
        do {
            let version = try OpenVINO.version()
            guard try OpenVINO.devices().contains("CPU") else {
                engine.advice = "OpenVINO \(version) has no CPU plugin: run ./setup site again."
                return engine
            }
            engine.version = version
        } catch {
            engine.advice = "\((error as? InferenceError)?.reason ?? Failure.reason(error))."
        }
        return engine
    }

    private static func libraries() -> [Engine] {
        let loaded = LoadedLibraries()
        let asked: [(name: String, purpose: String, version: String?, package: String)] = [
            // Debian puts the interface's number before the version: 17.3.6.7.
            ("DCMTK", "DICOM", loaded.version("libdcmdata").map { $0.drop { $0 != "." }.dropFirst() }.map(String.init), "libdcmtk-dev"),
            (
                "OpenJPEG", "JPEG 2000 in DICOM", LoadedLibraries.text(from: "opj_version") ?? loaded.version("libopenjp2"),
                "libopenjp2-7-dev"
            ),
            ("libpng", "PNG", LoadedLibraries.text(from: "png_get_libpng_ver") ?? loaded.version("libpng16"), "libpng-dev"),
            ("TurboJPEG", "JPEG", loaded.version("libturbojpeg").map { "interface \($0)" }, "libturbojpeg0-dev"),
            ("Cairo", "pictures", LoadedLibraries.text(from: "cairo_version_string") ?? loaded.version("libcairo"), "libcairo2-dev"),
        ]
        return asked.map { library in
            Engine(
                name: library.name, purpose: library.purpose, version: library.version, needed: true,
                advice: library.version == nil
                    ? "\(library.name) is not loaded: apt-get install \(library.package), then build again." : nil)
        }
    }

    private static func training() -> Engine {
        let version = TrainingProgram.version()
        let advice: String? =
            if version != nil {
                nil
            } else if TrainingProgram.url == nil {
                "Training is not built (a site does not need it): make train."
            } else {
                "pleura-train is there but does not start: \(TrainingProgram.failure() ?? "run ./setup train again")."
            }
        return Engine(name: "LibTorch", purpose: "training, by pleura-train", version: version, needed: false, advice: advice)
    }

    private static func model(_ directory: URL) -> Model {
        var model = Model(name: directory.lastPathComponent, path: directory.path)
        do {
            let bundle = try ModelBundle(directory: directory)
            model.version = bundle.card.version
            model.digest = bundle.digest
        } catch {
            model.error = Failure.reason(error)
        }
        return model
    }

    /// Measures each usable model and keeps what is best; a model that fails gives advice.
    mutating func measure() {
        choices = []
        for model in models where model.error == nil {
            do {
                let bundle = try ModelBundle(directory: URL(fileURLWithPath: model.path))
                guard let choice = try EngineChoice(measuring: bundle, called: model.name, on: processor) else { continue }
                choices.append(choice)
                if !choice.keep() {
                    advice.append("Model \(model.name): the choice of precision cannot be kept in the user's cache folder.")
                }
            } catch {
                advice.append("Model \(model.name) could not be measured: \(Failure.reason(error)).")
            }
        }
    }
}
