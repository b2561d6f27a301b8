import Foundation

/// What of an application changed.
public enum AuditApplicationActivity: Hashable, Sendable, CaseIterable {
    case start, stop

    var code: AuditCode {
        switch self {
        case .start: .dicom("110120", "Application Start")
        case .stop: .dicom("110121", "Application Stop")
        }
    }
}

/// A person came or left.
public enum AuditAuthentication: Hashable, Sendable, CaseIterable {
    case login, logout

    var code: AuditCode {
        switch self {
        case .login: .dicom("110122", "Login")
        case .logout: .dicom("110123", "Logout")
        }
    }
}

/// What the system's guard should know of (CID 403).
public enum AuditSecurityAlert: Hashable, Sendable, CaseIterable {
    /// A peer did not prove who it is, or did.
    case nodeAuthentication
    case networkConfiguration, securityConfiguration, softwareConfiguration
    /// Somebody did, or tried, what only few may do.
    case restrictedFunction
    case auditRecordingStopped, auditRecordingStarted
    case securityRolesChanged, userSecurityChanged

    var code: AuditCode {
        switch self {
        case .nodeAuthentication: .dicom("110126", "Node Authentication")
        case .networkConfiguration: .dicom("110128", "Network Configuration")
        case .securityConfiguration: .dicom("110129", "Security Configuration")
        case .softwareConfiguration: .dicom("110131", "Software Configuration")
        case .restrictedFunction: .dicom("110132", "Use of Restricted Function")
        case .auditRecordingStopped: .dicom("110133", "Audit Recording Stopped")
        case .auditRecordingStarted: .dicom("110134", "Audit Recording Started")
        case .securityRolesChanged: .dicom("110136", "Security Roles Changed")
        case .userSecurityChanged: .dicom("110137", "User security Attributes Changed")
        }
    }
}

extension AuditContext {
    /// The program starts or stops (PS3.15 A.5.3.1).
    /// - Parameter launcher: The person who started it, where one did.
    public func applicationActivity(
        _ activity: AuditApplicationActivity, launcher: AuditPerson? = nil, at time: Date, outcome: AuditOutcome = .success
    ) -> AuditMessage {
        let participants = [process.participant(.application, isRequestor: false)]
        return message(
            .applicationActivity, .execute, time, outcome, types: [activity.code],
            participants + (launcher.map { [$0.participant(.applicationLauncher)] } ?? []))
    }

    /// A person came, tried to, or left (PS3.15 A.5.3.15).
    public func userAuthentication(
        _ authentication: AuditAuthentication, _ person: AuditPerson, at time: Date, outcome: AuditOutcome = .success
    ) -> AuditMessage {
        message(
            .userAuthentication, .execute, time, outcome, types: [authentication.code],
            [person.participant(), process.participant(nil, isRequestor: false)])
    }

    /// Something that the system's guard should know (PS3.15 A.5.3.11).
    /// - Parameters:
    ///   - description: What happened, in a line without patient data.
    ///   - subject: The node that it is about, by its name or address.
    ///   - performer: The person who did it, where one is known.
    public func securityAlert(
        _ alert: AuditSecurityAlert, _ description: String, subject: String? = nil, performer: AuditPerson? = nil, at time: Date,
        outcome: AuditOutcome
    ) -> AuditMessage {
        let node = AuditObject(
            id: subject ?? source.id, idType: .node, kind: .system, role: .securityResource,
            details: [AuditObject.Detail("Alert Description", description)])
        let participants = [process.participant(nil, isRequestor: performer == nil)]
        return message(
            .securityAlert, .execute, time, outcome, types: [alert.code],
            participants + (performer.map { [$0.participant(isRequestor: true)] } ?? []), [node])
    }
}
