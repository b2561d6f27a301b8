import Foundation

/// A message of syslog (RFC 5424). What parts it on a connection, RFC 5425's octet count, is the connection's.
public struct SyslogMessage: Hashable, Sendable {
    /// RFC 5424, 6.2.1; only those that audit messages have.
    public enum Severity: Int, Hashable, Sendable {
        case warning = 4
        /// Normal but significant: the severity of audit messages that tell no failure (PS3.15 A.6).
        case notice = 5
    }

    /// Security and authorisation messages.
    public static let facility = 10
    /// What says that the text is an audit message of DICOM (PS3.15 A.6).
    public static let messageID = "DICOM+RFC3881"

    public var severity: Severity
    public var time: Date
    /// The machine's name, best with its domain. Empty: not known.
    public var hostName: String
    public var application: String
    /// The process's number.
    public var process: String
    /// UTF-8.
    public var content: Data
    /// RFC 5424 wants a byte order mark before UTF-8. Some receivers take it for a part of the text.
    public var startsWithMark: Bool

    /// The message that carries an audit message.
    public init(
        _ message: AuditMessage, hostName: String, application: String, process: String, severity: Severity = .notice,
        startsWithMark: Bool = true
    ) {
        (self.severity, time, self.hostName, self.application) = (severity, message.event.time, hostName, application)
        (self.process, content, self.startsWithMark) = (process, message.xml, startsWithMark)
    }

    /// The message's bytes. Names are cut to what RFC 5424 allows, and characters that it does not allow become `_`.
    public var bytes: Data {
        let fields = [
            "<\(Self.facility * 8 + severity.rawValue)>1", UniversalTime.text(of: time), Self.field(hostName, limit: 255),
            Self.field(application, limit: 48), Self.field(process, limit: 128), Self.messageID, "-",
        ]
        var bytes = Data((fields.joined(separator: " ") + " ").utf8)
        if startsWithMark { bytes.append(contentsOf: [0xEF, 0xBB, 0xBF]) }
        bytes.append(content)
        return bytes
    }

    /// Printable ASCII without blanks (RFC 5424, 6); `-` where there is nothing to say.
    private static func field(_ text: String, limit: Int) -> String {
        let allowed = text.unicodeScalars.prefix(limit).map { ("!"..."~").contains($0) ? Character($0) : "_" }
        return allowed.isEmpty ? "-" : String(allowed)
    }
}
