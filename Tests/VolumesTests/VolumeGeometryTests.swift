import Testing
import Volumes

@Suite struct VolumeGeometryTests {
    @Test func voxelsAndPointsAreEachOthersInverse() {
        let geometry = VolumeGeometry(
            width: 20, height: 30, depth: 40, origin: SIMD3(-100, 50, 7), columnStep: SIMD3(0.6, 0.1, 0), rowStep: SIMD3(-0.1, 0.7, 0.2),
            sliceStep: SIMD3(0.05, -0.2, 1.25))
        for voxel in [SIMD3<Double>(0, 0, 0), SIMD3(3, 7.5, 11), SIMD3(-4, 100, 2.25)] {
            let back = geometry.voxel(ofPoint: geometry.point(ofVoxel: voxel))
            #expect(abs(back - voxel).max() < 1e-9)
        }
    }
}

func abs(_ vector: SIMD3<Double>) -> SIMD3<Double> { SIMD3(Swift.abs(vector.x), Swift.abs(vector.y), Swift.abs(vector.z)) }
