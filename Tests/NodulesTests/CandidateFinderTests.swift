import Foundation
import Nodules
import Testing
import VolumePhantoms
import Volumes

@Suite struct CandidateFinderTests {
    /// Nine in ten of the drawn solid nodules of 5 mm and more have a candidate within their radius, and candidates are at most 800.
    @Test func drawnNodulesAreAmongTheCandidates() throws {
        let settings = VolumePhantomSettings(matrix: 384, sliceSpacing: 1.5, nodules: 6)
        var (drawn, hits) = (0, 0)
        for index in 0..<3 {
            let phantom = try VolumePhantomGenerator(seed: 40, settings: settings).phantom(index)
            let candidates = try CandidateFinder().candidates(in: Lungs(phantom.volume))
            #expect(candidates.count <= 800 && candidates.count >= 100)
            #expect(zip(candidates.dropFirst(), candidates).allSatisfy { $0.strength <= $1.strength })
            #expect(candidates.map(\.number) == Array(1...candidates.count))
            for nodule in phantom.nodules where nodule.diameter >= 5 && nodule.kind == .solid {
                drawn += 1
                guard let found = candidates.first(where: { distance($0.centre, nodule.centre) <= nodule.diameter / 2 }) else { continue }
                hits += 1
                #expect(found.side == (nodule.centre.x < 0 ? .right : .left))
            }
        }
        #expect(drawn >= 5 && hits * 10 >= drawn * 9, "\(hits) of \(drawn)")
    }

    /// A ball is found at its centre, with its size.
    @Test(arguments: [6.0, 10, 16, 24]) func aBallIsFoundAtItsCentre(diameter: Double) throws {
        let phantom = try VolumePhantomGenerator(seed: 3, settings: VolumePhantomSettings(matrix: 192, sliceSpacing: 2, nodules: 0))
            .phantom(0)
        var volume = phantom.volume
        // In the left lung, away from the hilum.
        let centre = SIMD3(95.0, 10, 10)
        for slice in 0..<volume.geometry.depth {
            for row in 0..<volume.geometry.height {
                for column in 0..<volume.geometry.width {
                    let away = distance(volume.geometry.point(ofVoxel: SIMD3(Double(column), Double(row), Double(slice))), centre)
                    let index = (slice * volume.geometry.height + row) * volume.geometry.width + column
                    // Nothing else in the ball's surroundings.
                    if away < diameter + 6 { volume.values[index] = away <= diameter / 2 ? 40 : -860 }
                }
            }
        }
        let found = try CandidateFinder().candidates(in: Lungs(volume))
        let nearest = try #require(found.first { distance($0.centre, centre) < diameter / 2 })
        #expect(distance(nearest.centre, centre) <= 2)
        #expect(nearest.radius > diameter / 2 / 1.7 && nearest.radius < diameter / 2 * 1.7, "radius \(nearest.radius)")
        #expect(nearest.number <= 40, "number \(nearest.number)")
    }
}

func distance(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double { ((a - b) * (a - b)).sum().squareRoot() }
