import Basics
import CVolumes
import DICOM
import Foundation
import Synchronization

/// Files to one volume: which slices belong together is decided by where they say that they lie, never by their names or numbers.
///
/// Every decision is a line in the volume's record. What cannot be decided is refused with the files it is about. A series is grouped by
/// UID, frame of
/// reference, orientation, size, spacing and kernel; sorted by position along its normal; taken once where slices are doubled; resampled
/// where
/// distances differ; sheared where the gantry was tilted.
public struct VolumeAssembler: Sendable {
    public var options: VolumeOptions

    public init(_ options: VolumeOptions = VolumeOptions()) { self.options = options }

    /// - Throws: `VolumeError`.
    public func assemble(_ sources: [SliceSource]) throws -> Volume {
        var record = VolumeRecord()
        let headers = try SeriesHeaders(sources, options: options, record: &record)
        let group = try SeriesChoice.choose(headers.slices, options: options, record: &record)
        guard group.slices.count <= options.maximumSlices else {
            throw VolumeError(.tooLarge, "\(group.slices.count) slices, the limit is \(options.maximumSlices)")
        }
        for slice in group.slices { try SlicePixels.check(slice) }
        let order = try SliceOrder(group, sources, record: &record)
        let ungapped = try undamaged(order, sources, record: &record)
        let plan = try SlicePlan(ungapped.slices, places: ungapped.places, record: &record)
        try judge(plan.gaps, ungapped.slices, ungapped.damaged, unreadable: headers.damaged.count, sources, record: &record)
        describe(group, plan, ungapped.slices, &record)
        guard plan.geometry.voxelCount <= options.maximumVoxels else {
            let size = "\(plan.geometry.width) x \(plan.geometry.height) x \(plan.geometry.depth)"
            throw VolumeError(.tooLarge, "\(size) voxels, the limit is \(options.maximumVoxels / 1_000_000) million")
        }
        let values = try fill(plan, ungapped.slices, sources, record: &record)
        let volume = Volume(geometry: plan.geometry, values: values, slices: ungapped.slices.map(\.geometry), record: record)
        try PlausibleValues.check(volume)
        return volume
    }

    /// Leaves out slices that cannot be decoded, where a bridge is allowed; else the first that cannot ends the assembly when the volume
    /// is filled.
    private func undamaged(
        _ order: SliceOrder, _ sources: [SliceSource], record: inout VolumeRecord
    ) throws -> (slices: [FoundSlice], places: [Double], damaged: [(place: Double, slice: FoundSlice)]) {
        guard options.damaged == .bridge else { return (order.slices, order.places, []) }
        let slices = order.slices
        let reasons = Concurrent.map(slices.count, stretch: 4) { index -> String? in
            do {
                _ = try SlicePixels.values(slices[index], sources)
                return nil
            } catch {
                return (error as? VolumeError)?.reason ?? "\(slices[index].label): it cannot be read"
            }
        }
        for case let (slice, reason?) in zip(slices, reasons) { record.note("damaged", "\(reason): left out", files: [slice.label]) }
        let kept = slices.indices.filter { reasons[$0] == nil }
        return (
            kept.map { slices[$0] }, kept.map { order.places[$0] },
            slices.indices.filter { reasons[$0] != nil }.map { (order.places[$0], slices[$0]) }
        )
    }

