import Findings
import Geometry

/// The outline of an object in COCO's format, of which only the box around it is wanted: polygons, or a mask in run lengths, plain or
/// packed into a text (pycocotools, maskApi.c).
struct COCOOutline: Decodable {
    /// In pixels; `nil` where there is no outline or it cannot be read.
    let box: Box?

    private enum CodingKeys: String, CodingKey { case counts, size }

    init(from decoder: any Decoder) throws {
        if let polygons = try? [[LooseNumber]](from: decoder) {
            box = Self.box(polygons.map { $0.map(\.value) })
        } else if let polygon = try? [LooseNumber](from: decoder) {
            box = Self.box([polygon.map(\.value)])
        } else {
            let mask = try decoder.container(keyedBy: CodingKeys.self)
            let size = try mask.decode([Int].self, forKey: .size)
            let plain = try? mask.decode([Int].self, forKey: .counts)
            let counts = try plain ?? Self.counts(mask.decode(String.self, forKey: .counts))
            box = size.count == 2 ? counts.flatMap { Self.box($0, height: size[0], width: size[1]) } : nil
        }
    }

    /// - Parameter polygons: x and y in turns.
    private static func box(_ polygons: [[Double]]) -> Box? {
        guard !polygons.isEmpty, polygons.allSatisfy({ $0.count >= 6 && $0.count % 2 == 0 }) else { return nil }
        let box = Box(around: polygons.flatMap { list in stride(from: 0, to: list.count, by: 2).map { (list[$0], list[$0 + 1]) } })
        return box.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// - Parameter counts: Pixels outside and inside in turns, column by column.
    static func box(_ counts: [Int], height: Int, width: Int) -> Box? {
        guard height > 0, width > 0, height <= 1 << 20, width <= 1 << 20, counts.allSatisfy({ $0 >= 0 && $0 <= height * width }) else {
            return nil
        }
        var (x0, x1, y0, y1) = (width, -1, height, -1)
        var position = 0
        for (index, count) in counts.enumerated() {
            defer { position += count }
            guard position + count <= height * width else { return nil }
            guard index % 2 == 1, count > 0 else { continue }
            let (first, last) = (position, position + count - 1)
            (x0, x1) = (min(x0, first / height), max(x1, last / height))
            // A run over the end of a column touches the bottom and the top.
            let isOneColumn = first / height == last / height
            (y0, y1) = (min(y0, isOneColumn ? first % height : 0), max(y1, isOneColumn ? last % height : height - 1))
        }
        return x1 < 0 ? nil : Box(x0: Double(x0), y0: Double(y0), x1: Double(x1 + 1), y1: Double(y1 + 1))
    }

    /// Run lengths out of their text: five bits a character from `0` on, a sixth says that more follow, and from the fourth on each is the
    /// difference to the one before the last; `nil` where the text is none.
    static func counts(_ text: String) -> [Int]? {
        var counts: [Int] = []
        var (value, shift) = (0, 0)
        for byte in text.utf8 {
            guard (48..<112).contains(byte), shift < 60 else { return nil }
            let bits = Int(byte) - 48
            value |= (bits & 0x1F) << shift
            shift += 5
            guard bits & 0x20 == 0 else { continue }
            if bits & 0x10 != 0 { value |= -1 << shift }
            let (count, isTooLarge) = counts.count > 2 ? value.addingReportingOverflow(counts[counts.count - 2]) : (value, false)
            guard !isTooLarge else { return nil }
            counts.append(count)
            (value, shift) = (0, 0)
        }
        return shift == 0 ? counts : nil
    }
}
