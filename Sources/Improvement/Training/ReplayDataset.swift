import Basics
import Datasets
import Findings
import Foundation

/// Old boxes and new ones in one dataset of two sources, so that a training shows both as often (replay against forgetting: Chaudhry et al., 2019;
/// for radiographs RCLP, 2404.06859). Where a source does not cover a finding, its silence teaches nothing.
package enum ReplayDataset {
    /// Sources that are called `old: …` are shown as often, together, as those that are called `new: …` (`sampling.by_source`).
    static let oldSource = "old: released"

    /// - Returns: How many images came from each.
    /// - Throws: `ImprovementError` where one of them has no images.
    package static func write(old: Dataset, new: Dataset, findingClasses: [FindingClass], to target: URL) throws -> (old: Int, new: Int) {
        var images: [DatasetImage] = []
        var links: [(name: String, file: URL)] = []
        func take(_ dataset: Dataset, prefix: String, _ sources: (DatasetImage) -> [String]) {
            let names = dataset.findingClasses.names
            let ids = Dictionary(findingClasses.map { ($0.name.lowercased(), $0.id) }) { first, _ in first }
            func own(_ annotations: [Annotation]) -> [Annotation] {
                annotations.compactMap { annotation in
                    names[annotation.classID].flatMap { ids[$0.lowercased()] }.map { id in
                        var moved = annotation
                        moved.classID = id
                        return moved
                    }
                }
            }
            for image in dataset.images {
                var taken = image
                taken.id = images.count + 1
                taken.fileName = "\(prefix)/\(image.fileName)"
                (taken.boxes, taken.absent, taken.unknown) = (own(image.boxes), own(image.absent), own(image.unknown))
                taken.part = nil
                taken.sources = sources(image)
                images.append(taken)
                links.append((taken.fileName, dataset.url(of: image)))
            }
        }
        take(old, prefix: "old") { image in old.sources.isEmpty ? [oldSource] : image.sources.map { "old: \($0)" } }
        let before = images.count
        take(new, prefix: "new") { image in image.sources.map { "new: \($0)" } }
        guard before > 0, images.count > before else {
            throw ImprovementError(.nothing, before > 0 ? "the site's dataset has no images" : "the old dataset has no images")
        }
        let all = findingClasses.map(\.name)
        func known(_ names: [String]) -> [String] { names.filter(all.contains) }
        func renamed(_ source: DataSource, _ prefix: String) -> DataSource {
            DataSource(
                name: "\(prefix): \(source.name)", readers: source.readers, boxed: known(source.boxed), labelled: known(source.labelled),
                complete: known(source.complete))
        }
        let olds = old.sources.isEmpty ? [DataSource(name: oldSource, boxed: all, complete: all)] : old.sources.map { renamed($0, "old") }
        let strange = all.filter { FindingOntology.standard.name(of: $0) == nil }
        let ontology =
            strange.isEmpty
            ? FindingOntology.standard
            : try FindingOntology(
                json: try JSONEncoder().encode(["findings": strange.map { FindingOntology.Entry(name: $0) }]), file: "ontology.json")
        _ = try Dataset.creating(target) { folder in
            for (name, file) in links {
                let place = folder.appendingPathComponent("images").appendingPathComponent(name)
                try FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
                try FileManager.default.createSymbolicLink(at: place, withDestinationURL: file.resolvingSymlinksInPath())
            }
            return Dataset(
                directory: folder, findingClasses: findingClasses, images: images, folds: [:],
                sources: olds + new.sources.map { renamed($0, "new") }, ontology: ontology)
        }
        return (before, images.count - before)
    }
}
