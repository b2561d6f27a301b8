import DICOM
import Foundation
import Inference
import Models
import NoduleDetection
import NoduleReports
import Nodules
import PleuraTesting
import ScanDetection
import Testing
import VolumePhantoms
import Volumes

/// The released model on a drawn scan, and where this machine has it on the real one.
@Suite(.serialized) struct ReleasedModelTests {
    static func model() throws -> NoduleModel {
        let bundle = try ModelBundle(directory: Repository.root.appendingPathComponent("Models/luna-nodules"))
        return try NoduleModel(bundle, mask: NoduleModel.beside(bundle), settings: EngineSettings(precision: .f32))
    }

    private static func distance(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double { ((a - b) * (a - b)).sum().squareRoot() }

    @Test func nodulesOfADrawnScanAreFoundWhereTheyAre() throws {
        var generator = VolumePhantomGenerator(
            seed: 2_027, settings: VolumePhantomSettings(matrix: 320, sliceSpacing: 1.5, nodules: 4))
        generator.diameters = 9...18
        let phantom = try generator.phantom(0)
        let reading = try NoduleDetector(Self.model()).read(phantom.volume)
        let solid = phantom.nodules.filter { $0.kind == .solid }
        try #require(!solid.isEmpty)
        for truth in solid {
            let hit = try #require(
                reading.nodules.first { Self.distance($0.nodule.centre, truth.centre) < truth.diameter / 2 },
                "the \(truth.diameter) mm nodule at \(truth.centre) was not found")
            #expect(
                abs(hit.nodule.meanDiameter - truth.diameter) < 0.25 * truth.diameter, "\(hit.nodule.meanDiameter), not \(truth.diameter)")
        }
        // Every mark once, by falling score.
        let scores = reading.nodules.compactMap(\.nodule.score)
        #expect(scores == scores.sorted(by: >) && scores.count == reading.nodules.count)
        #expect(scores.allSatisfy { $0 >= reading.threshold })
        for (index, first) in reading.nodules.enumerated() {
            for second in reading.nodules.dropFirst(index + 1) {
                #expect(first.mask.value(at: second.nodule.centre) == 0, "two marks on one nodule")
            }
        }
    }

    /// Slices too thick for small nodules: what is measured as smaller is left out, and that is said.
    @Test func thickSlicesHaveNoSmallNodules() throws {
        var generator = VolumePhantomGenerator(
            seed: 2_027, settings: VolumePhantomSettings(matrix: 320, sliceSpacing: 1.5, nodules: 6))
        generator.diameters = 5...18
        var volume = try generator.phantom(0).volume
        let all = try NoduleDetector(Self.model()).read(volume)
        volume.record.smallestNodule = 10
        let large = try NoduleDetector(Self.model()).read(volume)
        #expect(all.nodules.contains { $0.nodule.meanDiameter < 10 } && !large.nodules.isEmpty)
        #expect(large.nodules.allSatisfy { $0.nodule.meanDiameter >= 10 })
        #expect(large.remarks.contains { $0.hasPrefix("slices this thick show nodules over 10 mm only") })
    }

    /// LIDC-IDRI-0001 was never learnt from. One scan, no more.
    @Test(.enabled(if: Repository.realData != nil, "the real scan is not on this machine")) func theNoduleOfARealScanComesFirst() throws {
        let folder = try #require(Repository.realData).appendingPathComponent("lidc-0001")
        let files = try Files.names(in: folder).filter { $0.hasSuffix(".dcm") }.map { folder.appendingPathComponent($0).path }
        let search = SeriesSearch(files)
        let scan = try #require(ScanBatch(detector: NoduleDetector(Self.model())).run(search.series).first)
        let nodules = try #require(scan.reading).nodules
        let truth = SIMD3(56.208, 86.343, -115.868)
        let first = try #require(nodules.first)
        #expect(Self.distance(first.nodule.centre, truth) < 23.35 / 2)
        let falseMarks = nodules.filter { Self.distance($0.nodule.centre, truth) >= 23.35 / 2 }
        print("LIDC-IDRI-0001: first \(first.nodule.meanDiameter) mm, score \(first.nodule.score ?? 0); \(falseMarks.count) false marks")
        #expect(falseMarks.count <= 4)
    }
}
