import Foundation

/// Which side of the scene the first stored row and the first stored column are (Exif, CIPA DC-008, and TIFF 6.0: tag 274). A telephone held
/// upright stores its photograph of a film lying, and says so here.
public enum ExifOrientation: Int, Hashable, Sendable, CaseIterable {
    /// Stored as it is to be seen.
    case topLeft = 1
    case topRight, bottomRight, bottomLeft, leftTop, rightTop, rightBottom, leftBottom

    /// Whether stored columns are rows of the upright picture.
    public var swapsAxes: Bool { rawValue > 4 }

    /// - Parameter bytes: A PNG or JPEG file, as far as it goes. What says nothing, or nonsense, is stored as it is to be seen.
    public init(_ bytes: Data) {
        self = bytes.withUnsafeBytes { file in
            let exif = file.starts(with: [0xFF, 0xD8]) ? Self.exif(jpeg: file) : Self.exif(png: file)
            return exif.flatMap(Self.init(exif:)) ?? .topLeft
        }
    }

    /// The Exif data of a JPEG file: a TIFF file in its first application segment of that name.
    private static func exif(jpeg file: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let name = Array("Exif\0\0".utf8)
        var place = 2
        while place + 4 <= file.count, file[place] == 0xFF {
            let marker = file[place + 1]
            if marker == 0xFF {  // A fill byte.
                place += 1
                continue
            }
            // The picture begins, or the file ends; what stands alone has no length and no place before either.
            guard marker != 0xDA, marker != 0xD9 else { return nil }
            let end = place + 2 + Int(file[place + 2]) << 8 + Int(file[place + 3])
            guard end > place + 3, end <= file.count else { return nil }
            let segment = UnsafeRawBufferPointer(rebasing: file[(place + 4)..<end])
            if marker == 0xE1, segment.starts(with: name) { return UnsafeRawBufferPointer(rebasing: segment[name.count...]) }
            place = end
        }
        return nil
    }

    /// The Exif data of a PNG file: its chunk `eXIf`, which may stand anywhere.
    private static func exif(png file: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        var place = 8
        while place + 12 <= file.count {
            let length = (0..<4).reduce(0) { $0 << 8 | Int(file[place + $1]) }
            guard length <= file.count - place - 12 else { return nil }
            if file[(place + 4)..<(place + 8)].elementsEqual("eXIf".utf8) {
                return UnsafeRawBufferPointer(rebasing: file[(place + 8)..<(place + 8 + length)])
            }
            place += 12 + length
        }
        return nil
    }

    /// From the first directory of a TIFF file.
    private init?(exif tiff: UnsafeRawBufferPointer) {
        let isLittle = tiff.starts(with: "II".utf8)
        guard tiff.count >= 8, isLittle || tiff.starts(with: "MM".utf8) else { return nil }
        func number(_ place: Int, _ size: Int) -> Int {
            (0..<size).reduce(0) { $0 << 8 | Int(tiff[place + (isLittle ? size - 1 - $1 : $1)]) }
        }
        let directory = number(4, 4)
        guard number(2, 2) == 42, directory <= tiff.count - 2 else { return nil }
        for index in 0..<number(directory, 2) {
            let entry = directory + 2 + 12 * index
            guard entry + 12 <= tiff.count else { return nil }
            guard number(entry, 2) == 274 else { continue }
            // One SHORT, which stands where an offset would.
            guard number(entry + 2, 2) == 3, number(entry + 4, 4) == 1 else { return nil }
            self.init(rawValue: number(entry + 8, 2))
            return
        }
        return nil
    }
}

extension PixelImage {
    /// The picture as it is to be seen.
    func upright(_ orientation: ExifOrientation) -> PixelImage {
        guard orientation != .topLeft else { return self }
        let (lastColumn, lastRow) = (width - 1, height - 1)
        // Where the upright picture's first pixel is stored, and how far the next one of its row, and of its column, is from it.
        let (start, right, down): (Int, Int, Int) =
            switch orientation {
            case .topLeft: (0, 1, width)
            case .topRight: (lastColumn, -1, width)
            case .bottomRight: (lastRow * width + lastColumn, -1, -width)
            case .bottomLeft: (lastRow * width, 1, -width)
            case .leftTop: (0, width, 1)
            case .rightTop: (lastRow * width, -width, 1)
            case .rightBottom: (lastRow * width + lastColumn, -width, -1)
            case .leftBottom: (lastColumn, width, -1)
            }
        let (columns, rows) = orientation.swapsAxes ? (height, width) : (width, height)
        let turned: [UInt16] = samples.withUnsafeBufferPointer { stored in
            UnsafeBytes.filled(count: stored.count) { target in
                for row in 0..<rows {
                    for column in 0..<columns { target[row * columns + column] = stored[start + row * down + column * right] }
                }
            }
        }
        return PixelImage(width: columns, height: rows, bits: bits, samples: turned)
    }
}
