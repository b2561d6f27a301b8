import Archive
import Basics
import DICOM
import Department
import Foundation
import Radiographs
import Watching

/// What there is to watch in an archive: of each image what its header says of the machine, what it looks like, what the model said of it, and
/// what readers made of that.
///
/// What an image looks like is measured once and kept in `watched.json`, by the digest of its bytes; no patient and no name is in it.
public struct ArchiveWatch: Sendable {
    private let archive: any Archive
    private let folder: SiteFolder
    private let decoders: DecoderRegistry

    public init(_ archive: any Archive, folder: SiteFolder, decoders: DecoderRegistry) {
        (self.archive, self.folder, self.decoders) = (archive, folder, decoders)
    }

    /// What is kept of an image's bytes.
    private struct Look: Codable {
        var device: String
        var tags: [String: String]
        var numbers: [String: Double]
    }

    private var file: URL { folder.url.appendingPathComponent("watched.json") }

    /// - Throws: `ArchiveError`; `CancellationError`.
    public func images() async throws -> [WatchedImage] {
        var looks = (try? Data(contentsOf: file)).flatMap { try? JSONDecoder().decode([String: Look].self, from: $0) } ?? [:]
        let known = looks.count
        var images: [WatchedImage] = []
        try await ArchiveFeedback(archive, folder: folder).forEachStudy { study in
            let readings = try await archive.readings(of: study.id)
            for instance in try await archive.instances(of: study.id) {
                let look = looks[instance.digest] ?? look(at: instance)
                looks[instance.digest] = look
                images.append(Self.watched(instance, look, readings))
            }
        }
        if looks.count > known {
            try FileManager.default.createDirectory(
                at: folder.url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try AtomicFile.write(JSONEncoder().encode(looks), to: file)
        }
        return images
    }

    private func look(at instance: Instance) -> Look {
        var look = Look(device: "unknown", tags: ["format": instance.format], numbers: [:])
        guard let bytes = try? archive.content.bytes(of: instance.digest) else { return look }
        if instance.format == "DICOM", let dataset = try? DICOMFile(bytes).dataset {
            for (name, tag) in Self.tags { look.tags[name] = dataset.text(tag) }
            look.device = look.tags["station"] ?? look.tags["model"] ?? look.tags["manufacturer"] ?? "unknown"
        }
        guard let pixels = try? decoders.decode(bytes).pixels else {
            look.numbers["cannot be decoded"] = 1
            return look
        }
        look.numbers = Self.numbers(of: pixels)
        look.numbers["cannot be decoded"] = 0
        return look
    }

    /// Elements of the header that say something of the machine, and nothing of the patient.
    private static let tags: [(String, Tag)] = [
        ("manufacturer", .manufacturer), ("model", .manufacturerModelName), ("station", .stationName),
        ("software version", .softwareVersions), ("photometric interpretation", .photometricInterpretation), ("bits stored", .bitsStored),
    ]

    /// Mean and deviation of the greys as shares of the full scale, their middle, the share at either end, and how much neighbours differ.
    static func numbers(of pixels: PixelImage) -> [String: Double] {
        let step = max(1, min(pixels.width, pixels.height) / 256)
        let full = Double(max(1, pixels.maximum))
        var (greys, steps) = ([Double](), 0.0)
        for row in stride(from: 0, to: pixels.height, by: step) {
            for column in stride(from: 0, to: pixels.width, by: step) {
                let place = row * pixels.width + column
                greys.append(Double(pixels.samples[place]) / full)
                if column + 1 < pixels.width { steps += abs(Double(pixels.samples[place + 1]) - Double(pixels.samples[place])) / full }
            }
        }
        guard !greys.isEmpty else { return [:] }
        let count = Double(greys.count)
        let mean = greys.reduce(0, +) / count
        let sorted = greys.sorted()
        return [
            "mean grey": mean, "spread of greys": (greys.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot(),
            "middle grey": sorted[sorted.count / 2], "share at the ends": Double(greys.count { $0 <= 0.002 || $0 >= 0.998 }) / count,
            "noise": steps / count,
        ]
    }

    private static func watched(_ instance: Instance, _ look: Look, _ readings: [Reading]) -> WatchedImage {
        var numbers = look.numbers
        let said = readings.last { $0.instance == instance.id && !$0.reader.isPerson }
        if let content = said?.content {
            numbers["refused"] = content.error == nil ? 0 : 1
            numbers["warnings"] = Double(content.warnings.count)
            numbers["boxes"] = Double(content.findings.count)
            numbers["highest score"] = (content.candidates ?? content.findings).map(\.score).max() ?? 0
        }
        let signed = readings.last { $0.reader.isPerson && $0.status != .preliminary }
        var decisions: [Bool] = []
        if let signed {
            let isHere = { (finding: ReadFinding) in finding.instance == nil || finding.instance == instance.id }
            decisions =
                signed.content.findings.filter(isHere).compactMap { finding in
                    switch finding.decision {
                    case .accepted, .moved: true
                    case .relabelled, .rejected: false
                    case .added, nil: nil
                    }
                } + (signed.content.rejected ?? []).filter(isHere).map { _ in false }
        }
        return WatchedImage(time: instance.received, device: look.device, tags: look.tags, numbers: numbers, decisions: decisions)
    }
}
