import Foundation

/// What somebody may do.
public enum Role: String, Hashable, Sendable, Codable, CaseIterable {
    /// Sees studies, reads and signs.
    case reader
    /// Besides: settings, users, the audit trail.
    case administrator
}

public struct User: Hashable, Sendable {
    /// Lower case, unique.
    public var name: String
    public var role: Role
    /// As the hashing library writes it (argon2id with its parameters and salt).
    public var passwordHash: String
    public var isDisabled: Bool
    public var made: Date
    public var lastLogin: Date?

    public init(name: String, role: Role, passwordHash: String, isDisabled: Bool = false, made: Date, lastLogin: Date? = nil) {
        (self.name, self.role, self.passwordHash) = (name, role, passwordHash)
        (self.isDisabled, self.made, self.lastLogin) = (isDisabled, made, lastLogin)
    }
}

/// A session of the page. Only the token's digest is kept, so that who reads the database cannot take a session over.
public struct UserSession: Hashable, Sendable {
    public var tokenDigest: String
    public var user: String
    public var role: Role
    public var began: Date
    public var lastUsed: Date
    public var ends: Date

    public init(tokenDigest: String, user: String, role: Role, began: Date, lastUsed: Date, ends: Date) {
        (self.tokenDigest, self.user, self.role) = (tokenDigest, user, role)
        (self.began, self.lastUsed, self.ends) = (began, lastUsed, ends)
    }
}
