import Foundation

/// Names of files that come from outside and are joined to a folder's path.
package enum FileNames {
    /// True where the name stays inside the folder it is joined to: relative, and none of its steps empty, `.` or `..`.
    package static func isInside(_ name: String) -> Bool {
        let steps = name.split(separator: "/", omittingEmptySubsequences: false)
        return !name.isEmpty && !name.utf8.contains(0) && !steps.contains { $0.isEmpty || $0 == "." || $0 == ".." }
    }

    /// Suffixes by which a file says that it is an image, also those of images that nothing here reads: a suffix that is not among them,
    /// as the last number of a UID, belongs to the name.
    package static let imageSuffixes: Set<String> = [
        "png", "jpg", "jpeg", "jpe", "jfif", "dcm", "dicom", "dic", "ima", "jp2", "j2k", "tif", "tiff", "bmp", "gif", "webp",
    ]

    package static func hasImageSuffix(_ name: String) -> Bool { imageSuffixes.contains((name as NSString).pathExtension.lowercased()) }

    /// The name without an image's suffix: `a/1.2.840.1` for both `a/1.2.840.1` and `a/1.2.840.1.dcm`.
    package static func withoutImageSuffix(_ name: String) -> String {
        hasImageSuffix(name) ? (name as NSString).deletingPathExtension : name
    }

    /// The last step of the name without an image's suffix, by which images of different files are held to be the same.
    package static func stem(_ name: String) -> String { withoutImageSuffix((name as NSString).lastPathComponent) }
}
