/// The pictures of a run folder, as users of Ultralytics' trainer know them: each a function from plain values to the bytes of a file.
///
/// All throw `RadiographError` of code `cannotWrite` where a picture cannot be drawn or encoded.
public enum RunCharts {
    /// What the files are called. The label figure is a PNG here.
    public enum FileName {
        public static let results = "results.png"
        public static let precisionRecallCurve = "PR_curve.png"
        public static let precisionCurve = "P_curve.png"
        public static let recallCurve = "R_curve.png"
        public static let f1Curve = "F1_curve.png"
        public static let confusionMatrix = "confusion_matrix.png"
        public static let normalisedConfusionMatrix = "confusion_matrix_normalized.png"
        public static let labels = "labels.png"
        /// Those of one name, and the first batches.
        public static let all =
            [
                results, precisionRecallCurve, precisionCurve, recallCurve, f1Curve, confusionMatrix, normalisedConfusionMatrix, labels,
            ] + (0..<3).flatMap { [trainingBatch($0), validationLabels($0), validationPredictions($0)] }
        /// - Parameter number: From 0.
        public static func trainingBatch(_ number: Int) -> String { "train_batch\(number).jpg" }
        public static func validationLabels(_ number: Int) -> String { "val_batch\(number)_labels.jpg" }
        public static func validationPredictions(_ number: Int) -> String { "val_batch\(number)_pred.jpg" }
    }

    /// Pixels a point of all of them.
    static let scale = 2.0
}
