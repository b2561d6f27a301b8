import Basics
import Datasets
import Evaluation
import EvaluationReports
import Foundation
import Predictions

extension ScoredDetections {
    /// Another tool's predictions. The observer is told each row that is wrong.
    /// - Parameter path: A file or folder that `PredictionFile` reads.
    /// - Throws: `AssessmentError` where it cannot be read.
    init(predictions path: String, of assessed: AssessedImages, observer: any WorkObserver) throws(AssessmentError) {
        let dataset = assessed.dataset
        let (file, checked) = try AssessmentError.about(path) {
            let file = try PredictionFile.read(URL(fileURLWithPath: path), images: dataset.images, findingClasses: dataset.findingClasses)
            // Held against all images of the dataset: a row about another fold is no stranger.
            let check = try PredictionCheck(
                images: dataset.images.map { EvaluatedImage($0, findingClasses: dataset.findingClasses) },
                findingClasses: dataset.findingClasses)
            return (file, try check.check(file.rows))
        }
        var problems = file.problems
        problems += checked.problems
        for problem in problems { observer.failed(path, problem) }
        images = assessed.images
        let byID = Dictionary(checked.images.map { ($0.id, $0.detections) }) { first, _ in first }
        detections = images.map { byID[$0.stem] ?? [] }
        leftOutRows = file.leftOut + checked.leftOut
        subject.name = URL(fileURLWithPath: path).lastPathComponent
        subject.format = file.format
        (subject.rowsUsed, subject.rowsLeftOut) = (checked.used, leftOutRows)
        if leftOutRows > 0 {
            warnings.append(.init(.danger, "\(leftOutRows) of \(leftOutRows + checked.used) rows of the predictions are left out"))
        }
        warnings.append(.init(.note, "whether the maker of these predictions has learnt from these patients is not known here"))
    }
}
