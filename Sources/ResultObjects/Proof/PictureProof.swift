import DICOM
import Foundation
import Geometry
import Results

/// Looks whether a capture's pixels show the boxes: coloured lines along their edges.
struct PictureProof {
    private let object: ResultObject
    private let images: [ResultImage]
    private let findings: [ResultFinding]

    init(_ object: ResultObject, images: [ResultImage], findings: [ResultFinding]) {
        (self.object, self.images, self.findings) = (object, images, findings)
    }

    private func differs(_ what: String) -> ResultObjectError {
        ResultObjectError(.differs, "\(ResultObject.Kind.secondaryCapture.rawValue): \(what)")
    }

    func check() throws {
        let file = try DICOMFile(object.bytes)
        let dataset = file.dataset
        guard dataset.text(.burnedInAnnotation) == "YES" else { throw differs("it does not say that something is burnt in") }
        guard let columns = dataset.integer(.columns), let rows = dataset.integer(.rows) else { throw differs("it has no size") }
        let rgb: [UInt8]
        if let jpeg = file.onlyFragment {
            let found = try CapturedPicture.pixels(jpeg)
            guard found.columns == columns, found.rows == rows else { throw differs("its picture has another size than it says") }
            rgb = found.rgb
        } else {
            rgb = dataset.withBytes(of: .pixelData) { Array($0.prefix(3 * rows * columns)) } ?? []
        }
        guard rgb.count == 3 * rows * columns else { throw differs("its picture is not whole") }
        guard let image = images.first(where: \.wasRead), image.columns > 0, image.rows > 0 else { return }
        let frame = dataset.item(.sourceImageSequence)?.integer(.referencedFrameNumber) ?? 1
        guard frame == image.frame ?? 1 else { return }
        // The image fills the picture's width, unless it is so narrow that the banner needs more.
        let scale = Double(columns) / Double(image.columns)
        guard columns > 240, scale * Double(image.rows) < Double(rows) else { return }
        let own = findings.filter { $0.image == image.sopInstanceUID }
        for finding in own where finding.alternativeTo.map({ other in own.contains { $0.id == other } }) != true {
            let box = finding.box.clipped(toWidth: Double(image.columns), height: Double(image.rows))
            let isShown = Self.edges(of: box).filter { Self.isMarked(rgb, columns: columns, rows: rows, x: $0.x * scale, y: $0.y * scale) }
            guard isShown.count >= 2 else { throw differs("a box is not seen in the picture") }
        }
    }

    /// Points along each edge: a broken line has gaps.
    private static func edges(of box: Box) -> [(x: Double, y: Double)] {
        var points: [(x: Double, y: Double)] = []
        for part in [0.25, 0.5, 0.75] {
            let (x, y) = (box.x + part * box.width, box.y + part * box.height)
            points += [(x, box.y), (x, box.maxY), (box.x, y), (box.maxX, y)]
        }
        return points
    }

    /// Whether a colour or white is near: films are grey.
    private static func isMarked(_ rgb: [UInt8], columns: Int, rows: Int, x: Double, y: Double) -> Bool {
        for row in max(0, Int(y) - 4)...max(0, Int(y) + 4) where row < rows {
            for column in max(0, Int(x) - 4)...max(0, Int(x) + 4) where column < columns {
                let place = 3 * (row * columns + column)
                let channels = rgb[place...(place + 2)]
                let (low, high) = (channels.min() ?? 0, channels.max() ?? 0)
                if high - low > 40 || low > 235 { return true }
            }
        }
        return false
    }
}
