/// COCO's sizes of truth boxes, by their area in square pixels; both ends belong to a range.
enum AreaRange: Int, CaseIterable, Sendable {
    case all
    /// Up to 32 x 32 pixels.
    case small
    /// 32 x 32 to 96 x 96 pixels.
    case medium
    case large

    func contains(_ area: Double) -> Bool {
        switch self {
        case .all: area >= 0 && area <= 1e10
        case .small: area >= 0 && area <= 1024
        case .medium: area >= 1024 && area <= 9216
        case .large: area >= 9216 && area <= 1e10
        }
    }

    /// One bit a range: those the area lies in.
    static func bits(_ area: Double) -> UInt8 {
        allCases.reduce(0) { $0 | ($1.contains(area) ? $1.bit : 0) }
    }

    var bit: UInt8 { 1 << UInt8(rawValue) }
}