    /// Whether gaps may be bridged. Those that damaged slices left may, where that was allowed.
    private func judge(
        _ gaps: [(before: Int, missing: Int)], _ slices: [FoundSlice], _ damaged: [(place: Double, slice: FoundSlice)], unreadable: Int,
        _ sources: [SliceSource], record: inout VolumeRecord
    ) throws {
        for gap in gaps {
            let (before, behind) = (slices[gap.before], slices[gap.before + 1])
            let what = "\(gap.missing) slice\(gap.missing == 1 ? "" : "s") missing between \(before.label) and \(behind.label)"
            let (low, high) = (before.geometry.position.dot(before.normal), behind.geometry.position.dot(before.normal))
            let known = damaged.filter { $0.place > low && $0.place < high }.count
            if known >= gap.missing {
                record.note("bridged", "\(what), which are damaged: interpolated", files: [before.label, behind.label])
                continue
            }
            let isInLungs = try [before, behind].contains { try LungArea.isInLungs($0, sources) }
            if isInLungs, options.missing == .refuse {
                let more = unreadable > 0 ? "; \(unreadable) file\(unreadable == 1 ? "" : "s") could not be read" : ""
                throw VolumeError(.gap, "\(what), inside the lungs\(more)")
            }
            record.note(
                isInLungs ? "bridged" : "gap", "\(what), \(isInLungs ? "inside" : "outside") the lungs: interpolated",
                files: [before.label, behind.label])
        }
    }

    private func describe(_ group: SliceGroup, _ plan: SlicePlan, _ slices: [FoundSlice], _ record: inout VolumeRecord) {
        let header = slices.first?.header
        record.studyInstanceUID = header?.studyInstanceUID
        record.seriesInstanceUID = header?.seriesInstanceUID
        record.frameOfReferenceUID = header?.frameOfReferenceUID
        record.kernel = header?.kernel
        record.slicesUsed = slices.count
        record.spacing = plan.spacing
        record.tilt = plan.tilt
        record.thickness = SliceGroup.median(slices.compactMap(\.header.thickness))
        if !group.isAxial { record.note("plane", "the slices are not axial") }
        if let thickness = record.thickness, thickness > plan.spacing * 1.02 {
            record.note(
                "overlap", "slices of \(VolumeText.millimetres(thickness)) lie \(VolumeText.millimetres(plan.spacing)) apart: they overlap")
        }
        let coarse = max(plan.spacing, record.thickness ?? 0)
        if coarse > 3 {
            record.smallestNodule = 10
            record.note("thick", "slices of \(VolumeText.millimetres(coarse)): only nodules over 10 mm can be looked for")
        }
        let intercepts = Set(slices.map { "\($0.header.rescaleSlope ?? 1) \($0.header.rescaleIntercept ?? 0)" })
        if intercepts.count > 1 {
            record.note("rescale", "\(intercepts.count) pairs of Rescale Slope and Intercept: each slice by its own")
        }
    }

