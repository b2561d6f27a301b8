/// How a cube is turned before a network sees it: mirrored along any axis, and turned by a right angle in the axial plane. Slices stay slices, since
/// a scan is blurred otherwise along z.
public struct CubeOrientation: Hashable, Sendable {
    public var mirrorsX: Bool
    public var mirrorsY: Bool
    public var mirrorsZ: Bool
    /// Columns become rows.
    public var turns: Bool

    public init(mirrorsX: Bool = false, mirrorsY: Bool = false, mirrorsZ: Bool = false, turns: Bool = false) {
        (self.mirrorsX, self.mirrorsY, self.mirrorsZ, self.turns) = (mirrorsX, mirrorsY, mirrorsZ, turns)
    }

    /// - Parameter number: 0 to 15; 0 changes nothing, 0 to 7 are mirror images.
    public init(number: Int) {
        self.init(
            mirrorsX: number & 1 != 0, mirrorsY: number & 2 != 0, mirrorsZ: number & 4 != 0, turns: number & 8 != 0)
    }

    public static let count = 16

    /// - Parameter cube: [side, side, side].
    public func turned<Value>(_ cube: [Value], side: Int) -> [Value] {
        guard self != CubeOrientation() else { return cube }
        var turnedCube: [Value] = []
        turnedCube.reserveCapacity(cube.count)
        for z in 0..<side {
            let fromZ = mirrorsZ ? side - 1 - z : z
            for y in 0..<side {
                let fromY = mirrorsY ? side - 1 - y : y
                for x in 0..<side {
                    let fromX = mirrorsX ? side - 1 - x : x
                    turnedCube.append(cube[(fromZ * side + (turns ? fromX : fromY)) * side + (turns ? fromY : fromX)])
                }
            }
        }
        return turnedCube
    }
}
