import CDICOMDatasets
import Foundation

/// The header of a DICOM file as WADO-RS gives it (PS3.18 10.4.1.1.2), and where its pixels lie. Pixels are neither read nor copied.
public struct InstanceMetadata: Sendable {
    /// One JSON object, all text in UTF-8. Binary values that are large stand as addresses, Pixel Data always.
    public let json: Data
    /// UID.
    public let transferSyntax: String
    /// `nil` where the file has no Pixel Data, or is deflated.
    public let pixelData: PixelDataLayout?
    /// Values that have no form in JSON and were left out.
    public let omittedValues: Int

    /// Bytes of a binary value that stands in the metadata itself.
    public static let inlineLimit = 1_024

    /// - Parameters:
    ///   - file: A whole file (PS3.10); best mapped into memory.
    ///   - bulkDataURI: What addresses of binary values begin with, without a slash at the end, such as `…/instances/1.2.3/bulkdata`.
    /// - Throws: `DICOMWebError` of code `unreadable`. A file that breaks off behind its header is read.
    public init(_ file: Data, bulkDataURI: String, inlineLimit: Int = Self.inlineLimit) throws {
        var text = CDICOMJSONText()
        let kind = file.withUnsafeBytes { CDICOMJSONWrite($0.baseAddress, $0.count, bulkDataURI, inlineLimit, &text) }
        defer { CDICOMJSONFree(text.json) }
        guard kind == CDICOMInputProblemNone, let start = text.json, text.size >= 2 else {
            throw DICOMWebError(.unreadable, Self.reason(Int(kind)))
        }
        transferSyntax = withUnsafeBytes(of: text.transferSyntax) { String(decoding: $0.prefix(while: { $0 != 0 }), as: UTF8.self) }
        omittedValues = Int(text.omitted)
        pixelData = PixelDataLayout(file, end: Int(text.end), isExplicit: text.isExplicit, isBig: text.isBig)
        var json = Data(bytes: start, count: text.size)
        if let pixelData {
            var element = DICOMJSON()
            element[DICOMAttribute(tag: pixelData.tag)] = DICOMJSON.Element(
                pixelData.representation,
                bulkDataURI: pixelData.isEmpty ? nil : bulkDataURI + "/" + DICOMAttribute(tag: pixelData.tag).description)
            json.removeLast()
            if json.count > 1 { json.append(0x2C) }
            json.append(element.data.dropFirst())
        }
        self.json = json
    }

    /// The same as values.
    public func dataset() throws -> DICOMJSON { try DICOMJSON(json) }

    /// A JSON array of several, as metadata of a study or series answers.
    public static func array(_ metadata: some Sequence<Data>) -> Data {
        var data = Data([0x5B])
        for (index, json) in metadata.enumerated() {
            if index > 0 { data.append(0x2C) }
            data.append(json)
        }
        data.append(0x5D)
        return data
    }

    static func reason(_ kind: Int) -> String {
        switch kind {
        case CDICOMInputProblemTruncated: "the file ends inside the DICOM dataset"
        case CDICOMInputProblemOutOfMemory: "there is not enough memory for the DICOM dataset"
        case CDICOMInputProblemNoDictionary: "the DICOM data dictionary is not installed (Debian package libdcmtk17)"
        case CDICOMInputProblemTooDeep: "sequences are nested too deep"
        case CDICOMInputProblemTooLarge: "the deflated dataset is larger than \(CDICOMInputLargestInflated >> 20) MB"
        case CDICOMInputProblemUnsupported: "the transfer syntax is not known"
        default: "the content is not a DICOM dataset, or breaks off its rules"
        }
    }
}
