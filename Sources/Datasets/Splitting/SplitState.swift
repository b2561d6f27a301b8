import Basics
import Findings

/// Patients on their way into parts.
struct SplitState {
    let patients: [SplitPatient]
    /// `nil` for a patient who is in none yet.
    private(set) var part: [Int?]
    private let isKept: [Bool]
    private let shares: [Double]
    /// Of each thing, over all patients.
    private let totals: [Double]
    /// What each part has of each thing, a row a part.
    private var amounts: [[Double]]
    private var members: [Int]

    init(patients: [SplitPatient], shares: [Double], kept: [String: Int]) {
        self.patients = patients
        self.shares = shares
        let things = (patients.flatMap { $0.amounts.map(\.thing) }.max() ?? 0) + 1
        var totals = [Double](repeating: 0, count: things)
        for patient in patients { for (thing, count) in patient.amounts { totals[thing] += count } }
        self.totals = totals
        amounts = Array(repeating: Array(repeating: 0, count: things), count: shares.count)
        members = Array(repeating: 0, count: shares.count)
        part = Array(repeating: nil, count: patients.count)
        isKept = patients.map { kept[$0.name] != nil }
        for (index, patient) in patients.enumerated() { if let place = kept[patient.name] { put(index, into: place) } }
    }

    private mutating func put(_ index: Int, into place: Int) {
        if let old = part[index] {
            for (thing, count) in patients[index].amounts { amounts[old][thing] -= count }
            members[old] -= 1
        }
        for (thing, count) in patients[index].amounts { amounts[place][thing] += count }
        members[place] += 1
        part[index] = place
    }

    private func lack(_ place: Int, of thing: Int) -> Double { shares[place] * totals[thing] - amounts[place][thing] }

    /// The greedy part: the thing that fewest of the waiting patients have, the patients who have it from the largest down, each into
    /// the part that lacks most of it.
    mutating func placeScarcestFirst() {
        var owners = Array(repeating: [Int](), count: totals.count)
        for (index, patient) in patients.enumerated() where part[index] == nil {
            for (thing, _) in patient.amounts { owners[thing].append(index) }
        }
        // Everybody has images: they are last, for those without anything else.
        var waiting = Set(totals.indices.dropFirst())
        while true {
            for thing in waiting { owners[thing].removeAll { part[$0] != nil } }
            waiting = waiting.filter { !owners[$0].isEmpty }
            guard let scarcest = waiting.min(by: { (owners[$0].count, $0) < (owners[$1].count, $1) }) else { break }
            place(owners[scarcest], by: scarcest)
            waiting.remove(scarcest)
        }
        if let all = owners.first { place(all.filter { part[$0] == nil }, by: 0) }
    }

    private mutating func place(_ group: [Int], by thing: Int) {
        let order = group.sorted { (patients[$1].images, patients[$0].lot) < (patients[$0].images, patients[$1].lot) }
        for index in order {
            let places = shares.indices.filter { shares[$0] > 0 }
            // The lot turns the order of the parts, so that ties do not all go to the first.
            let turn = places.isEmpty ? 0 : Int(patients[index].lot % UInt64(places.count))
            let turned = places[turn...] + places[..<turn]
            let best = turned.max { (lack($0, of: thing), lack($0, of: 0)) < (lack($1, of: thing), lack($1, of: 0)) }
            put(index, into: best ?? 0)
        }
    }

    /// Every part that has a share has a patient: the smallest of the part with the most.
    mutating func fillEmptyParts() {
        for place in shares.indices where shares[place] > 0 && members[place] == 0 {
            let movable = patients.indices.filter { index in !isKept[index] && part[index].map { members[$0] > 1 } == true }
            guard
                let index = movable.min(by: { first, second in
                    let (one, two) = (part[first].map { members[$0] } ?? 0, part[second].map { members[$0] } ?? 0)
                    return (two, patients[first].images, patients[first].lot) < (one, patients[second].images, patients[second].lot)
                })
            else { return }
            put(index, into: place)
        }
    }

    /// Moves and exchanges patients while the parts come closer to their shares.
    mutating func improve(seed: UInt64) {
        let movable = patients.indices.filter { !isKept[$0] }.sorted { patients[$0].lot < patients[$1].lot }
        guard !movable.isEmpty, shares.count > 1 else { return }
        var generator = SeededGenerator(seed: seed, stream: 2)
        for _ in 0..<12 {
            var hasChanged = false
            for index in movable {
                if move(index) { hasChanged = true }
                for _ in 0..<8 {
                    let other = movable[Int(generator.next() % UInt64(movable.count))]
                    if exchange(index, other) { hasChanged = true }
                }
            }
            if !hasChanged { break }
        }
    }

    private mutating func move(_ index: Int) -> Bool {
        guard let old = part[index], members[old] > 1 else { return false }
        let costs = shares.indices.filter { $0 != old && shares[$0] > 0 }.map { ($0, change(index, from: old, to: $0)) }
        guard let best = costs.min(by: { $0.1 < $1.1 }), best.1 < -1e-12 else { return false }
        put(index, into: best.0)
        return true
    }

    private mutating func exchange(_ one: Int, _ two: Int) -> Bool {
        guard let first = part[one], let second = part[two], first != second, shares[first] > 0, shares[second] > 0 else { return false }
        let there = change(one, from: first, to: second)
        put(one, into: second)
        let back = change(two, from: second, to: first)
        guard there + back < -1e-12 else {
            put(one, into: first)
            return false
        }
        put(two, into: first)
        return true
    }

    /// How much the sum over parts and things of the squared relative deviation from the share changes: a rare finding counts as much
    /// as a frequent one.
    private func change(_ index: Int, from old: Int, to new: Int) -> Double {
        var change = 0.0
        for (thing, count) in patients[index].amounts {
            for (place, sign) in [(old, -1.0), (new, 1.0)] {
                // Less than one expected: an absolute deviation, or a part of almost no share would outweigh all.
                let expected = shares[place] * totals[thing]
                let before = amounts[place][thing] - expected
                let after = before + sign * count
                change += (after * after - before * before) / (max(1, expected) * max(1, expected))
            }
        }
        return change
    }
}
