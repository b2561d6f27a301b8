import Foundation
import Volumes

/// A nodule that was outlined, and what can be measured of it. A value for others to show, write and compare.
public struct Nodule: Hashable, Sendable, Codable {
    public enum Third: String, Hashable, Sendable, Codable, CaseIterable { case upper, middle, lower }

    /// The mean of its voxels, millimetres LPS.
    public var centre: SIMD3<Double>
    /// Millimetres, on the axial slice of its largest area, to 0.1.
    public var longAxis: Double
    public var shortAxis: Double
    /// Mean of the two axes as they are told, to 0.1 (Lung-RADS 2022).
    public var meanDiameter: Double
    /// Cubic millimetres.
    public var volume: Double
    /// Of a ball of the volume, to 0.1.
    public var equivalentDiameter: Double
    /// Where its mean diameter was measured.
    public var slicePlace: SlicePlace?
    public var kind: NoduleDensity.Kind?
    /// Mean Hounsfield units of its inner voxels.
    public var meanDensity: Double?
    /// Of the solid part of a part-solid one.
    public var solidMeanDiameter: Double?
    public var solidVolume: Double?
    public var side: LungSide?
    /// By the height of its own lung.
    public var third: Third?
    /// Millimetres from its nearest voxel to the pleura, 0 where it touches, to 0.1.
    public var pleuraDistance: Double?
    /// A network's score, 0 to 1.
    public var score: Double?
    /// What limits the measurement, a sentence each.
    public var remarks: [String] = []

    private enum CodingKeys: String, CodingKey {
        case centre, volume, kind, side, third, score, remarks
        case longAxis = "long_axis"
        case shortAxis = "short_axis"
        case meanDiameter = "mean_diameter"
        case equivalentDiameter = "equivalent_diameter"
        case slicePlace = "slice_place"
        case meanDensity = "mean_density"
        case solidMeanDiameter = "solid_mean_diameter"
        case solidVolume = "solid_volume"
        case pleuraDistance = "pleura_distance"
    }

    /// Measures a mask.
    /// - Parameters:
    ///   - mask: On axial slices; all that is not 0 is the nodule.
    ///   - volume: The scan on the same voxels, for density and places on slices.
    ///   - place: For side, third and pleura.
    /// - Returns: `nil` of an empty mask.
    public init?(_ mask: VolumeMask, in volume: Volume? = nil, place: LungPlace? = nil) {
        guard let axes = NoduleAxes(mask) else { return nil }
        let geometry = mask.geometry
        var sum = SIMD3<Double>.zero
        var count = 0
        for slice in 0..<geometry.depth {
            for row in 0..<geometry.height {
                for column in 0..<geometry.width where mask[column, row, slice] != 0 {
                    sum += SIMD3(Double(column), Double(row), Double(slice))
                    count += 1
                }
            }
        }
        let middle = sum / Double(count)
        centre = geometry.point(ofVoxel: middle)
        (longAxis, shortAxis) = (Self.tenth(axes.long), Self.tenth(axes.short))
        meanDiameter = Self.tenth((longAxis + shortAxis) / 2)
        self.volume = Double(count) * geometry.voxelVolume
        equivalentDiameter = Self.tenth(cbrt(self.volume * 6 / .pi))
        slicePlace = volume?.slicePlace(of: geometry.point(ofVoxel: SIMD3(middle.x, middle.y, Double(axes.slice))))
        if let volume, volume.geometry == geometry, let density = NoduleDensity(mask, in: volume) {
            kind = density.kind
            meanDensity = density.mean.rounded()
            solidMeanDiameter = density.solidAxes.map { Self.tenth($0.mean) }
            solidVolume = density.solidVolume
        }
        if let place {
            side = place.side(of: centre)
            third = place.third(of: centre)
            pleuraDistance = place.pleuraDistance(of: mask).map(Self.tenth)
        }
        remarks = Self.remarks(axes, geometry, volume)
    }

    private static func tenth(_ value: Double) -> Double { (value * 10).rounded() / 10 }

    private static func remarks(_ axes: NoduleAxes, _ geometry: VolumeGeometry, _ volume: Volume?) -> [String] {
        var remarks: [String] = []
        if geometry.spacing.z > axes.short / 3 { remarks.append("fewer than four slices show it: volume and diameter are rough") }
        if let thickness = volume?.record.thickness, thickness > 1.5 {
            remarks.append("slices of \(String(format: "%.1f", thickness)) mm; guidelines ask for 1.5 mm or less")
        }
        return remarks
    }
}
