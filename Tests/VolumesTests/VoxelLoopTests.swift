import Basics
import CVolumes
import Foundation
import Testing

/// The loops in C against the slowest way of saying the same.
@Suite struct VoxelLoopTests {
    private let size = CVSize(width: 13, height: 9, depth: 11)
    private var count: Int { size.width * size.height * size.depth }
    private static func place(_ at: Int) -> SIMD3<Double> { SIMD3<Double>(Double(at % 13), Double(at / 13 % 9), Double(at / 117)) }
    private func index(_ x: Int, _ y: Int, _ z: Int) -> Int { (z * size.height + y) * size.width + x }

    private func mask(_ share: Double, seed: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in random.uniform() < share ? 1 : 0 }
    }

    @Test func aGaussianIsItsSum() {
        var random = SeededGenerator(seed: 1)
        let source = (0..<count).map { _ in Int16(random.uniform(-1100...400)) }
        let sigma = [1.3, 0.8, 1.9]
        var found = [Float](repeating: 0, count: count)
        #expect(cv_gaussian(source, size, -1000, 200, sigma, &found, 3))
        let weights = sigma.map { sigma -> [Double] in
            let reach = Int(4 * sigma + 0.5)
            let all = (-reach...reach).map { exp(-0.5 * Double($0 * $0) / (sigma * sigma)) }
            return all.map { $0 / all.reduce(0, +) }
        }
        let reaches = weights.map { $0.count / 2 }
        for z in stride(from: 0, to: size.depth, by: 2) {
            for y in stride(from: 0, to: size.height, by: 2) {
                for x in stride(from: 0, to: size.width, by: 2) {
                    var sum = 0.0
                    for k in -reaches[2]...reaches[2] {
                        for j in -reaches[1]...reaches[1] {
                            for i in -reaches[0]...reaches[0] {
                                let at = index(
                                    min(max(x + i, 0), size.width - 1), min(max(y + j, 0), size.height - 1),
                                    min(max(z + k, 0), size.depth - 1))
                                let weight = weights[0][i + reaches[0]] * weights[1][j + reaches[1]] * weights[2][k + reaches[2]]
                                sum += weight * Double(min(200, max(-1000, source[at])))
                            }
                        }
                    }
                    #expect(abs(Double(found[index(x, y, z)]) - sum) < 1e-3 * max(1, abs(sum)))
                }
            }
        }
    }

    @Test func aDistanceIsThatToTheNearest() {
        let mask = mask(0.02, seed: 2)
        let spacing = [0.7, 1.1, 2.5]
        var squared = [Float](repeating: 0, count: count)
        #expect(cv_distance(mask, size, spacing, 1e12, &squared, 2))
        let steps = SIMD3<Double>(spacing[0], spacing[1], spacing[2])
        let ones: [SIMD3<Double>] = (0..<count).filter { mask[$0] != 0 }.map(Self.place)
        for at in 0..<count {
            let place = Self.place(at)
            var nearest = 1e12
            for one in ones {
                let way = (one - place) * steps
                nearest = min(nearest, (way * way).sum())
            }
            #expect(abs(Double(squared[at]) - nearest) < 1e-3 * max(1, nearest))
        }
        // Nothing to be near to.
        #expect(cv_distance([UInt8](repeating: 0, count: count), size, spacing, 1e12, &squared, 1))
        #expect(squared.allSatisfy { $0 == 1e12 })
    }

    @Test(arguments: [0.1, 0.3, 0.5, 0.9]) func piecesHangTogether(share: Double) {
        let mask = mask(share, seed: 3)
        var labels = [UInt32](repeating: 9, count: count)
        let found = cv_label(mask, size, &labels)
        // Walks from every voxel that has not been reached.
        var wanted = [UInt32](repeating: 0, count: count)
        var pieces: UInt32 = 0
        for start in 0..<count where mask[start] != 0 && wanted[start] == 0 {
            pieces += 1
            var open = [start]
            wanted[start] = pieces
            while let at = open.popLast() {
                let (x, y, z) = (at % 13, at / 13 % 9, at / 117)
                for (i, j, k) in [(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)] {
                    guard (0..<13).contains(x + i), (0..<9).contains(y + j), (0..<11).contains(z + k) else { continue }
                    let next = index(x + i, y + j, z + k)
                    if mask[next] != 0, wanted[next] == 0 {
                        wanted[next] = pieces
                        open.append(next)
                    }
                }
            }
        }
        #expect(found == Int64(pieces) && labels == wanted)
        var described = [CVPiece](repeating: CVPiece(), count: Int(found))
        cv_pieces(labels, size, nil, &described, described.count)
        for number in 1...pieces { #expect(Int(described[Int(number) - 1].voxels) == wanted.filter { $0 == number }.count) }
    }

    /// A plane's values stay those of the plane, wherever it is looked up; a mean over a voxel of a plane is the plane's, too.
    @Test func resamplingKeepsAPlane() {
        func value(_ x: Double, _ y: Double, _ z: Double) -> Double { 20 * x - 31 * y + 12 * z }
        let source = (0..<count).map { at -> Int16 in
            let place = Self.place(at)
            return Int16(value(place.x, place.y, place.z))
        }
        let target = CVSize(width: 5, height: 5, depth: 5)
        let maps: [[Double]] = [
            [0.7, 0, 0, 2, 0, 0.6, 0, 2, 0, 0, 1, 3], [1.7, 0, 0, 2, 0, 1.3, 0, 2, 0, 0, 1.7, 2],
            [-1.5, 0, 0, 10, 0, -0.5, 0, 6, 0, 0, 1, 2],
            [0.6, 0.3, 0, 3, -0.3, 0.6, 0.1, 3, 0, 0.1, 0.9, 3],
        ]
        for map in maps {
            var found = [Int16](repeating: 0, count: 125)
            #expect(cv_resample(source, size, map, [2, 2, 2], -1000, &found, target, 2))
            for at in 0..<125 {
                let (x, y, z) = (Double(at % 5), Double(at / 5 % 5), Double(at / 25))
                var place = [0.0, 0, 0]
                for row in 0..<3 {
                    let (a, b, c, d) = (map[4 * row], map[4 * row + 1], map[4 * row + 2], map[4 * row + 3])
                    place[row] = a * x + b * y + c * z + d
                }
                #expect(abs(Double(found[at]) - value(place[0], place[1], place[2])) <= 1, "\(map) \(at)")
            }
        }
        var outside = [Int16](repeating: 0, count: 125)
        #expect(cv_resample(source, size, [1, 0, 0, 50, 0, 1, 0, 0, 0, 0, 1, 0], [1, 1, 1], -1000, &outside, target, 1))
        #expect(outside.allSatisfy { $0 == -1000 })
    }

    /// Dot strength against eigenvalues by Jacobi's rotations.
    @Test func dotStrengthIsThatOfTheEigenvalues() {
        var random = SeededGenerator(seed: 8)
        var smooth = (0..<count).map { _ in Float(random.uniform(-1...1)) }
        _ = cv_gaussian_float(&smooth, size, [1, 1, 1], 1)
        var best = [Float](repeating: 0, count: count)
        var numbers = [UInt8](repeating: 0, count: count)
        cv_dot_strength(smooth, size, [UInt8](repeating: 1, count: count), 2, 5, &best, &numbers, 2)
        var dots = 0
        for z in 1..<10 {
            for y in 1..<8 {
                for x in 1..<12 {
                    func f(_ i: Int, _ j: Int, _ k: Int) -> Double { Double(smooth[index(x + i, y + j, z + k)]) }
                    let xx = f(1, 0, 0) - 2 * f(0, 0, 0) + f(-1, 0, 0), yy = f(0, 1, 0) - 2 * f(0, 0, 0) + f(0, -1, 0)
                    let zz = f(0, 0, 1) - 2 * f(0, 0, 0) + f(0, 0, -1)
                    let xy = (f(1, 1, 0) - f(-1, 1, 0) - f(1, -1, 0) + f(-1, -1, 0)) / 4
                    let xz = (f(1, 0, 1) - f(-1, 0, 1) - f(1, 0, -1) + f(-1, 0, -1)) / 4
                    let yz = (f(0, 1, 1) - f(0, -1, 1) - f(0, 1, -1) + f(0, -1, -1)) / 4
                    let values = Self.eigenvalues([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
                    let wanted = values[2] < 0 ? 2 * values[2] * values[2] / abs(values[0]) : 0
                    #expect(abs(Double(best[index(x, y, z)]) - wanted) < 1e-4)
                    dots += wanted > 0 ? 1 : 0
                }
            }
        }
        #expect(dots > 10 && best[0] == 0)
    }

    /// Rising.
    private static func eigenvalues(_ matrix: [[Double]]) -> [Double] {
        var a = matrix
        for _ in 0..<60 {
            for (p, q) in [(0, 1), (0, 2), (1, 2)] where abs(a[p][q]) > 1e-15 {
                let angle = 0.5 * atan2(2 * a[p][q], a[q][q] - a[p][p])
                let (c, s) = (cos(angle), sin(angle))
                var rotation = [[1.0, 0, 0], [0, 1, 0], [0, 0, 1]]
                (rotation[p][p], rotation[q][q], rotation[p][q], rotation[q][p]) = (c, c, s, -s)
                a = product(product(transposed(rotation), a), rotation)
            }
        }
        return (0..<3).map { a[$0][$0] }.sorted()
    }

    private static func product(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
        var result = [[0.0, 0, 0], [0, 0, 0], [0, 0, 0]]
        for i in 0..<3 { for j in 0..<3 { for k in 0..<3 { result[i][j] += a[i][k] * b[k][j] } } }
        return result
    }
    private static func transposed(_ a: [[Double]]) -> [[Double]] { (0..<3).map { i in [a[0][i], a[1][i], a[2][i]] } }

    @Test func enclosedAirIsCounted() {
        // A ring of tissue around nine voxels of air, in a slice of air.
        var slice = [Int16](repeating: -1000, count: 11 * 11)
        for row in 3...7 { for column in 3...7 where row == 3 || row == 7 || column == 3 || column == 7 { slice[row * 11 + column] = 40 } }
        var room = [UInt8](repeating: 0, count: slice.count)
        var stack = [UInt32](repeating: 0, count: slice.count)
        #expect(cv_enclosed(slice, 11, 11, -320, &room, &stack) == 9)
        slice[3 * 11 + 5] = -1000
        #expect(cv_enclosed(slice, 11, 11, -320, &room, &stack) == 0)
    }
}