    /// Decodes every slice to its plane.
    private func fill(
        _ plan: SlicePlan, _ slices: [FoundSlice], _ sources: [SliceSource], record: inout VolumeRecord
    ) throws -> [Int16] {
        let geometry = plan.geometry
        let planeCount = geometry.width * geometry.height
        let counts = Mutex(SlicePixels.Counts())
        let failure = Mutex((index: Int.max, error: VolumeError?.none))
        /// Where a slice goes at first: its own plane, or room beside the volume where no plane is the slice itself.
        let planeOfSlice = plan.planeOfSlice(count: slices.count)
        let extra = planeOfSlice.indices.filter { planeOfSlice[$0] == nil }
        let sliceCount = slices.first.map { $0.geometry.rows * $0.geometry.columns } ?? 0
        guard extra.count * sliceCount + geometry.voxelCount <= 2 * options.maximumVoxels else {
            throw VolumeError(.tooLarge, "\(geometry.voxelCount / 1_000_000) million voxels to be resampled, which is too much")
        }
        var beside = [Int16](repeating: 0, count: extra.count * sliceCount)
        let roomOfSlice = Dictionary(uniqueKeysWithValues: extra.enumerated().map { ($0.element, $0.offset) })
        // Frames of one file are read in stretches, each by one opened file.
        let stretches = Self.stretches(slices, sources)
        let values = beside.withUnsafeMutableBufferPointer { besideBuffer in
            [Int16](unsafeUninitializedCapacity: geometry.voxelCount) { buffer, count in
                nonisolated(unsafe) let volume = buffer.baseAddress
                nonisolated(unsafe) let room = besideBuffer.baseAddress
                DispatchQueue.concurrentPerform(iterations: stretches.count) { number in
                    guard let volume else { return }
                    let stretch = stretches[number]
                    var index = stretch.lowerBound
                    do {
                        let file = try SlicePixels.OpenFile(sources[slices[index].source])
                        for place in stretch {
                            index = place
                            var target = planeOfSlice[index].map { volume + $0 * planeCount }
                            if target == nil, let room, let at = roomOfSlice[index] { target = room + at * sliceCount }
                            guard let target else { continue }
                            let found = try file.read(slices[index], into: target)
                            counts.withLock {
                                $0.padded += found.padded
                                $0.below += found.below
                                $0.above += found.above
                            }
                        }
                    } catch {
                        let reason = SlicePixels.reason(error)
                        failure.withLock {
                            guard index < $0.index else { return }
                            $0 = (index, VolumeError(.damaged, "\(slices[index].label): \(reason)"))
                        }
                    }
                }
                if failure.withLock({ $0.error == nil }), let volume {
                    func plane(_ index: Int) -> UnsafePointer<Int16>? {
                        if let own = planeOfSlice[index] { return UnsafePointer(volume + own * planeCount) }
                        guard let room, let at = roomOfSlice[index] else { return nil }
                        return UnsafePointer(room + at * sliceCount)
                    }
                    Self.finish(plan, sliceCount: sliceCount, first: slices[0].geometry, plane: plane, volume: volume)
                }
                count = geometry.voxelCount
            }
        }
        if let error = failure.withLock({ $0.error }) { throw error }
        note(counts.withLock { $0 }, &record)
        return values
    }

    /// Planes between slices, and slices that are sheared.
    private static func finish(
        _ plan: SlicePlan, sliceCount: Int, first: VolumeSlice, plane: (Int) -> UnsafePointer<Int16>?, volume: UnsafeMutablePointer<Int16>
    ) {
        let planeCount = plan.geometry.width * plan.geometry.height
        var between = [Int16](repeating: 0, count: sliceCount)
        for (number, kind) in plan.planes.enumerated() {
            let target = volume + number * planeCount
            var source: UnsafePointer<Int16>?
            switch kind {
            case .slice(let index): source = plane(index)
            case .between(let below, let above, let share):
                guard let low = plane(below), let high = plane(above) else { continue }
                if plan.shifts == nil {
                    cv_blend(low, high, share, target, sliceCount)
                    continue
                }
                cv_blend(low, high, share, &between, sliceCount)
            }
            guard let shifts = plan.shifts else { continue }
            func shear(_ source: UnsafePointer<Int16>) {
                cv_shift_plane(
                    source, first.columns, first.rows, shifts[number].x, shifts[number].y, Volume.air, target, plan.geometry.width,
                    plan.geometry.height)
            }
            if let source { shear(source) } else { between.withUnsafeBufferPointer { if let start = $0.baseAddress { shear(start) } } }
        }
    }

    private func note(_ counts: SlicePixels.Counts, _ record: inout VolumeRecord) {
        if counts.padded > 0 { record.note("padding", "\(counts.padded) padded pixels taken as air") }
        if counts.below > 0 { record.note("below-air", "\(counts.below) values below -1024 HU set to -1024") }
        if counts.above > 0 { record.note("above", "\(counts.above) values over 32767 HU cut") }
    }

    /// Slices one after another of one file, in stretches of at most sixteen.
    private static func stretches(_ slices: [FoundSlice], _ sources: [SliceSource]) -> [Range<Int>] {
        var stretches: [Range<Int>] = []
        for index in slices.indices {
            if let last = stretches.last, last.count < 16, slices[last.lowerBound].source == slices[index].source {
                stretches[stretches.count - 1] = last.lowerBound..<index + 1
            } else {
                stretches.append(index..<index + 1)
            }
        }
        return stretches
    }
}
