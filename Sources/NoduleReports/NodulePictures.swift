import Findings
import Foundation
import Geometry
import NoduleDetection
import Nodules
import Outputs
import Radiographs
import Reports
import Volumes

/// Three planes through a nodule, as people look at a scan: axial and coronal with the patient's right on the left, sagittal with the front on the
/// left.
public struct NodulePictures {
    /// Millimetres from edge to edge.
    public static let field = 80.0
    /// Pixels of a plane.
    static let side = 320
    /// Hounsfield units from black to white, the usual window of lungs.
    static let window = -1_350.0...150.0

    /// A PNG with the mark of drawn pictures.
    /// - Throws: `RadiographError`, `VolumeError`.
    public static func png(_ found: FoundNodule, in volume: Volume) throws -> Data {
        let score = found.nodule.score.map { " \(Rounding.text(($0 * 100).rounded(.down) / 100))" } ?? ""
        let size = "\(found.identifier)\(score), \(Rounding.text(found.nodule.meanDiameter)) mm"
        let finding = FindingClass(id: 1, name: size)
        let planes = [
            Plane(title: "axial", across: SIMD3(1, 0, 0), down: SIMD3(0, 1, 0)),
            Plane(title: "coronal", across: SIMD3(1, 0, 0), down: SIMD3(0, 0, -1)),
            Plane(title: "sagittal", across: SIMD3(0, 1, 0), down: SIMD3(0, 0, -1)),
        ]
        let tiles = try planes.map { plane in
            PictureSheet.Tile(
                pixels: try plane.pixels(of: volume, around: found.nodule.centre),
                marks: [PictureSheet.Mark(box: plane.box(of: found), findingClass: finding)], title: plane.title)
        }
        return PictureMark.marked(png: try PictureSheet(tiles: tiles, columns: 3, side: side, hasNotice: true).png())
    }

    private struct Plane {
        var title: String
        /// Unit vectors of the patient's axes: along a row, and down a column.
        var across: SIMD3<Double>
        var down: SIMD3<Double>

        func pixels(of volume: Volume, around centre: SIMD3<Double>) throws -> PixelImage {
            let (side, step) = (NodulePictures.side, NodulePictures.field / Double(NodulePictures.side))
            let half = Double(side - 1) / 2 * step
            let geometry = VolumeGeometry(
                width: side, height: side, depth: 1, origin: centre - across * half - down * half, columnStep: across * step,
                rowStep: down * step, sliceStep: across.crossed(down) * step)
            let window = NodulePictures.window
            let samples = try volume.resampled(to: geometry).values.map { value in
                UInt16((min(max((Double(value) - window.lowerBound) / (window.upperBound - window.lowerBound), 0), 1) * 255).rounded())
            }
            return PixelImage(width: side, height: side, bits: 8, samples: samples)
        }

        /// Around what the mask reaches, and a little more: a line on the edge would hide it.
        func box(of found: FoundNodule) -> Box {
            let (mask, centre) = (found.mask, found.nodule.centre)
            let (side, step) = (NodulePictures.side, NodulePictures.field / Double(NodulePictures.side))
            let geometry = mask.geometry
            var low = SIMD2(Double.infinity, Double.infinity), high = -low
            for slice in 0..<geometry.depth {
                for row in 0..<geometry.height {
                    for column in 0..<geometry.width where mask[column, row, slice] != 0 {
                        let offset = geometry.point(ofVoxel: SIMD3(Double(column), Double(row), Double(slice))) - centre
                        let place = SIMD2((offset * across).sum(), (offset * down).sum())
                        low = pointwiseMin(low, place)
                        high = pointwiseMax(high, place)
                    }
                }
            }
            guard low.x <= high.x else { return Box(x: 0, y: 0, width: 0, height: 0) }
            let (start, size) = ((low - 3) / step + Double(side) / 2, (high - low + 6) / step)
            return Box(x: start.x, y: start.y, width: size.x, height: size.y)
        }
    }
}

extension SIMD3<Double> {
    fileprivate func crossed(_ other: Self) -> Self {
        Self(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
    }
}
