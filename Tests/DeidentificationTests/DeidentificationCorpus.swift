import DICOMWeb
import Deidentification
import Foundation
import PleuraTesting

/// The files Tests/Oracles/deidentification.py made, and what must be found in none of them afterwards.
struct DeidentificationCorpus: Decodable, Sendable {
    struct File: Decodable, Sendable {
        let name: String
        let patient: String
        let study: String
        let series: String
        let instance: String
        let day: String
        let transferSyntax: String
        /// In hexadecimal digits.
        let needles: [String]
        /// SHA-256 of the stored pixels.
        let stored: String

        var bytes: Data { get throws { try DeidentificationCorpus.oracle.bytes("\(name).dcm") } }
        var needleBytes: [Data] {
            needles.map { text in
                let digits = Array(text.utf8)
                return Data(
                    stride(from: 0, to: digits.count - 1, by: 2).compactMap {
                        UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16)
                    })
            }
        }
    }

    let files: [File]
    /// Day, then how many days back, then which day that is.
    let shifts: [String: [String: String]]

    static let oracle = Oracle("deidentification")
    static let shared: DeidentificationCorpus? = try? oracle.read(DeidentificationCorpus.self)
    static let files = shared?.files ?? []

    static func key(_ byte: UInt8 = 7) throws -> DeidentificationKey { try DeidentificationKey(Data(repeating: byte, count: 32)) }

    /// Every combination of dates with all other options off or on.
    static let options: [DeidentificationOptions] = DeidentificationOptions.Dates.allCases.flatMap { dates in
        [false, true].map { isOn in
            DeidentificationOptions(dates: dates, cleansDescriptors: isOn, cleansStructuredContent: isOn)
        }
    }
}

extension DeidentifiedFile {
    /// The header, as another room reads it.
    var header: DICOMJSON { get throws { try InstanceMetadata(bytes, bulkDataURI: "", inlineLimit: .max).dataset() } }
    func text(_ tag: UInt32) throws -> String? { try header.text(DICOMAttribute(tag: tag)) }
}
