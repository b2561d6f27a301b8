import Evaluation

/// The headline figures with their intervals.
struct HeadlineIntervals {
    var map50, map, map40: ReportedFigure
    /// One a class.
    var averagePrecision50: [ReportedFigure]
    /// The mean over classes, one a threshold of `Localisation.overlapThresholds`.
    var localisation: [ReportedFigure]
    /// The mean over classes, one a rate of `FROC.luna16Rates`.
    var froc: [ReportedFigure]
    /// The mean of `froc`: LUNA16's competition performance metric.
    var competitionPerformance: ReportedFigure

    init(_ scored: ScoredImages) {
        let headline = scored.headline
        let figures = headline.figures()
        let intervals = scored.bootstrap.intervals { Self.values(headline.figures(weights: $0)) }
        var next = 0
        func interval() -> ConfidenceInterval? {
            defer { next += 1 }
            return intervals[next]
        }
        map50 = ReportedFigure(figures.map50, interval())
        map = ReportedFigure(figures.map, interval())
        map40 = ReportedFigure(figures.map40, interval())
        averagePrecision50 = figures.averagePrecision50.map { _ in ReportedFigure(interval()) }
        localisation = figures.localisation.map { ReportedFigure(MeanOverClasses($0), interval()) }
        froc = figures.froc.map { ReportedFigure($0, interval()) }
        competitionPerformance = ReportedFigure(Self.mean(figures.froc), interval())
    }

    static func values(_ figures: HeadlineFigures) -> [Double?] {
        [figures.map50.value, figures.map.value, figures.map40.value] + figures.averagePrecision50
            + figures.localisation.map { MeanOverClasses($0).value } + figures.froc.map(\.value) + [mean(figures.froc).value]
    }

    /// Over the rates; every class with truth has a sensitivity at each, so it is the mean of the classes' own means too.
    private static func mean(_ rates: [MeanOverClasses]) -> MeanOverClasses {
        var mean = MeanOverClasses(rates.map(\.value))
        (mean.classes, mean.classCount) = (rates.first?.classes ?? 0, rates.first?.classCount ?? 0)
        return mean
    }
}
