import Foundation

extension Dataset {
    /// The images' names without suffix, for formats that have them so, but for those that are only told apart by it or by their folders.
    package var namesWithoutSuffix: [String] {
        let stems = images.map { ($0.stem as NSString).lastPathComponent }
        let counts = Dictionary(stems.map { ($0, 1) }, uniquingKeysWith: +)
        return zip(images, stems).map { counts[$1] == 1 ? $0.stem : $0.fileName }
    }
}
