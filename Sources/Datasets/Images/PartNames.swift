import Foundation

/// The parts of a split as other tools name them: in a column, or in the names of files and folders.
package enum PartNames {
    private static let words: [String: String] = [
        "train": "train", "training": "train", "val": "validation", "valid": "validation", "validation": "validation", "test": "test",
        "testing": "test",
    ]

    /// `val` is the part validation; other names stay as they are.
    package static func canonical(_ name: String) -> String { words[name.lowercased()] ?? name }

    /// The part whose folder has this name; `nil` for any other folder.
    package static func known(_ folder: String) -> String? { words[folder.lowercased()] }

    /// The part that the last folder of a path says that is named by one.
    package static func part(ofFolder path: String) -> String? { path.split(separator: "/").compactMap { known(String($0)) }.last }

    /// The part that a file's name has a word for: `raccoon-Train_labels.csv` is of train; `nil` where no word or several words say it.
    package static func part(in fileName: String) -> String? {
        let stem = (fileName as NSString).deletingPathExtension.lowercased()
        let found = Set(stem.split { !$0.isLetter }.compactMap { words[String($0)] })
        return found.count == 1 ? found.first : nil
    }

    /// The part of a file that is named `<prefix><part><suffix>`; `fileName` wrote it, or a person did.
    package static func part(of fileName: String, prefix: String = "", suffix: String) -> String? {
        guard fileName.hasPrefix(prefix), fileName.hasSuffix(suffix), fileName.count > prefix.count + suffix.count else { return nil }
        let name = String(fileName.dropFirst(prefix.count).dropLast(suffix.count))
        return name.contains("%") ? name.removingPercentEncoding : canonical(name)
    }

    /// The name of a part's file: what a file's name cannot hold, or what would be read as another part, is percent-encoded.
    package static func fileName(_ part: String, prefix: String = "", suffix: String, part read: (String) -> String?) -> String {
        let isSafe = part.utf8.allSatisfy {
            $0 == 0x20 || $0 == 0x2D || $0 == 0x5F || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        }
        let plain = prefix + part + suffix
        if isSafe, !part.isEmpty, read(plain) == part { return plain }
        let digits = Array("0123456789ABCDEF")
        return prefix + part.utf8.map { "%\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined() + suffix
    }

    /// Sets that are neither of the three, and stay what they are.
    private static let others: Set<String> = ["dev", "minival", "trainval"]

    /// The part that a path says: the last of its words that is one, as in `instances_train2017.json` and `valid/_annotations.json`.
    package static func part(ofPath path: String) -> String? {
        (path as NSString).deletingPathExtension.lowercased().split { !($0.isASCII && $0.isLetter) }.map(String.init)
            .last { words[$0] != nil || others.contains($0) }.map(canonical)
    }

    /// The part as a name of a file or folder.
    /// - Throws: `DatasetError` where it can be none.
    package static func fileName(_ part: String) throws -> String {
        guard FileNames.isInside(part), !part.contains("/"), !part.hasPrefix("."), !part.contains(where: \.isNewline) else {
            throw DatasetError(.malformed, "the name of a part cannot be the name of a folder")
        }
        return part
    }
}
