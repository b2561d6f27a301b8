import DICOM

/// Which of several groups of slices becomes the volume.
enum SeriesChoice {
    /// Groups of fewer slices are scouts or single images.
    private static let fewest = 4

    /// - Parameter record: Gets which groups were left out, and why.
    /// - Throws: `VolumeError`: nothing is left, or nobody can say which is meant.
    static func choose(_ slices: [FoundSlice], options: VolumeOptions, record: inout VolumeRecord) throws -> SliceGroup {
        var wanted = slices
        if let series = options.series {
            wanted = slices.filter { $0.header.seriesInstanceUID == series }
            guard !wanted.isEmpty else { throw VolumeError(.noSlices, "no CT slice of the series that was asked for") }
            let others = slices.filter { $0.header.seriesInstanceUID != series }
            if !others.isEmpty {
                record.note("other-series", "\(others.count) slices left out: another series was asked for", files: others.map(\.name))
            }
        }
        ignoreScatteredFrames(&wanted, record: &record)
        var groups = SliceGroup.groups(wanted)
        let large = groups.filter { $0.slices.count >= fewest }
        guard !large.isEmpty else {
            throw VolumeError(
                .tooFew,
                "\(wanted.count) slice\(wanted.count == 1 ? "" : "s"), but no \(fewest) that belong together by series, orientation and size"
            )
        }
        for group in groups where group.slices.count < fewest {
            record.note("scout", "\(group.words) left out: too few for a volume", files: group.slices.map(\.name))
        }
        groups = large
        let axial = groups.filter(\.isAxial)
        if !axial.isEmpty, axial.count < groups.count {
            for group in groups where !group.isAxial {
                record.note(
                    "reformatted", "\(group.words) left out: another plane, and there is an axial one", files: group.slices.map(\.name))
            }
            groups = axial
        }
        if Set(groups.map { $0.slices.first?.header.patientID }).count > 1 {
            throw VolumeError(.ambiguous, "slices of more than one patient: name the files of one, or a series")
        }
        return best(groups, record: &record)
    }

    /// Some programs that take names out of files give every slice a frame of reference of its own, which says nothing.
    private static func ignoreScatteredFrames(_ slices: inout [FoundSlice], record: inout VolumeRecord) {
        for (_, members) in Dictionary(grouping: slices.indices, by: { slices[$0].header.seriesInstanceUID }) {
            let frames = Set(members.map { slices[$0].header.frameOfReferenceUID })
            guard frames.count > 1, members.count >= fewest, members.count < frames.count * fewest else { continue }
            for index in members { slices[index].header.frameOfReferenceUID = nil }
            record.note("frame-of-reference", "\(frames.count) frames of reference in one series of \(members.count) slices: not regarded")
        }
    }

    /// Of the groups that cover nearly all, the thinnest; of these the one with the most slices. The rest is told.
    private static func best(_ groups: [SliceGroup], record: inout VolumeRecord) -> SliceGroup {
        let longest = groups.map(\.extent).max() ?? 0
        let order = groups.sorted { a, b in
            let (aCovers, bCovers) = (a.extent >= 0.8 * longest, b.extent >= 0.8 * longest)
            if aCovers != bCovers { return aCovers }
            if abs(a.spacing - b.spacing) > 0.01 { return a.spacing < b.spacing }
            if a.slices.count != b.slices.count { return a.slices.count > b.slices.count }
            // Any rule will do, so long as it is always the same.
            return (key(a)) < key(b)
        }
        for group in order.dropFirst() {
            let isOther = group.slices.first?.header.seriesInstanceUID != order[0].slices.first?.header.seriesInstanceUID
            let what = isOther ? "another series" : "another reconstruction in the same series"
            record.note("other-series", "\(group.words) left out: \(what)", files: group.slices.map(\.name))
        }
        return order[0]
    }

    private static func key(_ group: SliceGroup) -> String {
        let header = group.slices.first?.header
        return "\(header?.kernel ?? "")|\(header?.seriesInstanceUID ?? "")"
    }
}
