import Basics
import Charts
import Findings
import Foundation
import PleuraTesting
import Testing

/// The numbers beside an axis, as a drawn chart shows them.
@Suite struct AxisNumberTests {
    private struct Tick {
        var place: Double
        var value: Double
        var label: String
    }

    /// The y axis of a chart with these ends: numbers and where they stand, as shares of the height.
    private func ticks(_ axis: ChartAxis, height: Int = 400) throws -> [Tick] {
        let chart = LineChart(x: ChartAxis(range: 0...1), y: axis, series: [])
        let svg = try SVGElement.parse(chart.svg(width: 500, height: height))
        let field = try DrawnField(svg)
        let group = try #require(svg.groups("axis", name: "y").first)
        return try group.children.filter { $0.name == "text" }.map { text in
            let place = (field.y + field.height - (text.number("y") - 3.6)) / field.height
            return Tick(place: place, value: try #require(Double(text.text)), label: text.text)
        }
    }

    /// On 300 random axes from 1e-12 to 1e12 long: numbers are 1, 2 or 5 times a power of ten apart, stand where they say, read as what they
    /// are, differ from each other, and are two to a dozen.
    @Test func numbersAreRoundAndStandWhereTheySay() throws {
        var random = SeededGenerator(seed: 11)
        for round in 0..<300 {
            let length = pow(10, Double.random(in: -12...12, using: &random))
            let lower = Double.random(in: -3...3, using: &random) * length
            let shown = try ticks(ChartAxis(range: lower...(lower + length)))
            #expect((2...13).contains(shown.count), "\(round): \(lower) + \(length)")
            #expect(Set(shown.map(\.label)).count == shown.count)
            let step = (shown[shown.count - 1].value - shown[0].value) / Double(shown.count - 1)
            let mantissa = step / pow(10, floor(log10(step) + 1e-6))
            #expect([1, 2, 5].contains { abs(mantissa - $0) < 1e-4 }, "\(step)")
            for (tick, next) in zip(shown, shown.dropFirst()) { #expect(abs(next.value - tick.value - step) < step * 1e-4) }
            for tick in shown {
                let multiple = tick.value / step
                #expect(abs(multiple - multiple.rounded()) < 1e-3)
                #expect(abs(tick.place - (tick.value - lower) / length) < 1e-4, "\(tick) \(lower) \(length)")
            }
        }
    }

    @Test func wholeNumbersHaveNoHalves() throws {
        #expect(try ticks(ChartAxis(range: 0...3, isWhole: true)).map(\.label) == ["0", "1", "2", "3"])
        #expect(try ticks(ChartAxis(range: 0...3)).map(\.label) == ["0.0", "0.5", "1.0", "1.5", "2.0", "2.5", "3.0"])
    }

    @Test func numbersAreWrittenShort() throws {
        #expect(try ticks(ChartAxis(range: 0...0.00002), height: 200).map(\.label) == ["0", "5e-6", "1e-5", "1.5e-5", "2e-5"])
        #expect(try ticks(ChartAxis(range: -2e6...2e6), height: 200).map(\.label) == ["-2e6", "-1e6", "0", "1e6", "2e6"])
        #expect(try ticks(ChartAxis(range: -0.2...0.2), height: 200).map(\.label) == ["-0.2", "-0.1", "0.0", "0.1", "0.2"])
    }

    /// Powers of ten stand evenly; between them 2 and 5 where there is room.
    @Test func aLogarithmicAxisCountsInPowersOfTen() throws {
        let wide = try ticks(ChartAxis(scale: .logarithmic, range: 1e-6...1e2))
        #expect(wide.map(\.label) == ["1e-6", "1e-5", "0.0001", "0.001", "0.01", "0.1", "1", "10", "100"])
        for (index, tick) in wide.enumerated() { #expect(abs(tick.place - Double(index) / 8) < 1e-4) }
        let narrow = try ticks(ChartAxis(scale: .logarithmic, range: 0.1...10))
        #expect(narrow.map(\.label) == ["0.1", "0.2", "0.5", "1", "2", "5", "10"])
        #expect(abs(narrow[2].place - log10(5) / 2) < 1e-4)
        let many = try ticks(ChartAxis(scale: .logarithmic, range: 1e-30...1e30), height: 200)
        #expect((2...8).contains(many.count))
    }

    /// The image's rows count downwards.
    @Test func aReversedAxisGrowsDownwards() throws {
        let shown = try ticks(ChartAxis(range: 0...1, isReversed: true))
        for tick in shown { #expect(abs(tick.place - (1 - tick.value)) < 1e-4) }
    }
}
