import Basics
import Inference

extension InstallationReport.Engine {
    /// What a site cannot do without.
    static var needed: [Self] { [openVINO()] + libraries() }

    private static func openVINO() -> Self {
        var engine = Self(name: "OpenVINO", purpose: "runs a model", needed: true)
        do {
            let version = try OpenVINO.version()
            guard try OpenVINO.devices().contains("CPU") else {
                engine.advice = "OpenVINO \(version) has no CPU plugin: run ./setup site again."
                return engine
            }
            engine.version = version
        } catch {
            engine.advice = "\((error as? InferenceError)?.reason ?? error.sentence)."
        }
        return engine
    }

    private static func libraries() -> [Self] {
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
            Self(
                name: library.name, purpose: library.purpose, version: library.version, needed: true,
                advice: library.version == nil
                    ? "\(library.name) is not loaded: apt-get install \(library.package), then build again." : nil)
        }
    }

    /// The program of training, which a site can do without.
    init(_ training: CompanionProgram) {
        let version = training.version()
        let advice: String? =
            if version != nil {
                nil
            } else if training.url == nil {
                "Training is not built (a site does not need it): make train."
            } else {
                "pleura-train is there but does not start: \(training.failure() ?? "run ./setup train again")."
            }
        self.init(name: "LibTorch", purpose: "training, by pleura-train", version: version, needed: false, advice: advice)
    }
}
