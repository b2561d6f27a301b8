import Basics
import DICOM
import Foundation
import Radiographs

/// The slices that many files claim, and what the others are.
struct SeriesHeaders {
    var slices: [FoundSlice] = []
    /// Files that are DICOM and cannot be read.
    var damaged: [(name: String, reason: String)] = []

    /// Reads every header; no pixel is decoded.
    /// - Parameter record: Gets what was left out, and why.
    init(_ sources: [SliceSource], options: VolumeOptions, record: inout VolumeRecord) throws {
        let found = Concurrent.map(sources.count, stretch: 4) { index in Self.read(sources[index], options) }
        var foreign: [String] = []
        var withoutImage: [String] = []
        var withoutPlace: [String] = []
        var scouts: [String] = []
        var modalities: [String: [String]] = [:]
        for (index, outcome) in found.enumerated() {
            let name = sources[index].name
            switch outcome {
            case .foreign: foreign.append(name)
            case .failed(let reason): damaged.append((name, reason))
            case .slices(let headers) where headers.isEmpty: withoutImage.append(name)
            case .slices(let headers):
                for header in headers {
                    guard header.modality == "CT" else {
                        modalities[header.modality.map(Self.code) ?? "unknown", default: []].append(name)
                        continue
                    }
                    guard !header.imageType.contains("LOCALIZER"), !header.imageType.contains("SCOUT") else {
                        scouts.append(name)
                        continue
                    }
                    guard let slice = FoundSlice(header, source: index, name: name) else {
                        withoutPlace.append(name)
                        continue
                    }
                    slices.append(slice)
                }
            }
        }
        record.filesSeen = sources.count
        if !foreign.isEmpty { record.note("not-dicom", "\(Self.count(foreign, "file")) left out: not DICOM", files: foreign) }
        if !withoutImage.isEmpty {
            record.note("no-image", "\(Self.count(withoutImage, "file")) left out: DICOM without an image", files: withoutImage)
        }
        for (modality, files) in modalities.sorted(by: { $0.key < $1.key }) {
            record.note("other-modality", "\(Self.count(files, "image")) left out: modality \(modality), not CT", files: files)
        }
        if !scouts.isEmpty { record.note("localizer", "\(Self.count(scouts, "localizer")) left out", files: scouts) }
        if !withoutPlace.isEmpty {
            record.note(
                "no-place", "\(Self.count(withoutPlace, "image")) left out: no usable position, orientation or spacing", files: withoutPlace
            )
        }
        for (name, reason) in damaged { record.note("unreadable", "\(name) left out: \(reason)", files: [name]) }
        guard slices.isEmpty else { return }
        if let (name, reason) = damaged.first { throw VolumeError(.damaged, "\(name): \(reason)") }
        if !withoutPlace.isEmpty {
            throw VolumeError(.noGeometry, "\(Self.count(withoutPlace, "CT image")), none with a usable position, orientation and spacing")
        }
        if !scouts.isEmpty { throw VolumeError(.localizersOnly, "\(Self.count(scouts, "localizer")) and no slices") }
        if let modality = modalities.keys.min() {
            throw VolumeError(.notComputedTomography, "images of modality \(modality), none of CT")
        }
        throw VolumeError(.noSlices, sources.isEmpty ? "no files" : "\(Self.count(sources.map(\.name), "file")), none with a CT slice")
    }

    private enum Outcome: Sendable {
        case slices([SliceHeader])
        case foreign
        case failed(String)
    }

    private static func read(_ source: SliceSource, _ options: VolumeOptions) -> Outcome {
        do {
            let bytes = try source.bytes()
            guard !bytes.isEmpty else { return .failed("the file is empty") }
            guard DICOMDecoder().recognises(bytes) else { return .foreign }
            return .slices(try SliceHeader.slices(of: bytes, maximumFrames: options.maximumSlices))
        } catch let error as RadiographError {
            return .failed(error.reason)
        } catch {
            return .failed("the file cannot be read")
        }
    }

    /// "1 file", "3 files".
    static func count(_ files: [String], _ noun: String) -> String { "\(files.count) \(noun)\(files.count == 1 ? "" : "s")" }

    /// A modality's code, or that it is none: what stands in a file may be anything.
    private static func code(_ text: String) -> String {
        text.utf8.count <= 16 && text.utf8.allSatisfy { (0x41...0x5A).contains($0) } ? text : "unknown"
    }
}
