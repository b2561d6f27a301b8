import Basics
import Findings
import Foundation
import SwiftProtobuf

/// A label map's file, in the text format of Protocol Buffers.
extension LabelMap {
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
        try self.init(classes, items: items, background: background)
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
}
