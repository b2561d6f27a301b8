/// A coded value of an audit message (DICOM PS3.15 A.5.1, `CodedValueType`).
public struct AuditCode: Hashable, Sendable {
    public var code: String
    /// The coding scheme: `DCM`, `RFC-3881`, or a site's own.
    public var system: String
    /// The code's meaning in the scheme's words.
    public var meaning: String

    public init(_ code: String, _ system: String, _ meaning: String) { (self.code, self.system, self.meaning) = (code, system, meaning) }

    /// A code of PS3.16's annex D.
    static func dicom(_ code: String, _ meaning: String) -> AuditCode { AuditCode(code, "DCM", meaning) }
}

extension AuditCode {
    // CID 400, the events.
    public static let applicationActivity = dicom("110100", "Application Activity")
    public static let beginTransferring = dicom("110102", "Begin Transferring DICOM Instances")
    public static let instancesAccessed = dicom("110103", "DICOM Instances Accessed")
    public static let instancesTransferred = dicom("110104", "DICOM Instances Transferred")
    public static let studyDeleted = dicom("110105", "DICOM Study Deleted")
    public static let export = dicom("110106", "Export")
    public static let `import` = dicom("110107", "Import")
    public static let orderRecord = dicom("110109", "Order Record")
    public static let patientRecord = dicom("110110", "Patient Record")
    public static let procedureRecord = dicom("110111", "Procedure Record")
    public static let query = dicom("110112", "Query")
    public static let securityAlert = dicom("110113", "Security Alert")
    public static let userAuthentication = dicom("110114", "User Authentication")

    // CID 402, the roles of those who took part.
    public static let application = dicom("110150", "Application")
    public static let applicationLauncher = dicom("110151", "Application Launcher")
    public static let destination = dicom("110152", "Destination Role ID")
    public static let source = dicom("110153", "Source Role ID")
    public static let destinationMedia = dicom("110154", "Destination Media")
    public static let sourceMedia = dicom("110155", "Source Media")

    // CID 404, what an object's identifier is.
    public static let studyInstanceUID = dicom("110180", "Study Instance UID")
    public static let classUID = dicom("110181", "SOP Class UID")
    public static let node = dicom("110182", "Node ID")
    // PS3.15 A.5.1.2.4.
    public static let patientNumber = AuditCode("2", "RFC-3881", "Patient Number")
    public static let uri = AuditCode("12", "RFC-3881", "URI")
}
