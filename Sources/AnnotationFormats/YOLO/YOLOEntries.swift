import Basics
import Findings
import Foundation

/// The images of YOLO's parts with their label texts.
struct YOLOEntries {
    struct Entry: Sendable {
        /// Inside the dataset.
        var name: String
        var part: String?
        /// `nil` where only the label is there: the image may be in a folder given beside.
        var image: URL?
        /// `nil` for an image without a text.
        var label: URL?
        var place: String
        /// Inside the source, the image's or else the label's.
        fileprivate var path: String
    }

    private(set) var entries: [Entry] = []
    private(set) var problems: [String] = []
    private let folder: YOLOFolder
    private var positions: [String: Int] = [:]

    init(_ folder: YOLOFolder) { self.folder = folder }

    mutating func add(_ part: YOLOConfiguration.Part, of configuration: YOLOConfiguration) {
        for path in part.paths {
            if folder.isFolder(path) {
                addFolder(path, part: part.name)
            } else {
                addList(path, part: part.name)
            }
        }
    }

    /// Every image below a folder, and every label whose image is not there.
    mutating func addFolder(_ path: String, part: String?) {
        let part = (path as NSString).lastPathComponent == YOLOFormat.unsplit ? nil : part
        let prefix = path.isEmpty ? "" : path + "/"
        var taken: Set<String> = []
        var count = 0
        for image in folder.paths where image.hasPrefix(prefix) && YOLOFolder.isImage(image) {
            count += 1
            let label = folder.label(ofImage: image)
            if let label { taken.insert(label) }
            let name = path.isEmpty ? Self.name(image) : String(image.dropFirst(prefix.count))
            add(Entry(name: name, part: part, image: folder.file(image), label: label.flatMap(folder.file), place: "", path: image))
        }
        let labels = path.isEmpty ? "" : YOLOFolder.labelFolder(of: path) + "/"
        for label in folder.paths where label.hasPrefix(labels) && label.hasSuffix(".txt") && !taken.contains(label) {
            guard let file = folder.file(label), !YOLOConfiguration.isSpecial(file), positions[label] == nil else { continue }
            if path.isEmpty, !YOLOLabels.isOne(FileHead.bytes(of: file, count: 4096)) { continue }
            count += 1
            let stem = (String(label.dropFirst(labels.count)) as NSString).deletingPathExtension
            add(Entry(name: path.isEmpty ? Self.name(stem) : stem, part: part, image: nil, label: file, place: "", path: label))
        }
        if count == 0, !path.isEmpty { problems.append("\(path): no image is there") }
    }

    /// The images that a text lists, a path a line.
    private mutating func addList(_ path: String, part: String?) {
        let name = folder.name(of: path)
        guard let file = folder.file(path), let bytes = try? Data(contentsOf: file, options: .mappedIfSafe),
            let text = TextDecoding.text(bytes)
        else { return problems.append("\(name): not UTF-8 text") }
        let parent = (path as NSString).deletingLastPathComponent
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = line.trimmingCharacters(in: .whitespaces)
            guard !line.isEmpty else { continue }
            let place = "\(name), line \(number + 1)"
            guard let image = folder.image(line, listedIn: parent) else {
                problems.append("\(place): its image is not there")
                continue
            }
            let label = folder.label(ofImage: image).flatMap(folder.file)
            add(Entry(name: Self.name(image), part: part, image: folder.file(image), label: label, place: place, path: image))
        }
    }

    /// The path below a step `images`; of others only the last step.
    private static func name(_ path: String) -> String {
        let steps = path.split(separator: "/").map(String.init)
        guard let last = steps.lastIndex(of: "images"), last + 1 < steps.count else { return steps.last ?? path }
        return steps[(last + 1)...].joined(separator: "/")
    }

    private mutating func add(_ entry: Entry) {
        var entry = entry
        if entry.place.isEmpty {
            let label = entry.label == nil ? nil : entry.image == nil ? entry.path : folder.label(ofImage: entry.path)
            entry.place = label.map(folder.name) ?? "image \(entries.count + 1) by path"
        }
        if let known = positions[entry.path] {
            if entries[known].part != entry.part { problems.append("\(entry.place): an image that another part has too") }
            return
        }
        positions[entry.path] = entries.count
        entries.append(entry)
    }

    /// Call it last: images of the same name in several folders get the path inside the source instead.
    mutating func finish() {
        let counts = Dictionary(entries.map { ($0.name, 1) }, uniquingKeysWith: +)
        for index in entries.indices where counts[entries[index].name] ?? 0 > 1 {
            let path = entries[index].path
            entries[index].name = entries[index].image == nil ? (path as NSString).deletingPathExtension : path
        }
    }
}
