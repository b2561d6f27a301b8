import DICOM

/// Slices sorted by where they lie, each place once.
struct SliceOrder {
    private(set) var slices: [FoundSlice]
    /// Millimetres along the normal, of each slice.
    private(set) var places: [Double]

    /// Slices nearer than this lie at one place.
    private static let samePlace = 0.01
    /// Different slices at one place.
    private static let mostAtOnePlace = 16

    /// - Parameter sources: To compare the pixels of slices at one place.
    /// - Throws: `VolumeError` of code `ambiguous`, where different slices at one place belong to no two acquisitions.
    init(_ group: SliceGroup, _ sources: [SliceSource], record: inout VolumeRecord) throws {
        let normal = group.normal
        func place(_ slice: FoundSlice) -> Double { slice.geometry.position.dot(normal) }
        var sorted = group.slices.sorted { (place($0), $0.label) < (place($1), $1.label) }
        if !Self.isInstanceOrder(sorted) {
            record.note("sorted", "instance numbers do not follow the positions: sorted by position")
        }
        var doubled: [String] = []
        func distinct(_ slices: [FoundSlice]) throws -> [[FoundSlice]] {
            var piles: [[FoundSlice]] = []
            for slice in slices {
                guard let first = piles.last?.first, place(slice) - place(first) <= Self.samePlace else {
                    piles.append([slice])
                    continue
                }
                let last = piles.count - 1
                // Comparing pixels pair by pair has an end.
                guard piles[last].count < Self.mostAtOnePlace else { throw Self.clash(piles[last]) }
                // The same pixels twice are one slice.
                if try piles[last].contains(where: { try Self.haveSamePixels($0, slice, sources) }) {
                    doubled.append(slice.label)
                } else {
                    piles[last].append(slice)
                }
            }
            return piles
        }
        var piles = try distinct(sorted)
        if let pile = piles.first(where: { $0.count > 1 }) {
            sorted = try Self.oneAcquisition(piles.flatMap { $0 }, clash: pile, record: &record)
            piles = try distinct(sorted)
            if let pile = piles.first(where: { $0.count > 1 }) { throw Self.clash(pile) }
        }
        if !doubled.isEmpty {
            record.note("duplicate", "\(SeriesHeaders.count(doubled, "slice")) taken once: the same place and pixels twice", files: doubled)
        }
        slices = piles.compactMap(\.first)
        places = slices.map(place)
    }

    private static func isInstanceOrder(_ slices: [FoundSlice]) -> Bool {
        let numbers = slices.compactMap { $0.header.frameCount > 1 ? $0.header.frame : $0.header.instanceNumber }
        return numbers == numbers.sorted() || numbers == numbers.sorted(by: >)
    }

    private static func haveSamePixels(_ a: FoundSlice, _ b: FoundSlice, _ sources: [SliceSource]) throws -> Bool {
        // A slice that cannot be decoded is told later; here it is like no other.
        guard let left = try? SlicePixels.values(a, sources), let right = try? SlicePixels.values(b, sources) else { return false }
        return left == right
    }

    /// The acquisition with the most slices, by Acquisition Number or else Acquisition Time.
    private static func oneAcquisition(_ slices: [FoundSlice], clash: [FoundSlice], record: inout VolumeRecord) throws -> [FoundSlice] {
        let keys: [(String, (FoundSlice) -> String?)] = [
            ("Acquisition Number", { $0.header.acquisitionNumber.map { String($0) } }), ("Acquisition Time", { $0.header.acquisitionTime }),
        ]
        for (name, key) in keys {
            let parts = Dictionary(grouping: slices) { key($0) ?? "" }
            guard parts.count > 1, Set(clash.map { key($0) ?? "" }).count == clash.count else { continue }
            // The most slices, then the first.
            guard let chosen = parts.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) }) else { continue }
            let others = slices.count - chosen.value.count
            record.note(
                "acquisitions",
                "\(parts.count) acquisitions at the same places, told apart by \(name): one taken, \(others) slices left out",
                files: parts.filter { $0.key != chosen.key }.flatMap { $0.value.map(\.label) })
            return chosen.value
        }
        throw self.clash(clash)
    }

    private static func clash(_ pile: [FoundSlice]) -> VolumeError {
        VolumeError(
            .ambiguous,
            "\(pile.count) different slices at one place, and nothing tells them apart: "
                + pile.prefix(3).map(\.label).joined(separator: ", "))
    }
}
