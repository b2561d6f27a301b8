import Foundation

/// What Pleura wrote itself and may therefore replace, told by what is inside a file, never by its name.
package enum OwnFile {
    /// Stands in the head of every page.
    package static let generatorMark = "<meta name=\"generator\" content=\"Pleura\">"
    /// The first line of `detect --csv`.
    package static let findingsColumns = ["path", "frame", "label", "score", "x", "y", "width", "height", "id", "alternative_to"]
    /// Behind them, where a model calls some finding experimental.
    package static let experimentalColumn = "experimental"
    /// Behind that, where some image lies outside a limit of quality.
    package static let qualityColumn = "quality"
    /// Last, of findings whose place was looked for.
    package static let placeColumns = ["side", "zone", "region", "cardiothoracic_ratio", "ratio_error"]
    /// The first line of `detect --csv` of CT scans.
    package static let noduleColumns = [
        "scan", "seriesuid", "coordX", "coordY", "coordZ", "probability", "id", "diameter_mm", "long_axis_mm", "short_axis_mm",
        "volume_mm3", "equivalent_diameter_mm", "kind", "side", "third", "pleura_distance_mm", "sop_instance_uid", "column", "row",
    ]
    /// Stands in every object of a result.
    private static let resultNotice = "Research use only. Not for diagnosis."
    /// How every notice begins.
    private static let notice = "research use only, not a diagnosis"
    /// Pages of the first versions have no generator.
    private static let formerTitle = "<title>Pleura: "

    /// A page, a picture with the mark, or a report. An empty file counts, for nothing is lost with it (`mktemp` makes such).
    package static func isOurs(_ path: String) -> Bool {
        guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe) else { return false }
        return bytes.isEmpty || PictureMark.isIn(bytes) || isPage(bytes) || isTable(bytes) || isReport(bytes) || isResults(bytes)
            || isObject(bytes) || isVolume(bytes)
    }

    /// A NIfTI volume with Pleura's mark: in its header's description, or in the comment of gzip (RFC 1952).
    private static func isVolume(_ bytes: Data) -> Bool {
        let mark = Data("Pleura volume".utf8)
        if bytes.starts(with: [0x1F, 0x8B, 8, 0x10]) { return bytes.dropFirst(10).starts(with: mark) }
        return bytes.count >= 352 && bytes.dropFirst(344).starts(with: "n+1".utf8) && bytes.dropFirst(148).starts(with: mark)
    }

    /// A DICOM object of a result, which says what it is for. What is small enough to be one is looked through, and of a picture the beginning.
    private static func isObject(_ bytes: Data) -> Bool {
        bytes.dropFirst(128).starts(with: "DICM".utf8) && bytes.prefix(1 << 20).range(of: Data(resultNotice.utf8)) != nil
    }

    private static func isPage(_ bytes: Data) -> Bool {
        guard bytes.starts(with: "<!DOCTYPE html>".utf8) else { return false }
        let head = String(decoding: bytes.prefix(4_096), as: UTF8.self)
        return head.contains(generatorMark) || head.contains(formerTitle)
    }

    private static func isTable(_ bytes: Data) -> Bool {
        let further: [[String]] = [[], [experimentalColumn], [qualityColumn], [experimentalColumn, qualityColumn]]
        return ((further + further.map { $0 + placeColumns }).map { findingsColumns + $0 } + [noduleColumns]).contains {
            bytes.starts(with: ($0.joined(separator: ",") + "\r\n").utf8)
        }
    }

    /// JSON with a schema's number and the notice.
    private static func isReport(_ bytes: Data) -> Bool {
        guard bytes.first == UInt8(ascii: "{"), let document = try? JSONSerialization.jsonObject(with: bytes) as? [String: Any] else {
            return false
        }
        return document["schema"] is Int && (document["notice"] as? String)?.hasPrefix(notice) == true
    }

    /// COCO's results have no place for a mark: they are told by keys that stand in just this order, without a space.
    private static func isResults(_ bytes: Data) -> Bool {
        guard !bytes.elementsEqual("[]\n".utf8) else { return true }
        guard bytes.starts(with: "[{\"bbox\":[".utf8), bytes.last == UInt8(ascii: "\n") else { return false }
        // Results of the first versions have no file name.
        let entry =
            #/
            \[\{"bbox":\[[-+.eE0-9,]+\],"category_id":\d+,
            (?:"file_name":"(?:[^"\\]|\\.)*",)?
            "image_id":\d+,"score":[-+.eE0-9]+\}
            /#
        return String(decoding: bytes.prefix(8_192), as: UTF8.self).prefixMatch(of: entry) != nil
    }
}
