import Findings
import Geometry

extension PlotFrame {
    /// A series in points of the picture, broken where there are gaps.
    ///
    /// Where many values fall on one column of the picture, what is drawn are the first, the least, the greatest and the last of them:
    /// the line looks the same, and a run of a million steps stays a small picture.
    /// - Complexity: O(*n*)
    func runs(of values: [SIMD2<Double>]) -> [[SIMD2<Double>]] {
        var runs: [[SIMD2<Double>]] = []
        var run: [SIMD2<Double>] = []
        for pair in values {
            if let place = point(pair) {
                run.append(place)
            } else if !run.isEmpty {
                runs.append(run)
                run = []
            }
        }
        if !run.isEmpty { runs.append(run) }
        return runs.map(thinned)
    }

    private func thinned(_ run: [SIMD2<Double>]) -> [SIMD2<Double>] {
        guard Double(run.count) > 8 * field.width, zip(run, run.dropFirst()).allSatisfy({ $0.x <= $1.x }) else { return run }
        var result: [SIMD2<Double>] = []
        var start = 0
        while start < run.count {
            // Half a point wide, so that nothing shows at scale 2 either.
            let column = (run[start].x * 2).rounded(.down)
            var end = start + 1
            var (least, greatest) = (start, start)
            while end < run.count, (run[end].x * 2).rounded(.down) == column {
                if run[end].y < run[least].y { least = end }
                if run[end].y > run[greatest].y { greatest = end }
                end += 1
            }
            for index in Set([start, least, greatest, end - 1]).sorted() { result.append(run[index]) }
            start = end
        }
        return result
    }
}
