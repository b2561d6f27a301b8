import Findings
import Foundation
import Outputs
import Radiographs

/// Turns what a person names (files, folders, patterns the shell did not expand) into the files to be done, each once, in order.
public struct InputSearch: Sendable {
    /// One thing to be done, or what stands in its way already.
    public struct Input: Hashable, Sendable {
        public var path: String
        /// Why it cannot even be tried, in one line; `nil` for a file.
        public var failure: ImageFailure?

        package init(path: String, failure: ImageFailure? = nil) { (self.path, self.failure) = (path, failure) }
    }

    public private(set) var inputs: [Input] = []
    /// Files in folders that are no image by content and do not claim to be one by name.
    public private(set) var skipped = 0
    /// Pictures in folders that Pleura drew itself: results, which show what was found and are not to be searched again.
    public private(set) var drawn = 0

    private let decoders: DecoderRegistry
    private var seen = Set<String>()

    /// Suffixes that claim an image, so that a damaged one is named rather than passed over.
    static let imageSuffixes: Set<String> = [
        "png", "jpg", "jpeg", "jpe", "jfif", "dcm", "dicom", "dic", "ima", "jp2", "j2k", "jpx", "tif", "tiff", "bmp", "gif", "webp",
    ]

    public init(_ paths: [String], decoders: DecoderRegistry) {
        self.decoders = decoders
        for path in paths { add(path) }
    }

    private mutating func add(_ path: String) {
        switch InputFile.kind(path) {
        case .directory:
            let before = (inputs.count, drawn)
            let alreadySeen = seen.contains(Self.identity(path))
            walk(path)
            if inputs.count == before.0, !alreadySeen {
                let only = drawn > before.1 ? " but pictures that Pleura drew" : ""
                inputs.append(Input(path: path, failure: ImageFailure(code: "no image", "the folder holds no image\(only)")))
            }
        case .missing where path.contains(where: { "*?[".contains($0) }):
            let matches = Self.matches(path)
            guard !matches.isEmpty else {
                inputs.append(Input(path: path, failure: ImageFailure(code: "no image", "no file matches")))
                return
            }
            let before = (inputs.count, drawn)
            for match in matches {
                if InputFile.kind(match) == .regular { append(found: match) } else { add(match) }
            }
            if inputs.count == before.0, drawn > before.1 {
                inputs.append(Input(path: path, failure: ImageFailure(code: "no image", "nothing but pictures that Pleura drew matches")))
            }
        case .regular where PictureMark.isIn(fileAt: path):
            guard seen.insert(Self.identity(path)).inserted else { return }
            inputs.append(Input(path: path, failure: ImageFailure(code: "no image", "a picture that Pleura drew, not a radiograph")))
        default: append(path)
        }
    }

    /// A folder, its files and folders in the order of their names; hidden ones are passed over.
    private mutating func walk(_ folder: String) {
        // A folder is entered once, so a link to a folder above ends here.
        guard seen.insert(Self.identity(folder)).inserted else { return }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            inputs.append(Input(path: folder, failure: ImageFailure(code: "unreadable", "the folder cannot be read")))
            return
        }
        for name in names.sorted() where !name.hasPrefix(".") {
            let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
            let claimsImage = Self.imageSuffixes.contains((name as NSString).pathExtension.lowercased())
            switch InputFile.kind(path) {
            case .directory:
                let before = inputs.count
                walk(path)
                if claimsImage, inputs.count == before {
                    inputs.append(Input(path: path, failure: ImageFailure(code: "no image", "a folder, and it holds no image")))
                }
            case .regular where claimsImage || isImage(path, name: name): append(found: path)
            case .special where claimsImage, .danglingLink where claimsImage, .missing where claimsImage: append(path)
            default: skipped += 1
            }
        }
    }

    /// What was found by searching, but for Pleura's own pictures.
    private mutating func append(found path: String) {
        guard PictureMark.isIn(fileAt: path) else { return append(path) }
        if seen.insert(Self.identity(path)).inserted { drawn += 1 }
    }

    private mutating func append(_ path: String) {
        guard seen.insert(Self.identity(path)).inserted else { return }
        inputs.append(Input(path: path))
    }

    private func isImage(_ path: String, name: String) -> Bool {
        // The index of a DICOM medium is a DICOM file, but not an image.
        guard name.uppercased() != "DICOMDIR",
            let bytes = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe), !bytes.isEmpty
        else { return false }
        return decoders.decoders.contains { $0.recognises(bytes) }
    }

    /// The file itself, whatever it is called by.
    private static func identity(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return URL(fileURLWithPath: path).standardizedFileURL.path }
        defer { free(real) }
        return String(cString: real)
    }

    private static func matches(_ pattern: String) -> [String] {
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(pattern, 0, nil, &found) == 0, let paths = found.gl_pathv else { return [] }
        return (0..<Int(found.gl_pathc)).compactMap { index in paths[index].map { String(cString: $0) } }
    }
}
