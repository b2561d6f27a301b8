import Foundation
import PleuraTesting
import Testing

/// The files Tests/Oracles/dicom.py made and what is expected of them.
struct DICOMCorpus: Decodable {
    struct Image: Decodable, CustomTestStringConvertible {
        let file: String
        /// From 1.
        let frame: Int
        let frameCount: Int
        let width: Int
        let height: Int
        let bits: Int
        /// A file of `width * height` little-endian words.
        let expected: String
        /// Grey levels a pixel may be off; 0 where there is neither a VOI nor a lossy codec.
        let tolerance: Int
        let isInverted: Bool
        let modality: String?
        /// Row, column; millimetres.
        let spacing: [Double]?
        let view: String?
        let bodyPart: String?
        let studyInstanceUID: String?
        let seriesInstanceUID: String?
        let sopInstanceUID: String?
        let sopClassUID: String?
        /// A file of `width * height` little-endian doubles, padding as NaN; `nil` for images in colour.
        let modalityValues: String?

        var testDescription: String { "\(file) frame \(frame)" }

        func pixels() throws -> [UInt16] {
            try DICOMCorpus.oracle.words(expected)
        }
    }

    struct Refused: Decodable, CustomTestStringConvertible {
        let file: String
        /// The raw value of a `RadiographError.Code`.
        let code: String
        /// 1 where it is left out.
        let frame: Int?

        var testDescription: String { file }
    }

    let images: [Image]
    let refused: [Refused]

    static let oracle = Oracle("dicom")

    /// Empty where the oracles were not laid, which a test of its own reports.
    static let shared: DICOMCorpus = (try? oracle.read(DICOMCorpus.self)) ?? DICOMCorpus(images: [], refused: [])

    static func bytes(_ file: String) throws -> Data { try oracle.bytes(file) }
}
