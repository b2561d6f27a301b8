import Archive
import Foundation

extension NaiveArchive {
    public func publish(
        _ files: [ResultFile], to deliveries: [NewDelivery], completing job: (id: Int64, owner: String)?, now: Date
    ) throws {
        let place = try job.map { job in
            guard let place = leased(job.id, job.owner) else { throw ArchiveError(.leaseLost, "the job is no longer this program's") }
            return place
        }
        for file in files where study(file.study) == nil { throw ArchiveError(.notFound, "there is no such study") }
        let known = Set((self.files + files).map(\.identifier))
        guard deliveries.allSatisfy({ known.contains($0.file) }) else { throw ArchiveError(.notFound, "there is no such result file") }
        if let place { finish(place, .done) }
        for file in files where !self.files.contains(where: { $0.identifier == file.identifier }) { self.files.append(file) }
        for delivery in deliveries {
            let isThere = sendings.contains { $0.destination == delivery.destination && $0.file.identifier == delivery.file }
            guard !isThere, let file = self.files.first(where: { $0.identifier == delivery.file }) else { continue }
            sendings.append(
                Delivery(
                    id: Int64(sendings.count) + 1, destination: delivery.destination, file: file, lane: delivery.lane, rank: delivery.rank,
                    due: delivery.due, nextTry: now, made: now))
        }
    }

    public func resultFiles(of study: StudyID) -> [ResultFile] { files.filter { $0.study == study } }
    public func resultFile(_ identifier: String) -> ResultFile? { files.first { $0.identifier == identifier } }

    public func resultFiles(after: String?, limit: Int) throws -> [ResultFile] {
        guard let after else { return Array(files.prefix(limit)) }
        guard let place = files.firstIndex(where: { $0.identifier == after }) else {
            throw ArchiveError(.notFound, "there is no such result file")
        }
        return Array(files[(place + 1)...].prefix(limit))
    }

    public func claimDeliveries(destination: String, owner: String, until leaseEnds: Date, now: Date, limit: Int) -> [Delivery] {
        for place in sendings.indices where sendings[place].destination == destination {
            if sendings[place].state == .running, let ends = sendings[place].leaseEnds, ends <= now {
                release(place)
                sendings[place].nextTry = now
            } else if sendings[place].state == .accepted, sendings[place].nextTry <= now {
                sendings[place].state = .waiting
                sendings[place].lastError = "the destination has not confirmed it in time"
            }
        }
        let own = sendings.indices.filter { sendings[$0].destination == destination }
        let ready = own.filter { place in
            let this = sendings[place]
            return this.state == .waiting && this.nextTry <= now
                && !own.contains { other in
                    let earlier = sendings[other]
                    return earlier.lane == this.lane && earlier.rank == this.rank && earlier.id < this.id
                        && [.waiting, .running].contains(earlier.state)
                }
        }
        let ordered = ready.sorted {
            (sendings[$0].rank, sendings[$0].due, sendings[$0].id) < (sendings[$1].rank, sendings[$1].due, sendings[$1].id)
        }
        let chosen = ordered.prefix { sendings[$0].rank == ordered.first.map { sendings[$0].rank } }.prefix(limit)
        for place in chosen {
            (sendings[place].state, sendings[place].leaseOwner, sendings[place].leaseEnds) = (.running, owner, leaseEnds)
        }
        return chosen.map { sendings[$0] }
    }

    private func release(_ place: Int) {
        (sendings[place].state, sendings[place].leaseOwner, sendings[place].leaseEnds) = (.waiting, nil, nil)
    }

    private func running(_ id: Int64, _ owner: String) -> Int? {
        sendings.firstIndex { $0.id == id && $0.state == .running && $0.leaseOwner == owner }
    }

    public func renewLease(ofDeliveries ids: [Int64], owner: String, until leaseEnds: Date) -> Bool {
        for id in ids {
            guard let place = running(id, owner) else { return false }
            sendings[place].leaseEnds = leaseEnds
        }
        return true
    }

    public func end(_ delivery: Int64, owner: String, as outcome: DeliveryOutcome, now: Date) throws {
        guard let place = running(delivery, owner) else {
            throw ArchiveError(.leaseLost, "the delivery is no longer this program's")
        }
        release(place)
        sendings[place].lastError = nil
        sendings[place].proof = nil
        switch outcome {
        case .delivered(let proof):
            (sendings[place].state, sendings[place].proof, sendings[place].ended) = (.delivered, proof, now)
        case .accepted(let until):
            (sendings[place].state, sendings[place].nextTry) = (.accepted, until)
        case .postponed(let until, let reason, _):
            (sendings[place].nextTry, sendings[place].lastError) = (until, reason)
        case .failed(let reason):
            (sendings[place].state, sendings[place].lastError, sendings[place].ended) = (.failed, reason, now)
        }
        if case .postponed(_, _, wasGiven: false) = outcome { return }
        sendings[place].attempts += 1
    }

    public func releaseDeliveries(of owner: String?) {
        for place in sendings.indices where sendings[place].state == .running && (owner == nil || sendings[place].leaseOwner == owner) {
            release(place)
        }
    }

    public func confirm(_ identifiers: [String], destination: String, proof: String?, now: Date) -> Int {
        var count = 0
        for place in sendings.indices
        where sendings[place].destination == destination && sendings[place].state == .accepted
            && identifiers.contains(sendings[place].file.identifier)
        {
            count += 1
            if let proof {
                (sendings[place].state, sendings[place].proof, sendings[place].ended) = (.delivered, proof, now)
                sendings[place].lastError = nil
            } else {
                (sendings[place].state, sendings[place].nextTry) = (.waiting, now)
                sendings[place].lastError = "the destination does not keep it"
            }
        }
        return count
    }

    public func deliveries(
        states: Set<Delivery.State>, destination: String?, study: StudyID?, before: Int64?, limit: Int
    ) -> [Delivery] {
        let found = sendings.reversed().filter { delivery in
            (states.isEmpty || states.contains(delivery.state)) && (destination == nil || delivery.destination == destination)
                && (study == nil || delivery.file.study == study) && (before.map { delivery.id < $0 } ?? true)
        }
        return Array(found.prefix(limit))
    }

    public func delivery(_ id: Int64) -> Delivery? { sendings.first { $0.id == id } }

    public func deliveryCounts() -> [String: [Delivery.State: Int]] {
        Dictionary(grouping: sendings, by: \.destination).mapValues { Dictionary(grouping: $0, by: \.state).mapValues(\.count) }
    }

    public func retryDelivery(_ id: Int64, now: Date) throws {
        guard let place = sendings.firstIndex(where: { $0.id == id }) else { throw ArchiveError(.notFound, "there is no such delivery") }
        guard [.waiting, .failed, .dismissed].contains(sendings[place].state) else { return }
        (sendings[place].state, sendings[place].attempts, sendings[place].nextTry) = (.waiting, 0, now)
        (sendings[place].lastError, sendings[place].ended) = (nil, nil)
    }

    public func dismissDelivery(_ id: Int64) throws {
        guard let place = sendings.firstIndex(where: { $0.id == id }), [.failed, .dismissed].contains(sendings[place].state) else {
            throw ArchiveError(.notFound, "there is no such delivery that has failed")
        }
        sendings[place].state = .dismissed
    }
}
