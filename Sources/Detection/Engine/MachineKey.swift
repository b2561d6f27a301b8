import Basics
import Foundation
import Inference

/// Under what name things are kept between runs that hold for one model on one machine: compiled networks and the choice of precision. They lie in the
/// user's cache folder, and all of them can be deleted at any time.
enum MachineKey {
    /// One name for a model on a processor with an engine.
    static func key(of digest: String) -> String {
        let processor = Processor.current
        let machine = ([processor.model, (try? OpenVINO.version()) ?? ""] + processor.features.filter(\.value).keys.sorted())
            .joined(separator: "\n")
        return Digest.hexadecimal(Digest(of: digest + "\n" + machine).bytes.prefix(12))
    }
}
