import DICOM
import Foundation

/// The findings that a document of ours has in its description.
struct DocumentReading {
    private let dataset: DICOMItem

    init(_ dataset: DICOMItem) { self.dataset = dataset }

    func read(into reading: inout ResultReading) throws {
        reading.images = dataset.items(.sourceInstanceSequence).compactMap { ObjectReading.image($0) }
        let length = dataset.integer(.encapsulatedDocumentLength)
        let document = dataset.withBytes(of: .encapsulatedDocument) { Data($0) } ?? Data()
        guard document.starts(with: Data("%PDF-".utf8)), document.suffix(32).range(of: Data("%%EOF".utf8)) != nil else {
            throw ResultObjectError(.unreadable, "the document is no whole PDF")
        }
        // Padded to an even number at most.
        guard length == nil || length == document.count || length == document.count - 1 else {
            throw ResultObjectError(.unreadable, "the document has another length than it says")
        }
        let keywords = Self.text("Keywords", in: document) ?? ""
        reading.findings = FindingLines.findings(keywords)
        reading.texts = [Self.text("Subject", in: document)].compactMap { $0 }
    }

    /// A text of the document's information dictionary (ISO 32000-1, 7.9.2.2); `nil` where it is none.
    static func text(_ key: String, in document: Data) -> String? {
        guard let start = document.range(of: Data("/\(key) ".utf8), options: .backwards)?.upperBound, start < document.endIndex,
            let bytes = document[start] == UInt8(ascii: "<") ? hexadecimal(document[(start + 1)...]) : literal(document[start...])
        else { return nil }
        guard bytes.starts(with: [0xFE, 0xFF]) else { return String(decoding: bytes, as: UTF8.self) }
        let units = stride(from: 2, to: bytes.count - 1, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        return String(decoding: units, as: UTF16.self)
    }

    /// Up to `>` (7.3.4.3).
    private static func hexadecimal(_ text: Data) -> [UInt8]? {
        let digits = text.prefix { $0 != UInt8(ascii: ">") }.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count % 2 == 0 else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }

    /// In brackets, with escapes (7.3.4.2); Cairo writes those of brackets and backslashes alone.
    private static func literal(_ text: Data) -> [UInt8]? {
        guard text.first == UInt8(ascii: "(") else { return nil }
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in text.dropFirst() {
            if !isEscaped, byte == UInt8(ascii: ")") { return bytes }
            if !isEscaped, byte == UInt8(ascii: "\\") {
                isEscaped = true
                continue
            }
            bytes.append(byte)
            isEscaped = false
        }
        return nil
    }
}
