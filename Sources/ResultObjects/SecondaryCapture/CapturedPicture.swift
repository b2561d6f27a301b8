import CCodecs
import DICOM
import Findings
import Foundation
import Radiographs
import Results

/// An image with what was found drawn on it, as a JPEG.
struct CapturedPicture {
    let jpeg: Data
    let columns: Int
    let rows: Int

    /// - Parameters:
    ///   - radiograph: The image's pixels.
    ///   - side: Pixels of the image's longer side at most.
    ///   - quality: 1 to 100.
    /// - Throws: `ResultObjectError` of code `cannotWrite`.
    init(_ content: ResultContent, image: SourceImage, radiograph: Radiograph, side: Int, quality: Int) throws {
        let classes = Self.classes(content)
        let drawn = image.findings.filter { $0.score == nil }.map { finding in
            AnnotatedPicture.Truth(box: finding.box, findingClass: classes[finding.label] ?? FindingClass(id: 1, name: finding.label))
        }
        let found = image.findings.compactMap { finding -> Finding? in
            guard let score = finding.score else { return nil }
            var findingClass = classes[finding.label] ?? FindingClass(id: 1, name: finding.label)
            findingClass.isExperimental = finding.isExperimental
            return Finding(
                id: finding.id, findingClass: findingClass, score: score,
                probability: finding.probability, geometry: .box(finding.box), alternativeTo: finding.alternativeTo)
        }
        do {
            jpeg = try AnnotatedPicture(radiograph: radiograph, findings: found, maximumSide: side, truth: drawn).jpeg(quality: quality)
        } catch {
            throw ResultObjectError(.cannotWrite, "the picture of image \(image.number) cannot be drawn")
        }
        (columns, rows) = try Self.size(jpeg)
    }

    /// Each label with the number that its colour comes from.
    private static func classes(_ content: ResultContent) -> [String: FindingClass] {
        let known = content.options.labelMap?.classes ?? []
        let others = Set(content.result.findings.map(\.label)).subtracting(known.map(\.name)).sorted()
        let first = (known.map(\.id).max() ?? 0) + 1
        let all = known + others.enumerated().map { FindingClass(id: first + $0, name: $1) }
        return Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
    }

    private static func size(_ jpeg: Data) throws -> (columns: Int, rows: Int) {
        var header = CCJPEGHeader()
        let isRead = jpeg.withUnsafeBytes { bytes in
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) {
                cc_jpeg_header(bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, &header, $0.baseAddress, $0.count)
            }
        }
        guard isRead, header.channels == 3 else { throw ResultObjectError(.cannotWrite, "the picture cannot be read back") }
        return (Int(header.width), Int(header.height))
    }

    /// Red, green and blue, row by row.
    /// - Throws: `ResultObjectError` of code `cannotWrite`.
    static func pixels(_ jpeg: Data) throws -> (rgb: [UInt8], columns: Int, rows: Int) {
        var header = CCJPEGHeader()
        let rgb: [UInt8]? = jpeg.withUnsafeBytes { bytes in
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { message in
                let start = bytes.bindMemory(to: UInt8.self).baseAddress
                guard cc_jpeg_header(start, bytes.count, &header, message.baseAddress, message.count), header.channels == 3 else {
                    return nil
                }
                var isDecoded = false
                let pixels = [UInt8](unsafeUninitializedCapacity: 3 * Int(header.width) * Int(header.height)) { buffer, count in
                    buffer.initialize(repeating: 0)
                    count = buffer.count
                    isDecoded = cc_jpeg_decode(start, bytes.count, &header, 1, buffer.baseAddress, message.baseAddress, message.count)
                }
                return isDecoded ? pixels : nil
            }
        }
        guard let rgb else { throw ResultObjectError(.cannotWrite, "the picture cannot be read back") }
        return (rgb, Int(header.width), Int(header.height))
    }
}
