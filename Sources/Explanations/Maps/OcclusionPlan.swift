import Geometry

/// Which windows are hidden, one a run: small ones that overlap inside twice each finding's box, large ones side by side elsewhere.
public struct OcclusionPlan: Hashable, Sendable {
    /// Sizes at an input of 320 pixels, and how many runs a finding may cost.
    public struct Settings: Hashable, Sendable {
        /// Side and stride near the box.
        public var window = 48.0
        public var stride = 16.0
        /// The same for boxes with a shorter side below `smallBox`.
        public var smallWindow = 24.0
        public var smallStride = 8.0
        public var smallBox = 64.0
        /// Side and stride elsewhere.
        public var farWindow = 64.0
        /// At most so many small windows a finding; the strides of larger boxes grow until they are no more.
        public var mostNear = 81

        public init() {}
    }

    /// A rectangle of whole plane pixels, ends left out.
    public struct Window: Hashable, Sendable {
        public var left, top, right, bottom: Int
    }

    /// What one finding's map is made of: numbers of windows.
    public struct Share: Hashable, Sendable {
        /// Small windows, each with the half that it belongs to: neighbours are of different halves, as on a chessboard.
        public var near: [(window: Int, half: Int)]
        /// The stride of the small windows in plane pixels.
        public var stride: Double

        public static func == (left: Share, right: Share) -> Bool {
            left.stride == right.stride && left.near.elementsEqual(right.near) { $0 == $1 }
        }

        public func hash(into hasher: inout Hasher) { for next in near { hasher.combine(next.window) } }
    }

    public private(set) var windows: [Window] = []
    /// Windows that every finding's map uses where it has no small ones.
    public private(set) var far: [Int] = []
    /// One a target.
    public private(set) var shares: [Share] = []

    /// - Parameter boxes: One a target, in plane pixels.
    public init(boxes: [Box], plane: ImagePlane, settings: Settings = Settings()) {
        var known: [Window: Int] = [:]
        var all: [Window] = []
        func number(_ window: Window) -> Int {
            if let number = known[window] { return number }
            known[window] = all.count
            all.append(window)
            return all.count - 1
        }
        func span(_ centre: Double, _ size: Double, _ limit: Int) -> (Double, Double) {
            (max(0, centre - size / 2), min(Double(limit), centre + size / 2))
        }
        var shares: [Share] = []
        for box in boxes {
            let isSmall = min(box.width, box.height) < plane.scaled(settings.smallBox)
            let window = plane.scaled(isSmall ? settings.smallWindow : settings.window)
            var stride = plane.scaled(isSmall ? settings.smallStride : settings.stride)
            // Some windows at least beside the box, however small it is.
            let (left, right) = span(box.centerX, max(2 * box.width, window + 4 * stride), plane.width)
            let (top, bottom) = span(box.centerY, max(2 * box.height, window + 4 * stride), plane.height)
            func count(_ length: Double) -> Int { max(1, Int(((length - window) / stride).rounded(.up)) + 1) }
            while count(right - left) * count(bottom - top) > max(1, settings.mostNear) { stride *= 1.05 }
            func starts(_ low: Double, _ high: Double) -> [Double] {
                let number = count(high - low)
                guard number > 1 else { return [max(0, (low + high - window) / 2)] }
                return (0..<number).map { low + (high - low - window) * Double($0) / Double(number - 1) }
            }
            let (columns, rows) = (starts(left, right), starts(top, bottom))
            var near: [(window: Int, half: Int)] = []
            for (row, y) in rows.enumerated() {
                for (column, x) in columns.enumerated() {
                    let place = Window(
                        left: Int(x.rounded()), top: Int(y.rounded()), right: min(plane.width, Int((x + window).rounded())),
                        bottom: min(plane.height, Int((y + window).rounded())))
                    near.append((number(place), (row + column) % 2))
                }
            }
            shares.append(Share(near: near, stride: stride))
        }
        self.shares = shares
        func edges(_ length: Int) -> [Int] {
            let parts = max(1, Int((Double(length) / plane.scaled(settings.farWindow)).rounded()))
            return (0...parts).map { length * $0 / parts }
        }
        let (columns, rows) = (edges(plane.width), edges(plane.height))
        for (top, bottom) in zip(rows, rows.dropFirst()) {
            for (left, right) in zip(columns, columns.dropFirst()) where left < right && top < bottom {
                far.append(number(Window(left: left, top: top, right: right, bottom: bottom)))
            }
        }
        windows = all
    }

    /// One mask: everything is visible but one window.
    func mask(_ number: Int, plane: ImagePlane) -> [Float] {
        var visible = [Float](repeating: 1, count: plane.count)
        let window = windows[number]
        for row in window.top..<window.bottom {
            for column in window.left..<window.right { visible[row * plane.width + column] = 0 }
        }
        return visible
    }
}
