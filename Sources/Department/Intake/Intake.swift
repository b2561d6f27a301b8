import Archive
import Basics
import DICOM
import Foundation
import Radiographs

/// What became of what was sent.
public struct IntakeResult: Sendable {
    public struct Taken: Hashable, Sendable {
        public let instance: InstanceID
        public let study: StudyID
        /// It had been there before.
        public let isDuplicate: Bool
        public let name: String
    }

    public struct Refused: Hashable, Sendable {
        public let name: String
        /// One word, for programs.
        public let code: String
        /// One line, without patient data.
        public let reason: String
    }

    public internal(set) var taken: [Taken] = []
    public internal(set) var refused: [Refused] = []
}

/// Takes files into the archive: looks what they are, keeps their bytes, and notes that they are to be read. What it reports as taken is on the disk.
public struct Intake: Sendable {
    let archive: any Archive
    let feed: EventFeed
    let settings: @Sendable () -> SiteSettings
    /// Told when there is a new job.
    let wake: @Sendable () -> Void
    let work: BlockingWork
    var limits = DecodingLimits()
    var zipLimits = ZipFile.Limits()
    /// Bytes of an image. The largest detector's has 40 million.
    var mostBytes = 512 << 20

    /// A file, or a ZIP archive of files.
    /// - Parameters:
    ///   - file: Received whole.
    ///   - name: What the sender calls it; only ever shown.
    /// - Throws: `ArchiveError` where nothing can be kept, as on a full disk. A file that is not taken for its content is told in the result.
    public func take(_ file: IncomingFile, name: String, protocolName: String?, urgency: StudyUrgency? = nil) async throws -> IntakeResult {
        let shown = Self.shown(name)
        var result = IntakeResult()
        do {
            switch try await work.run({ try content(of: file, name: shown, protocolName: protocolName) }) {
            case .files(let zip):
                if zip.entries.isEmpty { throw DepartmentError(.unreadable, "a ZIP archive without files") }
                for entry in zip.entries { try await take(entry, of: zip, protocolName: protocolName, urgency: urgency, into: &result) }
            case .image(let image): try await take(image, name: shown, urgency: urgency, into: &result)
            case .refused(let refusal): result.refused.append(refusal)
            }
        } catch let error as DepartmentError {
            result.refused.append(Self.refused(shown, error))
        }
        return result
    }

    private enum Content: Sendable {
        case files(ZipFile)
        /// Kept.
        case image(ReceivedImage)
        case refused(IntakeResult.Refused)
    }

    /// Waits for the disk, once for all that has to be done with the bytes.
    private func content(of file: IncomingFile, name: String, protocolName: String?) throws -> Content {
        let bytes = try file.bytes()
        if ZipFile.recognises(bytes.prefix(4)) { return .files(try ZipFile(path: file.path, limits: zipLimits)) }
        guard file.count <= mostBytes else {
            throw DepartmentError(.tooLarge, "a file of \(file.count >> 20) MB; images of \(mostBytes >> 20) MB are taken at most")
        }
        do {
            let image = try ReceivedImage(
                bytes, digest: file.digestSoFar, name: name, received: Date(),
                protocolName: settings().readingProtocol(protocolName).name, limits: limits)
            // The bytes are on the disk before a row speaks of them.
            _ = try file.keep()
            return .image(image)
        } catch let error as RadiographError {
            return .refused(IntakeResult.Refused(name: name, code: Self.word(error.code.rawValue), reason: error.reason))
        }
    }

    private func take(
        _ entry: ZipFile.Entry, of zip: ZipFile, protocolName: String?, urgency: StudyUrgency?, into result: inout IntakeResult
    ) async throws {
        let name = Self.shown(entry.name)
        do {
            let unpacked = try await work.run {
                let file = try IncomingFile(in: archive.content)
                try zip.unpack(entry) { try file.write($0) }
                return try content(of: file, name: name, protocolName: protocolName)
            }
            switch unpacked {
            case .files: throw DepartmentError(.unreadable, "a ZIP archive inside a ZIP archive; send it by itself")
            case .image(let image): try await take(image, name: name, urgency: urgency, into: &result)
            case .refused(let refusal): result.refused.append(refusal)
            }
        } catch let error as DepartmentError {
            result.refused.append(Self.refused(name, error))
        }
    }

    private func take(
        _ image: ReceivedImage, name: String, urgency: StudyUrgency?, into result: inout IntakeResult
    ) async throws {
        var study = image.study
        if let urgency { study.urgency = urgency }
        let standings = Standings(settings: settings())
        switch try await archive.register(image.instance, in: study, jobKind: ModelReading.jobKind, standing: { standings($0) }) {
        case .new:
            result.taken.append(IntakeResult.Taken(instance: image.instance.id, study: study.id, isDuplicate: false, name: name))
            feed.publish(.received(study.id, image.instance.id))
            wake()
        case .duplicate:
            let known = try await archive.instance(image.instance.id)
            result.taken.append(
                IntakeResult.Taken(instance: image.instance.id, study: known?.study ?? study.id, isDuplicate: true, name: name))
        case .conflict:
            // A system that stores a file anew changes some of its header; the picture is the same, and nothing is lost.
            if let known = try await samePicture(as: image.instance) {
                result.taken.append(IntakeResult.Taken(instance: known.id, study: known.study, isDuplicate: true, name: name))
                return
            }
            throw DepartmentError(.conflict, "another file with the same SOP Instance UID is here already; it is kept as it is")
        }
    }

    /// The instance of the same SOP Instance UID, where it shows the very same picture.
    private func samePicture(as instance: Instance) async throws -> Instance? {
        let known = try await archive.instances(of: instance.study).first { $0.sopInstanceUID == instance.sopInstanceUID }
        guard let known, known.format == "DICOM", instance.format == "DICOM", known.frames == 1, instance.frames == 1 else { return nil }
        return try await work.run {
            guard let old = try? DICOMInstance(archive.content.bytes(of: known.digest)).windowableImage(),
                let new = try? DICOMInstance(archive.content.bytes(of: instance.digest)).windowableImage()
            else { return nil }
            return old.showsSamePicture(as: new) ? known : nil
        }
    }

    private static func refused(_ name: String, _ error: DepartmentError) -> IntakeResult.Refused {
        IntakeResult.Refused(name: name, code: word(error.code.rawValue), reason: error.reason)
    }

    private static func word(_ code: String) -> String { code.replacing(" ", with: "_") }

    /// The last part of what may be a path, without control characters and not longer than names of files are.
    static func shown(_ name: String) -> String {
        let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
        let plain = String(String.UnicodeScalarView(last.unicodeScalars.filter { $0.properties.generalCategory != .control }))
        return plain.isEmpty ? "unnamed" : String(plain.prefix(255))
    }
}
