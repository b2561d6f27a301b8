/// What an answer is: its media type, and, for instances and their parts, in which transfer syntax and whether as multipart (PS3.18 8.7).
public struct Representation: Hashable, Sendable {
    /// Of the content, or of each part.
    public var essence: String
    public var transferSyntax: String?
    public var isMultipart: Bool

    public init(_ essence: String, transferSyntax: String? = nil, isMultipart: Bool = false) {
        (self.essence, self.transferSyntax, self.isMultipart) = (essence, transferSyntax, isMultipart)
    }

    /// Of one part, or of the whole where it has no parts.
    public var contentType: String {
        MediaType(essence).map { type in
            var type = type
            if let transferSyntax { type.parameters["transfer-syntax"] = transferSyntax }
            return type.description
        } ?? essence
    }

    /// Of the whole.
    public func contentType(boundary: String) -> String {
        isMultipart ? MultipartWriter(boundary: boundary, type: essence).contentType : contentType
    }

    /// For queries, metadata and answers to a store: DICOM JSON.
    /// - Parameter accept: The field, `nil` where there is none. `application/json` is answered as such, for clients that know no other.
    /// - Throws: `DICOMWebError` of code `notAcceptable`.
    public static func json(accept: String?) throws -> Representation {
        let wanted = MediaType.accepted(accept ?? "*/*").filter { $0.quality > 0 }
        for range in wanted.isEmpty && accept?.isEmpty != false ? [MediaType("*", "*")] : wanted {
            if let type = ["application/dicom+json", "application/json"].first(where: range.includes) { return Representation(type) }
        }
        throw DICOMWebError(.notAcceptable, "the answer is application/dicom+json or application/json")
    }

    /// For instances as they are stored.
    /// - Parameters:
    ///   - stored: Their transfer syntaxes: nothing is encoded anew.
    ///   - isOne: One instance may come without multipart.
    /// - Throws: `DICOMWebError` of code `notAcceptable`.
    public static func instances(accept: String?, stored: Set<String>, isOne: Bool) throws -> Representation {
        var reason = "the answer is multipart/related with parts of application/dicom"
        for range in wanted(accept) {
            let isPart = range.essence == "multipart/related"
            let content = isPart ? MediaType(range.parameters["type"] ?? "application/dicom") : range
            guard let content, content.includes("application/dicom") || range.essence == "*/*" else { continue }
            if !isPart, range.essence == "application/dicom", !isOne { continue }
            let syntax = range.parameters["transfer-syntax"] ?? content.parameters["transfer-syntax"]
            if let syntax, syntax != "*", stored.contains(where: { $0 != syntax }) {
                reason = "instances come in the transfer syntax that they are stored in; ask for transfer-syntax=*"
                continue
            }
            return Representation(
                "application/dicom", transferSyntax: stored.count == 1 ? stored.first : nil,
                isMultipart: !(range.essence == "application/dicom" && isOne))
        }
        throw DICOMWebError(.notAcceptable, reason)
    }

    /// For frames and bulk data of Pixel Data, as they are stored.
    /// - Parameter stored: The transfer syntax of the file.
    /// - Throws: `DICOMWebError` of code `notAcceptable`.
    public static func frames(accept: String?, stored: String, isOne: Bool) throws -> Representation {
        let own = frameType(of: stored)
        // Native pixels always leave in little-endian order.
        let syntax = own == "application/octet-stream" ? "1.2.840.10008.1.2.1" : stored
        for range in wanted(accept) {
            let isPart = range.essence == "multipart/related"
            let content = isPart ? MediaType(range.parameters["type"] ?? own) : range
            guard let content, content.type != "multipart" else { continue }
            let asked = range.parameters["transfer-syntax"] ?? content.parameters["transfer-syntax"]
            if let asked, asked != "*", asked != stored, asked != syntax { continue }
            let isSingle = !isPart && range.essence != "*/*"
            if isSingle, !isOne { continue }
            if content.includes(own) { return Representation(own, transferSyntax: syntax, isMultipart: !isSingle) }
            // Compressed frames as plain bytes, where the client knows of which syntax they are.
            if content.essence == "application/octet-stream", asked != nil {
                return Representation("application/octet-stream", transferSyntax: syntax, isMultipart: !isSingle)
            }
        }
        throw DICOMWebError(.notAcceptable, "the answer is multipart/related with parts of \(own), as the file has them")
    }

    /// For rendered images.
    /// - Throws: `DICOMWebError` of code `notAcceptable`.
    public static func rendered(accept: String?, offered: [String] = ["image/jpeg", "image/png"]) throws -> Representation {
        for range in wanted(accept) {
            if let type = offered.first(where: range.includes) { return Representation(type) }
        }
        throw DICOMWebError(.notAcceptable, "the answer is " + offered.joined(separator: " or "))
    }

    private static func wanted(_ accept: String?) -> [MediaType] {
        guard let accept, !accept.allSatisfy({ $0 == " " }) else { return [MediaType("*", "*")] }
        return MediaType.accepted(accept).filter { $0.quality > 0 }
    }

    /// What frames of a transfer syntax are (PS3.18 table 8.7.3-5).
    public static func frameType(of transferSyntax: String) -> String {
        switch transferSyntax {
        case "1.2.840.10008.1.2.5": "image/dicom-rle"
        case "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.53", "1.2.840.10008.1.2.4.55",
            "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70":
            "image/jpeg"
        case "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81": "image/jls"
        case "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91": "image/jp2"
        case "1.2.840.10008.1.2.4.92", "1.2.840.10008.1.2.4.93": "image/jpx"
        case "1.2.840.10008.1.2.4.110", "1.2.840.10008.1.2.4.111", "1.2.840.10008.1.2.4.112": "image/jxl"
        case "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203": "image/jphc"
        case "1.2.840.10008.1.2.4.100", "1.2.840.10008.1.2.4.101": "video/mpeg2"
        case let syntax where syntax.hasPrefix("1.2.840.10008.1.2.4.10"): "video/mp4"
        default: "application/octet-stream"
        }
    }
}
