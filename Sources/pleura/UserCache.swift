import Basics
import Foundation
import Inference

/// What is kept between runs in the user's cache folder: compiled networks and the choice of precision. All of it can be deleted at any time.
enum UserCache {
    /// One name for a model on a processor with an engine.
    static func key(of digest: String) -> String {
        let processor = Processor.current
        let machine = ([processor.model, (try? OpenVINO.version()) ?? ""] + processor.features.filter(\.value).keys.sorted())
            .joined(separator: "\n")
        return Digest.hexadecimal(Digest(of: digest + "\n" + machine).bytes.prefix(12))
    }
}
