import Basics
import Datasets
import Findings
import Foundation
import Radiographs

/// Looks for everything that would make a training or a measurement on a dataset mislead: leaks between parts, pictures under two names,
/// images that are missing or damaged, boxes that cannot be.
///
/// Every problem is reported, not only the first. Several datasets are taken as the parts of one whole.
public struct DatasetChecker: Sendable {
    /// False reads headers only: a second for thousands of images, but damaged pixels and copies under other names are not found.
    public var readsPixels = true
    public var inspector: any ImageInspector
    public var decoders: DecoderRegistry
    /// Called once an image, from any thread.
    public var onImage: @Sendable (_ total: Int) -> Void = { _ in }

    public init(
        inspector: any ImageInspector = RasterInspector(),
        decoders: DecoderRegistry = DecoderRegistry(decoders: [PNGDecoder(), JPEGDecoder()])
    ) {
        self.inspector = inspector
        self.decoders = decoders
    }

    /// What is to be checked.
    public enum Subject {
        case directory(URL)
        /// Any tool's annotations, by whoever imports them into a new folder, with links instead of images, and tells what it left out.
        /// `title` is what their format is called.
        case annotations(title: String, importing: (URL) throws -> (dataset: Dataset, problems: ProblemList))
    }

    /// True for a folder that is a dataset rather than another tool's annotations.
    public static func isDataset(_ url: URL) -> Bool {
        let manager = FileManager.default
        return manager.fileExists(atPath: url.appendingPathComponent(Dataset.annotationsFile).path)
            && [Dataset.labelMapFile, Dataset.imagesFolder].contains { manager.fileExists(atPath: url.appendingPathComponent($0).path) }
    }

    /// - Parameter subjects: Each with its name for messages.
    /// - Throws: `DatasetError` where a source cannot be read at all.
    public func check(_ subjects: [(path: String, subject: Subject)]) throws -> DatasetCheckReport {
        var sets: [CheckedSet] = []
        var temporary: [URL] = []
        defer { for folder in temporary { try? FileManager.default.removeItem(at: folder) } }
        for (index, (path, subject)) in subjects.enumerated() {
            switch subject {
            case .directory(let directory): sets.append(CheckedSet(directory: directory, path: path, set: index))
            case .annotations(let title, let importing):
                let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pleura-check-\(UUID().uuidString)")
                temporary.append(folder)
                sets.append(try imported(title, importing, folder, path, index))
            }
        }
        var problems = sets.flatMap(\.problems)
        let images = sets.flatMap(\.images)
        let looks = Concurrent.map(images.count) { index in
            defer { onImage(images.count) }
            return look(at: images[index])
        }
        for (image, look) in zip(images, looks) {
            problems += look.problems
            problems += image.boxProblems(width: look.width ?? image.width, height: look.height ?? image.height)
            problems += image.doubledBoxes()
        }
        problems += PatientLeaks.problems(images)
        problems += copyProblems(images, looks.map(\.fingerprint))
        for (index, set) in sets.enumerated() { problems += warnings(set, subjects[index]) + sourceProblems(subjects[index]) }
        let sorted = problems.filter { $0.severity == .failure } + problems.filter { $0.severity == .warning }
        return DatasetCheckReport(
            paths: subjects.map(\.path), images: images.count, boxes: images.reduce(0) { $0 + $1.boxes.count },
            patients: Set(images.map(\.patient)).count, hasReadPixels: readsPixels, problems: sorted)
    }

    private func imported(
        _ title: String, _ importing: (URL) throws -> (dataset: Dataset, problems: ProblemList), _ folder: URL, _ path: String, _ index: Int
    ) throws -> CheckedSet {
        func problems(_ texts: ProblemList) -> [DatasetProblem] {
            texts.map { text in
                // The import writes "file, row: what is wrong".
                let parts = text.split(separator: ": ", maxSplits: 1).map(String.init)
                return DatasetProblem(
                    .annotation, path: path, place: parts.count == 2 ? parts[0] : title, message: parts.last ?? text)
            }
        }
        do {
            let outcome = try importing(folder)
            var set = CheckedSet(outcome.dataset, path: path, set: index)
            set.problems = problems(outcome.problems)
            return set
        } catch let error as DatasetError where error.code == .malformed {
            var set = CheckedSet()
            set.problems = problems(error.problems)
            return set
        }
    }

    /// What one image's file says.
    private struct Look: Sendable {
        var width: Int?
        var height: Int?
        var fingerprint: PictureFingerprint?
        var problems: [DatasetProblem] = []
    }

    private func look(at image: CheckedImage) -> Look {
        var look = Look()
        guard FileManager.default.fileExists(atPath: image.url.path) else {
            look.problems.append(image.problem(.imageMissing, "its file is missing"))
            return look
        }
        do {
            if readsPixels {
                let picture = try decoders.decode(path: image.url.path).pixels
                (look.width, look.height) = (picture.width, picture.height)
                look.fingerprint = PictureFingerprint(picture)
                if look.fingerprint == nil {
                    look.problems.append(image.problem(.imageFlat, "the picture is of one grey", severity: .warning))
                }
            } else {
                let facts = try inspector.facts(of: image.url)
                (look.width, look.height) = (facts.width, facts.height)
            }
        } catch {
            let reason = (error as? RadiographError)?.description ?? "cannot be opened"
            look.problems.append(image.problem(.imageUnreadable, "its file cannot be read: \(reason)"))
            return look
        }
        if let width = look.width, let height = look.height, (width, height) != (image.width, image.height) {
            look.problems.append(
                image.problem(.imageSize, "it is said to have \(image.width) x \(image.height) pixels and has \(width) x \(height)"))
        }
        return look
    }

    private func copyProblems(_ images: [CheckedImage], _ fingerprints: [PictureFingerprint?]) -> [DatasetProblem] {
        let copies = CopyFinder.copies(fingerprints) { index in
            (try? decoders.decode(path: images[index].url.path)).map { PictureDetail.confirming($0.pixels) } ?? []
        }
        return copies.sorted { $0.key < $1.key }.map { index, first in
            let (image, other) = (images[index], images[first])
            let name = other.name(seenFrom: image)
            guard let reason = image.separation(from: other) else {
                return image.problem(.pictureTwice, "the same picture as \(name)")
            }
            return image.problem(.pictureLeak, "the same picture as \(name), \(reason)")
        }
    }
}
