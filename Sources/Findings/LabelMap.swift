import Basics
import Foundation
import SwiftProtobuf

/// What the columns of a network's scores mean: the finding classes in the order of the file, as the TensorFlow Object Detection API
/// writes them (`label_map.pbtxt`, Protocol Buffers text format). Position in `classes`, from 0, is the column; `id`, from 1, is COCO's
/// `category_id`.
public struct LabelMap: Hashable, Sendable {
    /// In the order of the file.
    public private(set) var classes: [FindingClass]
    /// What a file calls the background, where it has an item of id 0 for it, as the TensorFlow Object Detection API allows; none of
    /// `classes`.
    public private(set) var background: String?

    /// - Throws: `LabelMapError` where there is no class, an id is below 1 (0 is the background) or an id or a name occurs twice.
    public init(_ classes: [FindingClass]) throws { try self.init(classes, items: Array(classes.indices)) }

    /// - Parameter items: Where each class stands in its file, from 0, for messages.
    private init(_ classes: [FindingClass], items: [Int]) throws {
        guard !classes.isEmpty else { throw LabelMapError(.missing, "the label map has no item") }
        var ids = Set<Int>()
        var names = Set<String>()
        for (position, item) in zip(items, classes) {
            let place = "item \(position + 1)"
            guard !item.name.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty else {
                throw LabelMapError(.missing, "\(place) has no name")
            }
            guard item.id != 0 else {
                throw LabelMapError(.outOfRange, "\(place): id 0 of '\(item.name)' is the background's; ids begin at 1")
            }
            guard (1...Int(Int32.max)).contains(item.id) else {
                throw LabelMapError(.outOfRange, "\(place): id \(item.id) of '\(item.name)' is not between 1 and \(Int32.max)")
            }
            guard ids.insert(item.id).inserted else { throw LabelMapError(.doubled, "\(place): id \(item.id) occurs twice") }
            guard names.insert(item.name).inserted else {
                throw LabelMapError(.doubled, "\(place): the name '\(item.name)' occurs twice")
            }
        }
        self.classes = classes
    }

    /// Reads the text format. An item of id 0 that is called the background is no class.
    /// - Throws: `LabelMapError`, as above and where the text is no label map; then with its line.
    public init(pbtxt: String) throws {
        let map = try Self.items(pbtxt)
        var background: String?
        var (classes, items) = ([FindingClass](), [Int]())
        for (position, item) in map.item.enumerated() {
            guard item.hasID else {
                throw LabelMapError(.missing, "item \(position + 1)\(item.hasName ? " ('\(item.name)')" : "") has no id")
            }
            // Some tools fill only the name that is shown.
            let name = item.hasName ? item.name : item.displayName
            if item.id == 0, background == nil, [item.name, item.displayName].contains(where: Self.isBackground) {
                background = name
                continue
            }
            classes.append(FindingClass(id: Int(item.id), name: name))
            items.append(position)
        }
        try self.init(classes, items: items)
        self.background = background
    }

    private static func items(_ pbtxt: String) throws -> Pleura_LabelMap_StringIntLabelMap {
        if let map = try? Pleura_LabelMap_StringIntLabelMap(textFormatString: pbtxt) { return map }
        if let fault = LabelMapText.fault(in: pbtxt) { throw LabelMapError(.damaged, fault) }
        // Fields of the Object Detection API that nothing here needs, such as key points.
        var options = TextFormatDecodingOptions()
        options.ignoreUnknownFields = true
        do {
            return try Pleura_LabelMap_StringIntLabelMap(textFormatString: pbtxt, options: options)
        } catch {
            // All words are those of a label map: an escape stands for bytes that are no text.
            let line = pbtxt.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).firstIndex { $0.contains("\\") } ?? 0
            throw LabelMapError(.damaged, "line \(line + 1): a text that Protocol Buffers cannot read, expected UTF-8")
        }
    }

    private static func isBackground(_ name: String) -> Bool {
        ["background", "noneoftheabove", "bg", "???"].contains(name.lowercased().filter { !"_- ".contains($0) })
    }
    /// - Throws: `LabelMapError`.
    public init(contentsOf file: URL) throws {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: file)
        } catch {
            throw LabelMapError(.unreadable, "the label map cannot be opened for reading")
        }
        guard let text = TextDecoding.text(bytes) else {
            throw LabelMapError(.damaged, "line \(TextDecoding.faultLine(bytes)): the label map is not UTF-8 text")
        }
        try self.init(pbtxt: text)
    }

    /// The text format, classes in order.
    public var pbtxt: String {
        var map = Pleura_LabelMap_StringIntLabelMap()
        map.item = classes.map { entry in
            var item = Pleura_LabelMap_StringIntLabelMapItem()
            item.name = entry.name
            item.id = Int32(entry.id)
            return item
        }
        return map.textFormatString()
    }

    public subscript(id id: Int) -> FindingClass? { classes.first { $0.id == id } }
    public subscript(name name: String) -> FindingClass? { classes.first { $0.name == name } }

    /// The column of a class in the network's scores, from 0.
    public func index(ofName name: String) -> Int? { classes.firstIndex { $0.name == name } }
    /// The column of a class in the network's scores, from 0.
    public func index(ofID id: Int) -> Int? { classes.firstIndex { $0.id == id } }
}
