import Testing
import Volumes

/// Planes as a reader sees them, against the place of every voxel: however a series was acquired, the same point of the patient has the same value.
@Suite struct PatientPlanesTests {
    private typealias Vector = SIMD3<Double>

    /// Volumes whose values are all different, acquired in several ways.
    private static let volumes: [(name: String, volume: Volume)] = [
        ("axial, from the feet", Vector(0.7, 0, 0), Vector(0, 0.7, 0), Vector(0, 0, 2)),
        ("axial, from the head", Vector(0.7, 0, 0), Vector(0, 0.7, 0), Vector(0, 0, -2)),
        ("prone", Vector(-0.7, 0, 0), Vector(0, -0.7, 0), Vector(0, 0, 2)),
        ("coronal", Vector(1, 0, 0), Vector(0, 0, -1), Vector(0, 3, 0)),
        ("sagittal", Vector(0, 1, 0), Vector(0, 0, -1), Vector(2.5, 0, 0)),
        ("oblique", Vector(0.9, 0.3, 0.1), Vector(-0.3, 0.9, 0.2), Vector(-0.1, -0.4, 1.8)),
        // Two of the volume's axes come nearest to the same axis of the patient.
        ("nearly diagonal", Vector(0.72, 0.69, 0), Vector(-0.70, 0.72, 0), Vector(0, 0, 1)),
    ].map { name, column, row, slice in
        let geometry = VolumeGeometry(
            width: 7, height: 5, depth: 4, origin: Vector(-11, 23, 140), columnStep: column, rowStep: row, sliceStep: slice)
        return (name, Volume(geometry: geometry, values: (0..<140).map { Int16($0) }))
    }

    @Test func everyPlaneHasTheVoxelsOfItsPlaces() throws {
        for (name, volume) in Self.volumes {
            let planes = PatientPlanes(volume)
            #expect(planes.size.reduce(1, *) == 140, "\(name)")
            for plane in PatientPlane.allCases {
                let (columns, rows) = planes.size(of: plane)
                for index in 0..<planes.count(of: plane) {
                    let values = planes.values(plane, index: index)
                    try #require(values.count == columns * rows)
                    for row in 0..<rows {
                        for column in 0..<columns {
                            let voxel: [Double]
                            switch plane {
                            case .axial: voxel = [Double(column), Double(row), Double(index)]
                            case .coronal: voxel = [Double(column), Double(index), Double(row)]
                            case .sagittal: voxel = [Double(index), Double(column), Double(row)]
                            }
                            let point = planes.origin + planes.steps[0] * voxel[0] + planes.steps[1] * voxel[1] + planes.steps[2] * voxel[2]
                            let own = volume.geometry.voxel(ofPoint: point)
                            let expected = volume[Int(own.x.rounded()), Int(own.y.rounded()), Int(own.z.rounded())]
                            #expect(values[row * columns + column] == expected, "\(name) \(plane) \(voxel)")
                        }
                    }
                }
            }
        }
    }

    /// Along x one goes to the patient's left, along y to the back, along z to the feet.
    @Test func axesRunAsAReaderExpects() {
        for (name, volume) in Self.volumes {
            let steps = PatientPlanes(volume).steps
            #expect(steps[0].x > 0 && steps[1].y > 0 && steps[2].z < 0, "\(name) \(steps)")
            for axis in 0..<3 {
                #expect(abs(PatientPlanes(volume).spacing[axis] - (steps[axis] * steps[axis]).sum().squareRoot()) < 1e-12)
            }
        }
    }

    @Test func aSlabHasTheHighestValues() {
        for (name, volume) in Self.volumes {
            let planes = PatientPlanes(volume)
            for plane in PatientPlane.allCases {
                let spacing = planes.spacing[plane == .axial ? 2 : plane == .coronal ? 1 : 0]
                let count = planes.count(of: plane)
                for index in 0..<count {
                    // Two voxels on either side.
                    let slab = planes.values(plane, index: index, slab: 4 * spacing)
                    let layers = (max(0, index - 2)...min(count - 1, index + 2)).map { planes.values(plane, index: $0) }
                    #expect(slab == slab.indices.map { place in layers.map { $0[place] }.max() ?? 0 }, "\(name) \(plane) \(index)")
                }
            }
            #expect(planes.values(.axial, index: -3) == planes.values(.axial, index: 0))
            #expect(planes.values(.axial, index: 99) == planes.values(.axial, index: planes.size[2] - 1))
        }
    }
}
