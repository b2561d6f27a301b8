import Foundation

/// Parts of a split as file and folder names have them.
enum PartNames {
    private static let known: Set<String> = [
        "train", "training", "val", "valid", "validation", "test", "testing", "dev", "minival", "trainval",
    ]

    /// The part that a path says: the last of its words that is one, as in `instances_train2017.json` and `valid/_annotations.json`.
    static func part(ofPath path: String) -> String? {
        (path as NSString).deletingPathExtension.lowercased().split { !($0.isASCII && $0.isLetter) }.map(String.init)
            .last { known.contains($0) }
    }

    /// The part as a name of a file or folder.
    /// - Throws: `DatasetError` where it can be none.
    static func fileName(_ part: String) throws -> String {
        guard FileNames.isInside(part), !part.contains("/"), !part.hasPrefix("."), !part.contains(where: \.isNewline) else {
            throw DatasetError(.malformed, "the name of a part cannot be the name of a folder")
        }
        return part
    }
}
