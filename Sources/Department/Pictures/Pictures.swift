import Archive
import DICOM
import Findings
import Foundation
import Models
import Radiographs

/// Pictures of instances for people: samples for a viewer that windows by itself, small pictures, pictures with boxes.
public struct Pictures: Sendable {
    let content: ContentStore
    let labelMap: LabelMap
    /// Where small pictures are kept; what is there can be deleted at any time.
    let cache: URL
    let work: BlockingWork
    private let decoders = DecoderRegistry.standard

    init(content: ContentStore, labelMap: LabelMap, cache: URL, work: BlockingWork) {
        (self.content, self.labelMap, self.cache, self.work) = (content, labelMap, cache, work)
    }

    /// - Parameter frame: From 1.
    /// - Throws: `RadiographError`, `ArchiveError`.
    public func windowable(_ instance: Instance, frame: Int) async throws -> WindowableImage {
        try await work.run {
            let bytes = try content.bytes(of: instance.digest)
            guard instance.format == "DICOM" else { return WindowableImage(try decoders.decode(bytes, frame: frame)) }
            return try DICOMInstance(bytes).windowableImage(frame: frame)
        }
    }

    /// A JPEG with the reading's boxes, labels and scores, and the strip below that says what it is for.
    /// - Parameters:
    ///   - reading: A person's boxes are drawn dashed and without a score. `nil` for no boxes.
    ///   - side: Pixels of the longer side at most.
    public func rendered(_ instance: Instance, frame: Int, reading: Reading?, side: Int) async throws -> Data {
        try await work.run {
            let radiograph = try decoders.decode(content.bytes(of: instance.digest), frame: frame)
            let classes = Dictionary(labelMap.classes.map { ($0.name, $0) }) { first, _ in first }
            func named(_ label: String) -> FindingClass { classes[label] ?? FindingClass(id: labelMap.classes.count + 1, name: label) }
            let own = (reading?.content.findings ?? []).filter { $0.instance == nil || $0.instance == instance.id }
            let isPerson = reading?.reader.isPerson == true
            let picture = AnnotatedPicture(
                radiograph: radiograph,
                findings: isPerson
                    ? []
                    : own.map {
                        Finding(
                            id: $0.id, findingClass: named($0.label), score: $0.score, probability: $0.probability, geometry: .box($0.box),
                            alternativeTo: $0.alternativeTo)
                    },
                maximumSide: side, truth: isPerson ? own.map { AnnotatedPicture.Truth(box: $0.box, findingClass: named($0.label)) } : [])
            return try picture.jpeg()
        }
    }

    /// A small JPEG.
    public func thumbnail(_ instance: Instance, side: Int) async throws -> Data {
        let kept = cache.appendingPathComponent("\(instance.id.rawValue)-\(side).jpg")
        return try await work.run {
            if let found = try? Data(contentsOf: kept), !found.isEmpty { return found }
            let radiograph = try decoders.decode(content.bytes(of: instance.digest), covering: side)
            let made = try radiograph.radiograph.pixels.jpegThumbnail(maximumSide: side, quality: 80, isFast: true)
            // Whoever cannot keep it makes it again.
            try? made.write(to: kept, options: .atomic)
            return made
        }
    }
}
