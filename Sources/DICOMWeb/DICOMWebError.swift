import Basics

/// Why a request or an answer of DICOMweb (PS3.18) is not taken. No patient data stands in it.
public struct DICOMWebError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        /// A parameter or a path that means nothing: status 400.
        public static let badRequest = Code(rawValue: "bad request")
        /// A body that is no multipart, is cut off, or breaks a limit: status 400.
        public static let badMultipart = Code(rawValue: "bad multipart")
        public static let tooLarge = Code(rawValue: "too large")
        /// Nothing of what the client accepts can be given: status 406.
        public static let notAcceptable = Code(rawValue: "not acceptable")
        /// A body of a type that is not taken: status 415.
        public static let unsupportedMediaType = Code(rawValue: "unsupported media type")
        public static let notFound = Code(rawValue: "not found")
        /// A file that is no DICOM file, or is damaged.
        public static let unreadable = Code(rawValue: "unreadable")
        /// Another server's answer that means nothing, or says that nothing was done.
        public static let badAnswer = Code(rawValue: "bad answer")
    }

    public var code: Code
    public var reason: String

    public init(_ code: Code, _ reason: String) { (self.code, self.reason) = (code, reason) }

    /// What an HTTP server answers.
    public var status: Int {
        switch code {
        case .badRequest, .badMultipart: 400
        case .notFound: 404
        case .notAcceptable: 406
        case .tooLarge: 413
        case .unsupportedMediaType: 415
        default: 422
        }
    }
}
