import Foundation

extension AuditContext {
    /// Which way instances go between this process and a peer.
    public enum Direction: Hashable, Sendable {
        case sent(to: AuditProcess)
        case received(from: AuditProcess)
    }

    /// Instances begin to go over (PS3.15 A.5.3.3).
    /// - Parameter startedByPeer: Whether the peer asked for it; otherwise this process did.
    public func beginTransferring(
        _ studies: [AuditStudy], _ direction: Direction, startedByPeer: Bool, by person: AuditPerson? = nil, at time: Date,
        outcome: AuditOutcome = .success
    ) -> AuditMessage {
        message(
            .beginTransferring, .execute, time, outcome,
            between(direction, startedByPeer: startedByPeer, person), objects(studies))
    }

    /// Instances have gone over, or failed to (PS3.15 A.5.3.7). Failed and transferred ones go into messages of their own.
    /// - Parameter wereNew: Whether the receiver did not have them yet; `nil` where it is not known.
    public func instancesTransferred(
        _ studies: [AuditStudy], _ direction: Direction, startedByPeer: Bool, wereNew: Bool? = nil, by person: AuditPerson? = nil,
        at time: Date, outcome: AuditOutcome = .success
    ) -> AuditMessage {
        let action: AuditEventIdentification.Action = wereNew.map { $0 ? .create : .read } ?? .execute
        return message(
            .instancesTransferred, action, time, outcome, between(direction, startedByPeer: startedByPeer, person),
            objects(studies))
    }

    /// Instances leave for a place outside the system's security: a medium, or a peer that keeps no audit of its own (PS3.15 A.5.3.8).
    /// - Parameter media: The medium's identifier and its kind (CID 405).
    public func export(
        _ studies: [AuditStudy], to receivers: [AuditProcess] = [], media: (id: String, type: AuditCode)? = nil,
        by person: AuditPerson? = nil, at time: Date, outcome: AuditOutcome = .success
    ) -> AuditMessage {
        var participants = receivers.map { $0.participant(.destination, isRequestor: false) }
        if let person { participants.append(person.participant(.source)) }
        participants.append(process.participant(.source, isRequestor: person == nil))
        if let media { participants.append(medium(media, .destinationMedia)) }
        return message(.export, .read, time, outcome, participants, objects(studies))
    }

    /// Instances come from such a place (PS3.15 A.5.3.9).
    public func `import`(
        _ studies: [AuditStudy], from senders: [AuditProcess] = [], media: (id: String, type: AuditCode)? = nil,
        by person: AuditPerson? = nil, at time: Date, outcome: AuditOutcome = .success
    ) -> AuditMessage {
        var participants: [AuditParticipant] = []
        if let person { participants.append(person.participant(.destination)) }
        participants.append(process.participant(.destination, isRequestor: person == nil))
        participants += senders.map { $0.participant(.source, isRequestor: false) }
        if let media { participants.append(medium(media, .sourceMedia)) }
        return message(.import, .create, time, outcome, participants, objects(studies))
    }

    /// A query was made (PS3.15 A.5.3.10).
    /// - Parameters:
    ///   - classUID: The SOP Class UID of the query, or what takes its place where it is none of DICOM's.
    ///   - direction: Received from the peer that asked, or sent to the peer that is asked.
    ///   - keys: What was asked for, as it was sent: it may name patients, so it is written only where the context does.
    ///   - transferSyntax: The UID of the keys' encoding.
    public func query(
        _ classUID: String, _ direction: Direction, keys: Data = Data(), transferSyntax: String? = nil, by person: AuditPerson? = nil,
        at time: Date, outcome: AuditOutcome = .success
    ) -> AuditMessage {
        var (isByPeer, asking, answering) = (false, process, process)
        switch direction {
        case .sent(let peer): answering = peer
        case .received(let peer): (isByPeer, asking) = (true, peer)
        }
        var participants = [
            asking.participant(.source, isRequestor: isByPeer || person == nil), answering.participant(.destination, isRequestor: false),
        ]
        if let person { participants.append(person.participant()) }
        let object = AuditObject(
            id: classUID, idType: .classUID, kind: .system, role: .report, content: .query(namesPatients ? keys : Data()),
            details: transferSyntax.map { [AuditObject.Detail("TransferSyntax", $0)] } ?? [])
        return message(.query, .execute, time, outcome, participants, [object])
    }

    private func between(_ direction: Direction, startedByPeer: Bool, _ person: AuditPerson?) -> [AuditParticipant] {
        // The person who asked for it is its requestor in place of the process.
        let isOurs = !startedByPeer && person == nil
        var participants =
            switch direction {
            case .sent(let peer):
                [process.participant(.source, isRequestor: isOurs), peer.participant(.destination, isRequestor: startedByPeer)]
            case .received(let peer):
                [peer.participant(.source, isRequestor: startedByPeer), process.participant(.destination, isRequestor: isOurs)]
            }
        if let person { participants.append(person.participant(isRequestor: !startedByPeer)) }
        return participants
    }

    private func medium(_ media: (id: String, type: AuditCode), _ role: AuditCode) -> AuditParticipant {
        AuditParticipant(userID: media.id, isRequestor: false, roles: [role], mediaType: media.type)
    }
}
