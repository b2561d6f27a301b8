import Evaluation
import Findings
import Models

extension ReportMaker {
    /// For boxes and for whole images: how far scores are from probabilities, as they are and fitted, and the curves for a card.
    func calibration() -> (figures: [EvaluationReport.CalibrationFigures], curves: [ModelCard.Calibration]) {
        let boxes = searched.headline.froc.curves.indices.map { try? searched.headline.froc.curves[$0].calibrationSample() }
        let ofBoxes = calibration(boxes, .box, searched.bootstrap, images: searched.images)
        let ofImages = calibration(imageSamples(), .image, bootstrap, images: images)
        return ([ofBoxes.0, ofImages.0].compactMap { $0 }, ofBoxes.1 + ofImages.1)
    }

    private func calibration(
        _ samples: [CalibrationSample?], _ subject: ModelCard.Calibration.Subject, _ bootstrap: PatientBootstrap, images: [EvaluatedImage]
    ) -> (EvaluationReport.CalibrationFigures?, [ModelCard.Calibration]) {
        let groups = Self.groups(images.map(\.patient), count: 5)
        var curves: [ModelCard.Calibration] = [], notFitted: [String: String] = [:]
        var fitted: [(sample: CalibrationSample, fitting: CalibrationFitting)] = []
        for (index, sample) in samples.enumerated() {
            guard let sample, !sample.scores.isEmpty else { continue }
            do {
                let fitting = try CalibrationFitting(sample, groups: sample.images.map { groups[$0] })
                fitted.append((sample, fitting))
                guard let curve = fitting.best(sample) else { continue }
                curves.append(
                    ModelCard.Calibration(
                        finding: labels[index], subject: subject, curve: curve, split: input.split, examples: sample.scores.count,
                        positives: sample.positives))
            } catch {
                notFitted[labels[index]] = error.reason
            }
        }
        let there = samples.compactMap { $0 }
        let readings =
            [reading("score", there, bootstrap)]
            + CalibrationFitting.Method.allCases.map { method in
                reading(
                    method.rawValue, fitted.compactMap { $0.sample.replacingScores(with: $0.fitting.probabilities[method] ?? []) },
                    bootstrap)
            }
        let figures = EvaluationReport.CalibrationFigures(
            subject: subject.rawValue, examples: there.reduce(0) { $0 + $1.scores.count }, positives: there.reduce(0) { $0 + $1.positives },
            readings: readings.compactMap { $0 }, notFitted: notFitted)
        return (figures.examples > 0 ? figures : nil, curves)
    }

    /// All findings' examples together; `nil` where there are none or their scores are not in 0...1.
    private func reading(
        _ method: String, _ samples: [CalibrationSample], _ bootstrap: PatientBootstrap
    ) -> EvaluationReport.CalibrationFigures.Reading? {
        guard !samples.isEmpty,
            let pooled = try? CalibrationSample(
                scores: samples.flatMap(\.scores), outcomes: samples.flatMap(\.outcomes), images: samples.flatMap(\.images)),
            !pooled.scores.isEmpty, let reliability = try? Reliability(pooled)
        else { return nil }
        // Draws of few examples are farther from any line than the examples are, so the error's own draws would not hold it.
        return EvaluationReport.CalibrationFigures.Reading(
            method: method, expectedCalibrationError: reliability.expectedCalibrationError(),
            brierScore: ReportedFigure(bootstrap.interval { reliability.brierScore(weights: $0) }), bins: reliability.bins())
    }

    /// A group for each image, the same for all images of a patient and about equally many patients in each.
    static func groups(_ patients: [String], count: Int) -> [Int] {
        let order = Dictionary(Set(patients).map { ($0, stableHash($0)) }) { first, _ in first }.sorted {
            ($0.value, $0.key) < ($1.value, $1.key)
        }
        let group = Dictionary(order.enumerated().map { ($1.key, $0 % max(1, count)) }) { first, _ in first }
        return patients.map { group[$0] ?? 0 }
    }

    /// FNV-1a: Swift's own hash is another in every run.
    static func stableHash(_ text: String) -> UInt64 {
        text.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}

extension CalibrationSample {
    fileprivate func replacingScores(with scores: [Double]) -> CalibrationSample? {
        try? CalibrationSample(scores: scores, outcomes: outcomes, images: images)
    }
}
