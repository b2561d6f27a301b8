import Foundation
import PleuraTesting
import Radiographs

/// DICOM files and bodies of requests that tests send.
enum SentFiles {
    static let root = "1.2.826.0.1.3680043.8.498"

    /// A radiograph of one white cell, which `TinyModel` finds.
    /// - Parameters:
    ///   - number: Makes its SOP Instance UID, and which cell it is.
    ///   - study: Its study's number.
    static func radiograph(
        _ number: Int, study: Int = 1, series: Int = 1, patient: String = "P-1", name: String = "Doe^Jane", accession: String = "ACC-1",
        date: String = "20261130"
    ) -> Data {
        let pixels = DrawnPictures.cell(column: number % 4, row: number / 4 % 4)
        var bytes = DICOMBytes(rows: 64, columns: 64, samples: Data(pixels.samples.map { UInt8(truncatingIfNeeded: $0) }))
        bytes.set(0x0008, 0x0005, "CS", "ISO_IR 192")
        bytes.set(0x0008, 0x0018, "UI", instance(number))
        bytes.set(0x0008, 0x0020, "DA", date)
        bytes.set(0x0008, 0x0030, "TM", "101112")
        bytes.set(0x0008, 0x0050, "SH", accession)
        bytes.set(0x0010, 0x0010, "PN", name)
        bytes.set(0x0010, 0x0020, "LO", patient)
        bytes.set(0x0020, 0x000D, "UI", self.study(study))
        bytes.set(0x0020, 0x000E, "UI", "\(root).3.\(study).\(series)")
        bytes.set(0x0020, 0x0011, "IS", "\(series)")
        bytes.set(0x0020, 0x0013, "IS", "\(number)")
        return bytes.file()
    }

    static func study(_ number: Int) -> String { "\(root).2.\(number)" }
    static func series(_ number: Int, study: Int = 1) -> String { "\(root).3.\(study).\(number)" }
    static func instance(_ number: Int) -> String { "\(root).4.\(number)" }

    /// A report without pixels, as results are; its elements say no more than a test asks for.
    static func report(_ number: Int, study: Int = 1) -> Data {
        var bytes = DICOMBytes(rows: 0, columns: 0, samples: Data())
        for element in [0x0002, 0x0004, 0x0010, 0x0011, 0x0100, 0x0101, 0x0102, 0x0103] as [UInt16] { bytes.remove(0x0028, element) }
        bytes.set(0x0008, 0x0016, "UI", structuredReport)
        bytes.set(0x0008, 0x0018, "UI", instance(number))
        bytes.set(0x0008, 0x0060, "CS", "SR")
        bytes.set(0x0020, 0x000D, "UI", self.study(study))
        bytes.set(0x0020, 0x000E, "UI", series(9, study: study))
        return bytes.file()
    }

    static let structuredReport = "1.2.840.10008.5.1.4.1.1.88.33"

    static let multipart = "multipart/related; type=\"application/dicom\"; boundary=cut-here"

    /// A whole multipart body, as dicomweb-client writes it.
    static func body(_ files: [Data], type: String = "application/dicom") -> Data {
        files.reduce(Data()) { $0 + Data("\r\n--cut-here\r\nContent-Type: \(type)\r\n\r\n".utf8) + $1 } + Data("\r\n--cut-here--".utf8)
    }

    /// The contents of an answer's parts.
    static func parts(of body: Data, type: String) -> [Data] {
        guard let boundary = type.components(separatedBy: "boundary=").last?.replacing("\"", with: "") else { return [] }
        let (line, end) = (Data("--\(boundary)".utf8), Data("\r\n\r\n".utf8))
        var parts: [Data] = []
        var rest = body[...]
        while let start = rest.range(of: line), let head = rest.range(of: end, in: start.upperBound..<rest.endIndex),
            let next = rest.range(of: Data("\r\n".utf8) + line, in: head.upperBound..<rest.endIndex)
        {
            parts.append(Data(rest[head.upperBound..<next.lowerBound]))
            rest = rest[(next.lowerBound + 2)...]
        }
        return parts
    }
}

extension SocketClient.Answer {
    /// A dataset of DICOM JSON.
    var dataset: [String: Any] { json as? [String: Any] ?? [:] }
    /// An array of them.
    var datasets: [[String: Any]] { json as? [[String: Any]] ?? [] }
}

extension Dictionary where Key == String, Value == Any {
    /// The first value of an attribute of DICOM JSON, as text; of a name its alphabetic group.
    func value(_ tag: String) -> String? {
        switch object(tag)["Value"].flatMap({ $0 as? [Any] })?.first {
        case let text as String: text
        case let number as NSNumber: number.stringValue
        case let name as [String: Any]: name.text("Alphabetic")
        default: nil
        }
    }

    /// Items of a sequence of DICOM JSON.
    func items(_ tag: String) -> [[String: Any]] { object(tag)["Value"] as? [[String: Any]] ?? [] }
}
