import Datasets
import Foundation

extension DatasetChecker {
    /// What is wrong with what a dataset's sources say. A dataset that cannot be read at all is told of elsewhere.
    func sourceProblems(_ subject: (path: String, subject: Subject)) -> [DatasetProblem] {
        guard case .directory(let directory) = subject.subject else { return [] }
        do {
            _ = try Dataset.readSources(in: directory)
        } catch {
            let problems = (error as? DatasetError)?.problems ?? ["\(Dataset.sourcesFile): it cannot be read"]
            return problems.map { Self.problem($0, path: subject.path) }
        }
        guard let dataset = try? Dataset.read(directory: directory), let review = dataset.sourceReview else { return [] }
        func warning(_ kind: DatasetProblem.Kind, _ place: String, _ message: String, image: String? = nil) -> DatasetProblem {
            DatasetProblem(kind, severity: .warning, path: subject.path, place: place, image: image, message: message)
        }
        var problems = review.faults.map { Self.problem($0, path: subject.path) }
        problems += review.contradictions.map {
            warning(.sourceContradiction, "\(Dataset.annotationsFile), image \($0.position)", $0.text, image: $0.image)
        }
        if review.imagesWithoutSource > 0 {
            problems.append(
                warning(
                    .sourceMissing, Dataset.annotationsFile,
                    "\(review.imagesWithoutSource) images name no source: nothing is known of them but their boxes"))
        }
        return problems + review.strangers.map { warning(.sourceMissing, Dataset.annotationsFile, "labels of whole images: \($0)") }
    }

    /// A line "place: what is wrong".
    private static func problem(_ line: String, path: String) -> DatasetProblem {
        let parts = line.split(separator: ": ", maxSplits: 1).map(String.init)
        return DatasetProblem(
            .source, path: path, place: parts.count == 2 ? parts[0] : Dataset.sourcesFile, message: parts.last ?? line)
    }
}
