import Foundation

/// One audit message: who did what, when, to which objects, and which system reports it (DICOM PS3.15 A.5).
///
/// The schema began as that of RFC 3881 and has gone its own way since. An `AuditContext` makes the messages of the events that the
/// standard names; this value is any message that its schema allows.
public struct AuditMessage: Hashable, Sendable {
    public var event: AuditEventIdentification
    /// At least one.
    public var participants: [AuditParticipant]
    public var source: AuditSource
    public var objects: [AuditObject]

    public init(event: AuditEventIdentification, participants: [AuditParticipant], source: AuditSource, objects: [AuditObject] = []) {
        (self.event, self.participants, self.source, self.objects) = (event, participants, source, objects)
    }
}

/// What happened (PS3.15 A.5.2, "Event").
public struct AuditEventIdentification: Hashable, Sendable {
    /// What was done to the objects.
    public enum Action: String, Hashable, Sendable, CaseIterable {
        case create = "C"
        case read = "R"
        case update = "U"
        case delete = "D"
        case execute = "E"
    }

    public var id: AuditCode
    public var action: Action
    /// Written in UTC, with milliseconds.
    public var time: Date
    public var outcome: AuditOutcome
    /// The kinds of the event.
    public var types: [AuditCode]

    public init(_ id: AuditCode, action: Action, time: Date, outcome: AuditOutcome = .success, types: [AuditCode] = []) {
        (self.id, self.action, self.time, self.outcome, self.types) = (id, action, time, outcome, types)
    }
}

/// Whether it went well.
public struct AuditOutcome: Hashable, Sendable {
    public enum Indicator: Int, Hashable, Sendable, CaseIterable {
        case success = 0
        /// The action was begun again, as after a wrong password.
        case minorFailure = 4
        /// The action was ended.
        case seriousFailure = 8
        /// The action can no longer be had, as of an account that was closed.
        case majorFailure = 12
    }

    public var indicator: Indicator
    /// Why, in a line without patient data.
    public var reason: String?

    public init(_ indicator: Indicator, _ reason: String? = nil) { (self.indicator, self.reason) = (indicator, reason) }

    public static let success = AuditOutcome(.success)
    /// The action was ended for a reason.
    public static func failure(_ reason: String) -> AuditOutcome { AuditOutcome(.seriousFailure, reason) }
}

/// Who took part: a person, a process or a medium (PS3.15 A.5.2, "Active Participant").
public struct AuditParticipant: Hashable, Sendable {
    /// Where in the network the participant was.
    public enum NetworkAccess: Hashable, Sendable {
        case machineName(String)
        case address(String)
        case uri(String)
    }

    /// A person's account, or a process's number or name.
    public var userID: String
    /// Of a DICOM node `AETITLES=` and its titles, parted by `;`.
    public var alternativeUserID: String?
    /// For people to read.
    public var userName: String?
    /// Whether the participant began it.
    public var isRequestor: Bool
    public var roles: [AuditCode]
    public var networkAccess: NetworkAccess?
    /// Of a medium that something was written to or read from.
    public var mediaType: AuditCode?

    public init(
        userID: String, alternativeUserID: String? = nil, userName: String? = nil, isRequestor: Bool, roles: [AuditCode] = [],
        networkAccess: NetworkAccess? = nil, mediaType: AuditCode? = nil
    ) {
        (self.userID, self.alternativeUserID, self.userName, self.isRequestor) = (userID, alternativeUserID, userName, isRequestor)
        (self.roles, self.networkAccess, self.mediaType) = (roles, networkAccess, mediaType)
    }
}

/// Which system reports (PS3.15 A.5.2, "Audit Source").
public struct AuditSource: Hashable, Sendable {
    /// PS3.15 A.5.1.2.1.
    public enum Kind: Int, Hashable, Sendable, CaseIterable {
        case display = 1
        case acquisition, webServer, applicationServer, databaseServer, securityServer, network, operatingSoftware, other
    }

    /// Names the system, the same for as long as it lives.
    public var id: String
    /// The place within the enterprise, where one number is not enough.
    public var enterpriseSite: String?
    public var kinds: [Kind]

    public init(id: String, enterpriseSite: String? = nil, kinds: [Kind] = [.applicationServer]) {
        (self.id, self.enterpriseSite, self.kinds) = (id, enterpriseSite, kinds)
    }
}
