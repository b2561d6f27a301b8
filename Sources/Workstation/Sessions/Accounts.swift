import Archive
import Basics
import Foundation

/// Accounts as the command line manages them, beside a server that runs.
public struct Accounts: Sendable {
    private let archive: any Archive
    /// Who is written into the audit trail.
    private static let operatorName = "operator"

    public init(archive: any Archive) { self.archive = archive }

    /// Makes an account, or gives one another role and password; its sessions end.
    /// - Throws: An error that `reason` puts into words.
    public func set(_ name: String, role: Role, password: String) async throws {
        let user = try await WorkstationAPI.newUser(name, role: role, password: password, passwords: Passwords())
        if var known = try await archive.user(user.name) {
            (known.role, known.passwordHash, known.isDisabled) = (role, user.passwordHash, false)
            try await archive.updateUser(known)
            try await archive.endSessions(of: user.name, except: nil)
        } else {
            try await archive.addUser(user)
        }
        try await archive.appendAudit([AuditEvent(user: Self.operatorName, action: "user.set", detail: "\(user.name), \(role.rawValue)")])
    }

    public func disable(_ name: String) async throws {
        guard var user = try await archive.user(name.lowercased()) else { throw Problem.notFound("user") }
        user.isDisabled = true
        try await archive.updateUser(user)
        try await archive.endSessions(of: user.name, except: nil)
        try await archive.appendAudit([AuditEvent(user: Self.operatorName, action: "user.disable", detail: user.name)])
    }

    /// One line.
    public static func reason(_ error: any Error) -> String {
        (error as? Problem)?.detail ?? (error as? any ExplainedError)?.description ?? "it failed"
    }
}
