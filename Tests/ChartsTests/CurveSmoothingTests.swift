import Charts
import Testing

@Suite struct CurveSmoothingTests {
    /// Means of a Gaussian as `scipy.ndimage.gaussian_filter1d(x, 1.5)` gives them (SciPy 1.x), away from the ends, where both agree.
    @Test func smoothingIsSciPys() {
        let values = (0..<40).map { (index: Int) -> Double in
            let square = Double(index * index) / 100
            return Double(index * 37 % 23) / 10 + square
        }
        let expected = [
            2.0642713855, 2.3249905842, 2.6699996826, 2.9707188812, 3.1824951334, 3.4142713855, 3.7749905842, 4.2197944741, 4.6183540291,
            4.9150211083, 5.1814843849, 5.4735058818, 5.7799691584, 6.1566362376, 6.6751957927, 7.2799996826, 7.8407188812, 8.3124951334,
            8.8042713855, 9.4249905842,
        ]
        for (value, other) in zip(CurveSmoothing.gaussian(values, sigma: 1.5)[10..<30], expected) { #expect(abs(value - other) < 1e-9) }
    }

    /// A constant stays one to its ends and beside gaps, gaps stay gaps, and a long curve keeps its shape in fewer points.
    @Test func smoothingMakesNothingUp() {
        let values = [2.0, 2, .nan, 2, 2, .infinity, 2]
        for (value, smooth) in zip(values, CurveSmoothing.gaussian(values, sigma: 3)) {
            #expect(value.isFinite ? abs(smooth - 2) < 1e-12 : smooth.isNaN)
        }
        #expect(CurveSmoothing.gaussian([], sigma: 3).isEmpty)
        let line = (0..<50_000).map { SIMD2(Double($0), 3 * Double($0)) }
        let smooth = CurveSmoothing.curve(line)
        #expect(smooth.count == 1_000)
        for point in smooth[100..<900] { #expect(abs(point.y - 3 * point.x) < 1e-6 * point.y) }
    }
}
