import Basics
import Foundation
import ModelGraph
import PleuraTesting
import Testing

/// What becomes of numbers and of the graph; `NetworkQuantisationTests` runs such graphs.
@Suite struct QuantisationTests {
    /// The test network of the engine's tests: six convolutions, the last of them behind a global average.
    private func network() throws -> ONNXModel {
        let file = TinyModel.network("convolutions")
        return try ONNXModel(bytes: Data(contentsOf: file))
    }

    // MARK: Weights

    @Test func everyChannelHasItsOwnScaleAndRoundsToTheNearestStep() throws {
        var random = SeededGenerator(seed: 4)
        // Channels a thousand times apart: with one scale for all the small ones would be zeros.
        let values = [Float(1), 0.001, 40].flatMap { size in (0..<18).map { _ in Float.random(in: -size...size, using: &random) } }
        let weights = try #require(QuantisedWeights(NumericArray(shape: [3, 2, 3, 3], values: values)))
        for channel in 0..<3 {
            let row = values[channel * 18..<(channel + 1) * 18]
            let largest = try #require(row.map(abs).max())
            #expect(abs(weights.scales[channel] - largest / 127) <= largest * 1e-6)
            #expect(weights.values[channel * 18..<(channel + 1) * 18].map { abs(Int($0)) }.max() == 127)
            for index in row.indices {
                #expect(abs(weights.dequantised.values[index] - values[index]) <= weights.scales[channel] * 0.5001)
            }
        }
    }

    @Test func aChannelOfZerosStaysZeroAndWhatIsNotFiniteIsRefused() throws {
        let weights = try #require(QuantisedWeights(NumericArray(shape: [2, 1, 1, 2], values: [0, 0, 1, -1])))
        #expect(weights.values == [0, 0, 127, -127] && weights.dequantised.values[0] == 0)
        #expect(QuantisedWeights(NumericArray(shape: [1, 1, 1, 2], values: [1, .nan])) == nil)
        #expect(QuantisedWeights(NumericArray(shape: [1, 1, 1, 2], values: [1, .infinity])) == nil)
    }

    // MARK: Ranges

    @Test func zeroIsOneOfTheStepsWhateverTheRange() {
        for (low, high) in [(-1, 3), (0, 6), (2, 5), (-7, -2), (-0.1, 100), (0, 0), (.nan, 1), (-1, .infinity)] as [(Float, Float)] {
            let range = ActivationRange(low: low, high: high)
            #expect(range.low <= 0 && range.high >= 0 && range.scale > 0 && range.scale.isFinite)
            #expect(abs(range.low + Float(range.zeroPoint) * range.scale) <= range.scale * 0.5001)
            #expect(range.high - Float(255 - Int(range.zeroPoint)) * range.scale <= range.scale * 0.5001)
        }
        #expect(ActivationRange(low: -1, high: 3).zeroPoint == 64)
    }

    /// Against sorting all values.
    @Test func anImagesEndsAreThoseAtOneInTenThousandAndImagesAreAveraged() throws {
        var random = SeededGenerator(seed: 5)
        var statistics = ActivationStatistics()
        var (lows, highs): ([Float], [Float]) = ([], [])
        for image in 0..<3 {
            var values = (0..<50_000).map { _ in Float.random(in: -2...Float(3 + image), using: &random) }
            // One outlier in ten thousand and fewer are cut off.
            values[17] = 4_000
            values[1_000] = -900
            let sorted = values.sorted()
            lows.append(sorted[5])
            highs.append(sorted[values.count - 6])
            statistics.add(values)
        }
        let range = try #require(statistics.range)
        // A bin is 4,900 / 8,192 wide.
        #expect(abs(range.low - lows.reduce(0, +) / 3) < 0.7 && abs(range.high - highs.reduce(0, +) / 3) < 0.7)
        #expect(statistics.count == 3)
    }

    @Test func fewValuesKeepTheirExtremesAndWhatIsNotANumberIsNoImage() throws {
        var statistics = ActivationStatistics()
        #expect(statistics.range == nil)
        statistics.add([Float.nan, 1])
        statistics.add([Float]())
        #expect(statistics.range == nil)
        statistics.add([Float(-2), 0, 8])
        statistics.add([Float(-4), 0, 10])
        #expect(statistics.range == ActivationRange(low: -3, high: 9))
    }

    // MARK: The graph

    @Test func weightsOfSixteenBitsBecomeThirtyTwoAgain() throws {
        var model = try network()
        #expect(model.operatorCounts["Cast"] == 1)
        model.restoreFullPrecisionWeights()
        #expect(model.operatorCounts["Cast"] == nil)
        try model.foldBatchNormalisation()
        #expect(model.operatorCounts["BatchNormalization"] == nil && model.quantisableConvolutions.count == 5)
    }

    @Test func convolutionsBehindAGlobalAverageStayAsTheyAre() throws {
        var model = try network()
        model.restoreFullPrecisionWeights()
        try model.foldBatchNormalisation()
        let found = model.quantisableConvolutions
        #expect(model.operatorCounts["Conv"] == 6)
        #expect(found.map(\.output) == ["normal", "cells", "carried", "score_map", "box_map"])
        #expect(found.map(\.input) == ["image", "rectified", "cells", "carried", "carried"])
    }

    @Test func aValueReadTwiceIsQuantisedOnceAndWeightsAreStoredAsIntegers() throws {
        var model = try network()
        model.restoreFullPrecisionWeights()
        try model.foldBatchNormalisation()
        let range = ActivationRange(low: 0, high: 1)
        let quantised = try model.quantised(
            model.quantisableConvolutions, ranges: ["image": range, "rectified": range, "cells": range, "carried": range])
        #expect(quantised.operatorCounts["QuantizeLinear"] == 4 && quantised.operatorCounts["DequantizeLinear"] == 4 + 5)
        #expect(quantised.integerWeightNames.count == 5 && quantised.isQuantised && !model.isQuantised)
        #expect(quantised.outputNames == model.outputNames && quantised.operatorCounts["Conv"] == 6)
        // None of the 32-bit weights stays beside its integers.
        #expect(try quantised.bytes().range(of: Data("cells.weight.integers".utf8)) != nil)
        #expect(throws: ModelGraphError.self) { try model.quantised(model.quantisableConvolutions, ranges: ["image": range]) }
    }

    /// 1,000 weights in 8 bits are a kilobyte, not four.
    @Test func theFileIsAQuarterAsLarge() throws {
        var builder = GraphBuilder(name: "large")
        let image = builder.input("image", axes: [.open("N"), .fixed(1), .fixed(64), .fixed(64)])
        let weight = builder.constant("weight", NumericArray(shape: [100, 1, 32, 32], values: [Float](repeating: 0.5, count: 102_400)))
        let made = builder.node("Conv", [image, weight], [("kernel_shape", .integers([32, 32]))])
        builder.output(made, name: "boxes", axes: [.open("N"), .fixed(100), .fixed(33), .fixed(33)])
        let model = builder.model(producer: "tests", version: "1", description: "")
        let quantised = try model.quantised(
            model.quantisableConvolutions, ranges: ["image": ActivationRange(low: 0, high: 1)])
        #expect(try model.bytes().count > 409_600 && quantised.bytes().count < 105_000)
    }
}
