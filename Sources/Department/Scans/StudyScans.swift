import Archive
import Foundation
import Volumes

/// The CT series of studies as volumes, for whoever looks through them. A few are kept in memory, and let go when nobody has looked for a while.
public actor StudyScans {
    private struct Key: Hashable {
        var study: StudyID
        var series: String
    }

    private struct Kept {
        var volume: Task<PatientPlanes, any Error>
        /// Instances that it was made of: one more, and it is another volume.
        var instances: Set<InstanceID>
        var lastUse: ContinuousClock.Instant
    }

    /// Fewer are looked at one by one.
    public static let fewestSlices = 4
    /// Volumes in memory at once; each of 300 slices of 512 x 512 takes 157 MB.
    static let mostKept = 2
    static let patience = Duration.seconds(600)

    private let archive: any Archive
    private let work: BlockingWork
    private var kept: [Key: Kept] = [:]

    init(archive: any Archive, work: BlockingWork) { (self.archive, self.work) = (archive, work) }

    /// The volume of the series that an instance belongs to.
    /// - Throws: `VolumeError`, whose texts call images by their number in the study; `DepartmentError` where it is no CT series; `ArchiveError`.
    public func planes(of instance: Instance) async throws -> PatientPlanes {
        let all = try await archive.instances(of: instance.study)
        let own = all.enumerated().filter { $0.element.seriesInstanceUID == instance.seriesInstanceUID && $0.element.format == "DICOM" }
        guard instance.modality == "CT", own.count >= Self.fewestSlices || own.contains(where: { $0.element.frames >= Self.fewestSlices })
        else {
            throw DepartmentError(.notFound, "this is no CT series of \(Self.fewestSlices) slices or more")
        }
        let key = Key(study: instance.study, series: instance.seriesInstanceUID)
        let identifiers = Set(own.map(\.element.id))
        if let found = kept[key], found.instances == identifiers {
            kept[key]?.lastUse = .now
            return try await found.volume.value
        }
        let content = archive.content
        let sources = own.map { number, instance in
            // A file's name may be a person's: messages go by the number that the page shows.
            SliceSource(name: "image \(number + 1)") { try content.bytes(of: instance.digest) }
        }
        let work = work
        let volume = Task {
            try await work.run {
                // One series lies here, so the choice between several is made. Half of the cores are left to whoever reads films meanwhile.
                let options = VolumeOptions(threads: max(1, ProcessInfo.processInfo.activeProcessorCount / 2))
                return PatientPlanes(try VolumeAssembler(options).assemble(sources))
            }
        }
        kept[key] = Kept(volume: volume, instances: identifiers, lastUse: .now)
        letGo()
        Task { [weak self] in
            try? await Task.sleep(for: Self.patience + .seconds(1))
            await self?.letGoUnused()
        }
        do {
            return try await volume.value
        } catch {
            // It is tried again when asked again: a disk may have been away.
            if kept[key]?.instances == identifiers { kept[key] = nil }
            throw error
        }
    }

    /// A plane's Hounsfield units.
    /// - Throws: As `planes(of:)`.
    public func values(_ plane: PatientPlane, index: Int, slab: Double, of planes: PatientPlanes) async throws -> [Int16] {
        try await work.run { planes.values(plane, index: index, slab: slab) }
    }

    private func letGo() {
        while kept.count > Self.mostKept, let oldest = kept.min(by: { $0.value.lastUse < $1.value.lastUse })?.key { kept[oldest] = nil }
    }

    private func letGoUnused() {
        let now = ContinuousClock.now
        kept = kept.filter { now - $0.value.lastUse < Self.patience }
        guard !kept.isEmpty else { return }
        Task { [weak self] in
            try? await Task.sleep(for: Self.patience / 2)
            await self?.letGoUnused()
        }
    }
}
