import Foundation

/// What it was done to: a study, a patient, a query, a node (PS3.15 A.5.2, "Participant Object").
public struct AuditObject: Hashable, Sendable {
    public enum Kind: Int, Hashable, Sendable, CaseIterable {
        case person = 1
        case system, organisation, other
    }

    /// PS3.15 A.5.1.2.2.
    public enum Role: Int, Hashable, Sendable, CaseIterable {
        case patient = 1
        case location, report, resource, masterFile, user, list, doctor, subscriber, guarantor, securityUser, securityGroup,
            securityResource,
            securityGranularity, provider, dataDestination, dataArchive, schedule, customer, job, jobStream, table, routing, query,
            dataSource,
            processingElement
    }

    /// Where in its life the object was (PS3.15 A.5.1.2.3).
    public enum LifeCycle: Int, Hashable, Sendable, CaseIterable {
        case creation = 1
        case importing, amendment, verification, translation, use, deidentification, aggregation, report, export, disclosure,
            receiptOfDisclosure, archiving, logicalDeletion, erasure
    }

    /// The schema wants one of them, be it empty.
    public enum Content: Hashable, Sendable {
        case name(String)
        /// The query as it was sent, written in base 64.
        case query(Data)
    }

    /// A value that the schema has no place for, written in base 64.
    public struct Detail: Hashable, Sendable {
        public var type: String
        public var value: Data

        public init(_ type: String, _ value: String) { (self.type, self.value) = (type, Data(value.utf8)) }
    }

    public var id: String
    public var idType: AuditCode
    public var kind: Kind
    public var role: Role?
    public var lifeCycle: LifeCycle?
    public var content: Content
    public var details: [Detail]
    public var description: AuditObjectDescription?

    public init(
        id: String, idType: AuditCode, kind: Kind, role: Role? = nil, lifeCycle: LifeCycle? = nil, content: Content = .name(""),
        details: [Detail] = [], description: AuditObjectDescription? = nil
    ) {
        (self.id, self.idType, self.kind, self.role, self.lifeCycle) = (id, idType, kind, role, lifeCycle)
        (self.content, self.details, self.description) = (content, details, description)
    }
}

/// What a study held (PS3.15 A.5.1, `DICOMObjectDescriptionContents`).
public struct AuditObjectDescription: Hashable, Sendable {
    /// Instances of one SOP class.
    public struct Instances: Hashable, Sendable {
        public var classUID: String
        public var count: Int
        /// Their SOP Instance UIDs; may be left out where they are many.
        public var uids: [String]

        public init(classUID: String, count: Int, uids: [String] = []) { (self.classUID, self.count, self.uids) = (classUID, count, uids) }
    }

    public var accessionNumbers: [String]
    public var instances: [Instances]
    public var isAnonymised: Bool?

    public init(accessionNumbers: [String] = [], instances: [Instances] = [], isAnonymised: Bool? = nil) {
        (self.accessionNumbers, self.instances, self.isAnonymised) = (accessionNumbers, instances, isAnonymised)
    }
}
