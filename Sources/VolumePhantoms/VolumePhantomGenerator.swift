import Basics
import CVolumes
import Foundation
import Volumes

/// Draws CT scans of chests of persons who never were, with nodules whose place, size and kind are known. Scan n of a seed is always the
/// same.
///
/// Lungs of -860 HU with an irregular texture, arteries, veins and airways that branch by Murray's law, pleura, ribs, spine, heart. A
/// nodule is a
/// ball with ripples: solid, part-solid or of ground glass; many hang on vessels or on the pleura. What a voxel holds is found by points
/// inside it along the slice profile, then blurred by the scanner's point spread, then noise is added (virtual nodules made so were not
/// told
/// from real ones by readers: Eur Radiol 2007, 10.1007/s00330-006-0254-x).
public struct VolumePhantomGenerator: Sendable {
    public var seed: UInt64
    public var settings: VolumePhantomSettings
    /// Diameters that are drawn, millimetres.
    public var diameters: ClosedRange<Double> = 4...24

    public init(seed: UInt64 = 1, settings: VolumePhantomSettings = VolumePhantomSettings()) {
        (self.seed, self.settings) = (seed, settings)
    }

    /// - Parameter index: From 0.
    /// - Throws: `VolumeError` without memory.
    public func phantom(_ index: Int) throws -> VolumePhantom {
        var random = SeededGenerator(seed: seed, stream: 0xC7 &+ UInt64(truncatingIfNeeded: index) &* 2)
        let thorax = ThoraxShape(&random)
        let texture = LungTexture(deviation: 38, &random)
        let (vessels, airways) = Self.trees(thorax, &random)
        let plans = NodulePlan.plans(settings.nodules, diameters: diameters, thorax, vessels, &random)
        let pixel = settings.fieldOfView / Double(settings.matrix)
        let depth = max(4, Int((Double(thorax.extent.upperBound - thorax.extent.lowerBound) / settings.sliceSpacing).rounded(.down)) + 1)
        let start = -settings.fieldOfView / 2 + pixel / 2
        let geometry = VolumeGeometry(
            width: settings.matrix, height: settings.matrix, depth: depth,
            origin: SIMD3(start, start, Double(thorax.extent.lowerBound)), columnStep: SIMD3(pixel, 0, 0), rowStep: SIMD3(0, pixel, 0),
            sliceStep: SIMD3(0, 0, settings.sliceSpacing))
        var canvas = VolumeCanvas(geometry, thickness: settings.thickness)
        canvas.drawThorax(thorax, texture)
        var nodules: [PhantomNodule] = []
        for plan in plans { canvas.draw(plan, number: nodules.count + 1, thorax, into: &nodules) }
        for tree in vessels { canvas.draw(tree, value: 40) }
        for tree in airways { canvas.drawAirway(tree) }
        let values = try canvas.finished(blur: settings.blur, noise: settings.noise, seed: random.next())
        return VolumePhantom(
            geometry: geometry, values: values, nodules: nodules, noduleMask: canvas.nodules, lungMask: canvas.lungs,
            thickness: settings.thickness)
    }

    /// An artery and a vein of either lung, and the airways.
    private static func trees(_ thorax: ThoraxShape, _ random: inout SeededGenerator) -> (vessels: [VesselTree], airways: [VesselTree]) {
        var vessels: [VesselTree] = []
        var airways: [VesselTree] = []
        for side in 0...1 {
            let hilum = thorax.hilum(side)
            for (rise, radius) in [(Float(8), Float(6.5)), (-8, 6)] {
                let start = hilum + SIMD3(0, rise / 2, rise)
                let tissue = VesselTree.tissue(1_500, thorax, side: side, &random)
                vessels.append(VesselTree(from: start, to: tissue, radius: radius, thinnest: 0.4, &random))
            }
            let tissue = VesselTree.tissue(200, thorax, side: side, &random)
            var airway = VesselTree(from: hilum + SIMD3(0, 4, 0), to: tissue, radius: 5.5, thinnest: 1.3, &random)
            airway.lead(from: SIMD3(0, 8, thorax.carina), to: hilum + SIMD3(0, 4, 0), radius: 6)
            airways.append(airway)
        }
        var trachea = VesselTree(segments: [])
        trachea.lead(from: SIMD3(0, 8, thorax.extent.upperBound + 20), to: SIMD3(0, 8, thorax.carina), radius: 8.5)
        return (vessels, [trachea] + airways)
    }
}
